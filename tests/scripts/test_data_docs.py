"""Every command of docs/data.md does what the page shows."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "data.md").read_text()
HEADER = "timestamp,open,high,low,close,volume\n"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def commands() -> list[tuple[str, str]]:
    """Each command of the page and the output shown below it."""
    shown = "".join(blocks("console"))
    return [
        (command, output) for command, output in re.findall(r"^\$ (.*)\n((?:[^$].*\n)*)", shown, re.MULTILINE)
    ]


def words(text: str) -> list[str]:
    return text.split()


def rows(step: int, count: int) -> str:
    return HEADER + "".join(f"{1_751_328_000 + step * i},10,12,9,11,{i}\n" for i in range(count))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("workspace")
    (home / "scripts").symlink_to(ROOT / "scripts")
    (home / "hours.csv").write_text(rows(3600, 100))
    (home / "five_minutes.csv").write_text(rows(300, 200))
    (home / "broken.csv").write_text(HEADER + "2025-07-01,10,12,9,11,1\n2025-07-02,10,9,12,11,1\n")
    return home


def run(workspace: Path, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=workspace,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'Library'}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_pages_commands_print_what_it_shows(workspace: Path) -> None:
    found = commands()
    assert len(found) >= 6
    for command, output in found:
        program, *arguments = shlex.split(command)
        assert program == "python"
        result = run(workspace, arguments)
        assert result.returncode == (1 if output.startswith("error:") else 0), result.stderr
        if output:
            assert words(result.stdout + result.stderr) == words(output)


def test_the_pages_python_runs(workspace: Path) -> None:
    run(workspace, ["scripts/data.py", "sample"])
    (example,) = blocks("python")
    result = run(workspace, ["-c", example + "\nprint(len(file), len(spx))"])
    assert (result.stdout, result.stderr) == ("200 2264\n", "")
