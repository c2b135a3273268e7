"""The real LEAN CLI accepts this workspace: its lean.json, and a project that uses Library/trading."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

READ_CONFIG = """
import json
from pathlib import Path
from lean.container import container
project = Path("algorithms/probe/main.py").resolve()
config = container.lean_config_manager.get_complete_lean_config("backtesting", project, None)
library = container.library_manager.is_lean_library(Path("Library/trading").resolve())
print(json.dumps([config, library]))
"""


@pytest.fixture(scope="module")
def lean_cli(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Environment in which the CLI starts without a network: its module list beside a copy of it."""
    installed = importlib.util.find_spec("lean")
    assert installed is not None and installed.submodule_search_locations is not None
    copy = tmp_path_factory.mktemp("cli")
    shutil.copytree(installed.submodule_search_locations[0], copy / "lean")
    (copy / "lean" / "modules-1.14.json").write_text(json.dumps({"modules": []}))
    home = tmp_path_factory.mktemp("home")
    return os.environ | {"PYTHONPATH": str(copy), "HOME": str(home)}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A copy of the workspace with one project that names the library."""
    shutil.copy(ROOT / "lean.json", tmp_path)
    shutil.copytree(ROOT / "Library", tmp_path / "Library", ignore=shutil.ignore_patterns("__pycache__"))
    project = tmp_path / "algorithms" / "probe"
    project.mkdir(parents=True)
    (project / "main.py").write_text("from AlgorithmImports import *\n")
    libraries = [{"name": "trading", "path": "Library/trading"}]
    (project / "config.json").write_text(json.dumps({"algorithm-language": "Python", "libraries": libraries}))
    return tmp_path


def test_the_cli_completes_a_backtest_configuration(lean_cli: dict[str, str], workspace: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", READ_CONFIG],
        check=False,
        cwd=workspace,
        env=lean_cli,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    config, is_library = json.loads(run.stdout.splitlines()[-1])
    assert is_library
    assert config["python-additional-paths"] == ["/Library/trading", "/Library"]
    assert config["algorithm-location"] == "/LeanCLI/main.py"
    backtesting = config["environments"][config["environment"]]
    handlers = ("setup", "result", "data-feed", "real-time", "transaction")
    assert all(backtesting[f"{name}-handler"].startswith("QuantConnect.Lean.Engine.") for name in handlers)


def test_the_cli_lists_no_complaint_about_the_workspace(lean_cli: dict[str, str], workspace: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", "from lean.main import main; main()", "config", "list"],
        check=False,
        cwd=workspace,
        env=lean_cli,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "default-language" in run.stdout
