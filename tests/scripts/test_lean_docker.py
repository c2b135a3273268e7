"""lean_docker.py as a process: docs/lean-docker.md, command by command, and its errors."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.lean_cli import copy_projects, empty_workspace, install_lean_cli
from tests.test_docs import ROOT, commands
from utils.engine.testing import LeanData

PAGE = ROOT / "docs" / "lean-docker.md"
SCRIPT = str(ROOT / "scripts" / "lean_docker.py")


@contextmanager
def started(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The server, and what it says to export."""
    command = [sys.executable, SCRIPT, "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().split()[-1]
        finally:
            process.kill()


def test_the_commands_of_the_page_work_in_order(tmp_path: Path) -> None:
    start, export, run = commands(PAGE)
    assert start == "python scripts/lean_docker.py"
    assert export == "export DOCKER_HOST=tcp://127.0.0.1:2375"
    workspace = empty_workspace(tmp_path / "workspace")
    copy_projects(workspace, "Library/trading", "algorithms/money_line")
    LeanData(workspace / "data").daily(
        "equity/usa/daily/spy", "2020-01-02", [100.0 + day for day in range(30)]
    )
    lean = install_lean_cli(tmp_path / "cli")
    with started() as (_, address):
        name, value = address.split("=")
        lean.environment[name] = value
        path = f"{Path(sys.executable).parent}:{lean.environment['PATH']}"
        done = subprocess.run(
            ["bash", "-c", run],
            cwd=workspace,
            env=lean.environment | {"PATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert list(workspace.glob("algorithms/money_line/backtests/*/*-summary.json"))


def test_an_interrupt_ends_the_server() -> None:
    with started() as (process, address):
        assert address.startswith("DOCKER_HOST=tcp://127.0.0.1:")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 130 and "Traceback" not in errors


def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        run = subprocess.run(
            [sys.executable, SCRIPT, "--port", port], capture_output=True, text=True, timeout=60, check=False
        )
    assert run.returncode == 1
    assert run.stderr.splitlines() == [
        f"error: 127.0.0.1:{port}: Address already in use; name another --port, or 0"
    ]
