"""docs/deployment.md, command by command, against the emulator that the page itself starts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_docs import ROOT, commands

PAGE = ROOT / "docs" / "deployment.md"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    for name in ("algorithms", "Library", "config", "scripts"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "lean.json", tmp_path)
    return tmp_path


@pytest.fixture
def environment(workspace: Path) -> Iterator[dict[str, str]]:
    """The page's emulator on a free port, and the variables that the page exports, for that port."""
    lines = commands(PAGE)
    start = next(line for line in lines if "qc_emulator.py" in line)
    exported = next(line for line in lines if line.startswith("export ")).split()[1:]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = [sys.executable, *start.split()[1:], "--port", "0"]
    with subprocess.Popen(command, cwd=workspace, stdout=subprocess.PIPE, text=True) as emulator:
        try:
            assert emulator.stdout is not None
            url = emulator.stdout.readline().split()[-1]
            variables = dict(word.split("=", 1) for word in exported) | {"QC_API": url, "PATH": path}
            yield os.environ | variables
        finally:
            emulator.terminate()
            emulator.wait(timeout=20)


def test_the_commands_of_the_page_work_in_order(workspace: Path, environment: dict[str, str]) -> None:
    lines = [line for line in commands(PAGE) if line.startswith("python scripts/deploy")]
    assert len(lines) >= 4
    for line in lines:
        run = subprocess.run(
            ["bash", "-c", line],
            cwd=workspace,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert run.returncode == 0, f"$ {line}\n{run.stdout}{run.stderr}"
        if "--type live" in line:
            assert "live: Running" in run.stdout


def test_every_command_of_the_page_is_one_that_runs_here() -> None:
    known = ("python scripts/deploy_with_nodes.py ", "python scripts/qc_emulator.py ", "export ")
    assert all(line.startswith(known) for line in commands(PAGE))
