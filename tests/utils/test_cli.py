"""Exit codes and output of every command line."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
from datetime import date
from enum import StrEnum
from pathlib import Path

import click
import numpy as np
import pytest
from click.testing import CliRunner

from utils import cli
from utils.errors import UserError


class Colour(StrEnum):
    RED = "red"


@cli.group()
def main() -> None:
    """A command line."""


@main.command()
@cli.examples("python scripts/some.py fail", "python scripts/some.py fail --json")
@cli.json_option
def fail(as_json: bool) -> None:
    """Fail as users' mistakes do."""
    raise UserError(f"bars.csv: line 3:\n  high is empty {as_json}")


@main.command()
def stop() -> None:
    """Be interrupted while there is something to go on from."""
    with cli.resumable("the same command goes on"):
        raise KeyboardInterrupt


@main.command()
def stop_plainly() -> None:
    """Be interrupted."""
    raise KeyboardInterrupt


@main.command()
def crash() -> None:
    """Have a bug."""
    raise ZeroDivisionError


@main.command()
@click.argument("value", type=int)
def works(value: int) -> None:
    """Work."""
    cli.output().print(value)


def test_a_users_mistake_is_one_line_and_exit_code_1() -> None:
    result = CliRunner().invoke(main, ["fail"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "error: bars.csv: line 3: high is empty False\n"


def test_bad_usage_is_exit_code_2() -> None:
    for arguments in (["works"], ["works", "x"], ["works", "1", "--no-such"], ["nothing"]):
        assert CliRunner().invoke(main, arguments).exit_code == 2


def test_success_is_exit_code_0() -> None:
    result = CliRunner().invoke(main, ["works", "7"])
    assert (result.exit_code, result.stdout) == (0, "7\n")


def test_an_interrupt_is_exit_code_130_and_says_how_to_go_on() -> None:
    result = CliRunner().invoke(main, ["stop"])
    assert (result.exit_code, result.stderr) == (130, "interrupted: the same command goes on\n")
    result = CliRunner().invoke(main, ["stop-plainly"])
    assert (result.exit_code, result.stderr) == (130, "interrupted\n")


def test_a_bug_is_not_hidden() -> None:
    assert isinstance(CliRunner().invoke(main, ["crash"]).exception, ZeroDivisionError)


def test_a_single_command_follows_the_same_conventions() -> None:
    @cli.command()
    def alone() -> None:
        """Fail alone."""
        raise UserError("no")

    result = CliRunner().invoke(alone)
    assert (result.exit_code, result.stderr) == (1, "error: no\n")


def test_help_shows_the_examples_as_typed() -> None:
    shown = CliRunner().invoke(main, ["fail", "--help"]).stdout
    assert "Fail as users' mistakes do." in shown
    assert "  $ python scripts/some.py fail\n" in shown
    assert "  $ python scripts/some.py fail --json\n" in shown


def test_version_is_that_of_the_package() -> None:
    shown = CliRunner().invoke(main, ["--version"])
    assert shown.exit_code == 0
    assert shown.stdout.split()[-1].count(".") == 2


def test_json_has_no_nan_and_knows_numpy(capsys: pytest.CaptureFixture[str]) -> None:
    cli.print_json(
        {
            "nan": math.nan,
            "numpy": np.float64(1.5),
            "inf": np.float32("inf"),
            "array": np.array([1.0, np.nan]),
            "path": Path("a") / "b",
            "date": date(2025, 7, 1),
            "enum": Colour.RED,
            "items": [1, (True, None)],
        }
    )
    assert json.loads(capsys.readouterr().out) == {
        "nan": None,
        "numpy": 1.5,
        "inf": None,
        "array": [1.0, None],
        "path": "a/b",
        "date": "2025-07-01",
        "enum": "red",
        "items": [1, [True, None]],
    }


LONG = """
from utils import cli

@cli.command()
def main():
    '''Print for ever.'''
    while True:
        print("line")

main()
"""


def test_a_reader_that_has_gone_ends_it_quietly(tmp_path: Path) -> None:
    script = tmp_path / "long.py"
    script.write_text(LONG)
    process = subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ
    )
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.readline() == b"line\n"
    process.stdout.close()
    assert process.wait(timeout=20) == 141
    assert process.stderr.read() == b""


def test_ctrl_c_in_a_process_is_130_without_a_traceback(tmp_path: Path) -> None:
    script = tmp_path / "long.py"
    # As at a terminal: what runs in the background, a test run too, hands on an ignored SIGINT.
    script.write_text(f"import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n{LONG}")
    process = subprocess.Popen(
        [sys.executable, script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ,
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (130, b"interrupted\n")
