"""The sweep's command line where something is wrong: input, databases, signals, disks."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.scripts.sweep_command import (
    ROOT,
    BarsFile,
    SweepFile,
    done,
    failed,
    query,
    strategies,
    sweep,
)


@pytest.mark.parametrize(
    ("changes", "options", "message"),
    [
        ({}, ("--holdout", "0.5"), "settings (holdout: 0.2 before, 0.5 now)"),
        ({}, ("--from", "2023-11-05"), 'data (start: null before, "2023-11-05" now)'),
        ({"capital": {"allocation": 0.5}}, (), "settings (allocation: 0.95 before, 0.5 now)"),
        ({"grid": {"multiplier": [1.0]}}, (), "before, null now; 4 more)"),
        ({"fixed": {}}, (), "grid (ma_gap_min"),
    ],
)
def test_a_database_of_another_sweep(
    swept: tuple[Path, Path],
    sweep_file: SweepFile,
    changes: dict[str, Any],
    options: tuple[str, ...],
    message: str,
) -> None:
    _, database = swept
    before = database.read_bytes()
    assert message in failed("run", sweep_file("changed.yaml", **changes), "--db", database, *options)
    assert database.read_bytes() == before


def test_a_database_of_a_sweep_of_another_name(swept: tuple[Path, Path]) -> None:
    config, database = swept
    config.write_text(config.read_text().replace("name: small", "name: other"))
    assert "it holds the sweep small, not the sweep other" in failed("run", config, "--db", database)


def test_other_bars_or_other_code(
    swept: tuple[Path, Path], bars_file: BarsFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    config, database = swept
    other = bars_file("other.csv", seed=8)
    line = failed("run", config, "--db", database, "--data", other)
    assert "differs in data (path" in line
    monkeypatch.setattr("utils.sweep.identity.source_digest", lambda *_: "edited")
    line = failed("run", config, "--db", database)
    assert "differs in code;" in line


@pytest.mark.parametrize(
    ("changes", "options", "message"),
    [
        ({"strategy": "money_lime"}, (), "unknown strategy 'money_lime'; known: "),
        ({"grid": {"atr_periods": [5]}}, (), "unknown parameter atr_periods; known: "),
        ({"grid": {}}, (), "grid: it is empty"),
        ({"grid": {"atr_period": []}}, (), "atr_period has no values"),
        ({"grid": {"atr_period": [0]}}, (), "atr_period = 0"),
        ({"capital": {"allocation": 3}}, (), "needs a leverage of 3"),
        ({}, ("--data", "none.csv"), "none.csv: no such file"),
        ({}, ("--from", "2031-01-01"), "no bars from 2031-01-01"),
        ({}, ("--symbol", "A", "--symbol", "B"), "2 symbols for the one file"),
        ({"data": {"path": "{symbol}.csv"}}, (), "data.symbols: none to put into {symbol}.csv"),
        ({"data": {"path": "{symbol}.csv"}}, ("--symbol", "XYZ"), "XYZ.csv: no such file"),
    ],
)
def test_wrong_input_leaves_nothing_behind(
    tmp_path: Path, sweep_file: SweepFile, changes: dict[str, Any], options: tuple[str, ...], message: str
) -> None:
    config = sweep_file(**changes)
    database = tmp_path / "new" / "small.db"
    assert message in failed("run", config, "--db", database, *options)
    assert not database.parent.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["run", "a.yaml", "--workers", "0"],
        ["run", "a.yaml", "--from", "yesterday"],
        ["run", "a.yaml", "--holdout", "1.0"],
        ["run", "a.yaml", "--metric", "luck"],
        ["top"],
        ["fly"],
    ],
)
def test_bad_usage(arguments: list[str]) -> None:
    assert sweep(*arguments).exit_code == 2


@pytest.mark.parametrize("command", ["run", "status", "top", "show", "report"])
def test_help_has_examples(command: str) -> None:
    text = done(command, "--help")
    assert f"$ python scripts/sweep.py {command} " in text


def test_databases_that_cannot_be_used(tmp_path: Path, swept: tuple[Path, Path]) -> None:
    config, database = swept
    for command in ("status", "top"):
        assert "there is no such database" in failed(command, "--db", tmp_path / "none.db")
    database.chmod(0o444)
    assert "read-only" in failed("run", config, "--db", database)
    database.chmod(0o644)
    content = database.read_bytes()
    database.write_bytes(content[: len(content) // 2])
    assert "corrupt" in failed("run", config, "--db", database)
    database.write_text("no database" * 100)
    assert "not a SQLite database" in failed("run", config, "--db", database)
    assert "not a SQLite database" in failed("status", "--db", database)


def spawn(*arguments: str | Path) -> subprocess.Popen[str]:
    command = [sys.executable, "scripts/sweep.py", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def wait_for_rows(database: Path, process: subprocess.Popen[str]) -> None:
    while process.poll() is None:
        if database.exists():
            try:
                if query(database, "SELECT count(*) FROM strategies")[0][0]:
                    return
            except sqlite3.OperationalError:
                pass  # its tables are not there yet
        time.sleep(0.01)


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_by_a_signal(tmp_path: Path, sweep_file: SweepFile, signal_number: signal.Signals) -> None:
    config = sweep_file(
        chunk_size=1, grid={"atr_period": list(range(2, 1002)), "multiplier": [1.0, 2.0, 3.0]}
    )
    database = tmp_path / "stopped.db"
    process = spawn("run", config, "--db", database)
    wait_for_rows(database, process)
    process.send_signal(signal_number)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert output == ""
    assert "the same command goes on from there" in errors
    assert "Traceback" not in errors
    counts = dict(query(database, "SELECT status, COUNT(*) FROM chunks GROUP BY status"))
    assert set(counts) == {"completed", "pending"}
    assert counts["completed"] == query(database, "SELECT count(*) FROM strategies")[0][0]
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith("stopped.db")] == ["stopped.db"]


def test_stopped_within_one_long_chunk(tmp_path: Path, sweep_file: SweepFile) -> None:
    config = sweep_file(
        chunk_size=1_000_000,
        grid={"atr_period": list(range(2, 202)), "multiplier": [1.0, 2.0, 3.0], "stop_atr": list(range(100))},
    )
    database = tmp_path / "stopped.db"
    process = spawn("run", config, "--db", database)
    while process.poll() is None:
        if database.exists():
            try:
                if query(database, "SELECT count(*) FROM chunks WHERE status = 'running'")[0][0]:
                    break
            except sqlite3.OperationalError:
                pass  # its tables are not there yet
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=100)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert "Fatal" not in errors
    assert query(database, "SELECT status FROM chunks")[0][0] in ("pending", "completed")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("only the superuser can mount a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk(swept: tuple[Path, Path], small_disk: Path) -> None:
    config, whole = swept
    database = small_disk / "small.db"
    assert "free some space and run the same command to resume" in failed("run", config, "--db", database)
    stored = query(database, "SELECT chunk_id, count(*) FROM strategies GROUP BY chunk_id")
    completed = query(database, "SELECT id, end_combo - start_combo FROM chunks WHERE status = 'completed'")
    assert sorted(stored) == sorted(completed)
    subprocess.run(["mount", "-o", "remount,size=16m", str(small_disk)], check=True)
    done("run", config, "--db", database)
    assert strategies(database) == strategies(whole)


def test_two_at_once_do_not_do_the_work_twice(tmp_path: Path, sweep_file: SweepFile) -> None:
    config = sweep_file(chunk_size=1, grid={"atr_period": list(range(2, 1002)), "multiplier": [1.0, 2.0]})
    database = tmp_path / "both.db"
    first = spawn("run", config, "--db", database)
    try:
        wait_for_rows(database, first)
        assert f"process {first.pid} on {os.uname().nodename} is sweeping into it" in failed(
            "run", config, "--db", database
        )
        assert sweep("status", "--db", database).exit_code == 0
    finally:
        first.send_signal(signal.SIGTERM)
        first.communicate(timeout=60)
    done("run", config, "--db", database)
    assert query(database, "SELECT count(*), count(DISTINCT combo) FROM strategies") == [(2000, 2000)]
