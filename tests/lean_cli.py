"""The real LEAN CLI without a network: a copy of its package, a home of its own, workspaces to run in."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).parent.parent
USER_ID, API_TOKEN = "1", "x"
TIMEOUT = 90.0
START = "from lean.main import main; main()"

_LOCAL_API = '"http://localhost:5612/api/v2/"'
_API_VARIABLE = "LEAN_CLI_LOCAL_API"
# Most commands try to fetch LEAN's symbol properties and go on when they cannot; port 9 answers nobody.
_NO_NETWORK = {"https_proxy": "http://127.0.0.1:9", "no_proxy": "127.0.0.1,localhost"}
_PAPER_TRADING = {
    "id": "QuantConnectBrokerage",
    "display-id": "Paper Trading",
    "type": ["brokerage", "data-queue-handler"],
    "platform": ["cloud", "cli"],
    "live-cash-balance-state": "optional",
    "live-holdings-state": "optional",
    "configurations": [{"id": "id", "type": "info", "value": "QuantConnectBrokerage"}],
}
_LOCAL_DATA = {
    "id": "LocalDisk",
    "display-id": "Local",
    "type": ["data-downloader", "history-provider"],
    "platform": ["cli"],
    "configurations": [
        {
            "id": "data-provider",
            "type": "info",
            "value": "QuantConnect.Lean.Engine.DataFeeds.DefaultDataProvider",
        }
    ],
}


@dataclass(frozen=True)
class LeanCli:
    """The CLI's environment: its package copied beside a list of modules, and a home with credentials."""

    environment: dict[str, str]

    def against(self, address: str) -> LeanCli:
        """The same CLI, calling the API at `address`, such as `http://127.0.0.1:5612/api/v2`."""
        local = {"QC_API": "local", _API_VARIABLE: f"{address.rstrip('/')}/"}
        return replace(self, environment=self.environment | local)

    def run(self, folder: Path, *arguments: str) -> str:
        """Run `lean ARGUMENTS` in a folder and return what it printed; it must succeed."""
        return self.python(folder, START, *arguments)

    def run_failing(self, folder: Path, *arguments: str) -> str:
        """The same of a command that must fail."""
        run = self._start(folder, START, *arguments)
        assert run.returncode != 0, run.stdout
        return run.stdout + run.stderr

    def python(self, folder: Path, program: str, *arguments: str) -> str:
        """Run a program that can import the CLI; it must succeed."""
        run = self._start(folder, program, *arguments)
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout

    def attempt(self, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The same of a command that may end either way."""
        return self._start(folder, START, *arguments)

    def _start(self, folder: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", program, *arguments],
            check=False,
            cwd=folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
        )


def install_lean_cli(folder: Path) -> LeanCli:
    """Copy the CLI of this environment into a folder, so that it starts without asking the network."""
    installed = importlib.util.find_spec("lean")
    assert installed is not None and installed.submodule_search_locations is not None
    package = folder / "package" / "lean"
    shutil.copytree(installed.submodule_search_locations[0], package)
    (package / "modules-1.14.json").write_text(json.dumps({"modules": [_LOCAL_DATA, _PAPER_TRADING]}))
    # QC_API=local means one fixed port, which tests that run side by side cannot share: this one constant of
    # the copy is read from the environment instead.
    constants = package / "constants.py"
    source = constants.read_text()
    assert source.count(_LOCAL_API) == 1
    constants.write_text(source.replace(_LOCAL_API, f'environ.get("{_API_VARIABLE}", "")'))

    home = folder / "home"
    (home / ".lean").mkdir(parents=True)
    (home / ".lean" / "credentials").write_text(json.dumps({"user-id": USER_ID, "api-token": API_TOKEN}))
    checked = {f"last-update-check-{what}": time.time() for what in ("cli", "announcements")}
    (home / ".lean" / "cache").write_text(json.dumps(checked))
    own = {"PYTHONPATH": str(package.parent), "HOME": str(home), "COLUMNS": "200"}
    return LeanCli(os.environ | own | _NO_NETWORK)


def empty_workspace(folder: Path, organization_id: str = "") -> Path:
    """A folder with this workspace's lean.json, set to an organization as `lean init` does."""
    folder.mkdir(parents=True, exist_ok=True)
    config = (ROOT / "lean.json").read_text()
    (folder / "lean.json").write_text(
        config.replace('organization-id": ""', f'organization-id": "{organization_id}"')
    )
    return folder


def copy_projects(workspace: Path, *names: str) -> None:
    """Copy projects of this workspace, such as `Library/trading`, into another."""
    for name in names:
        shutil.copytree(ROOT / name, workspace / name, ignore=shutil.ignore_patterns("__pycache__"))
