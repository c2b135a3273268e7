"""A sweep that is killed at any moment, again and again, ends as if nothing had happened."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

ROOT = Path(__file__).parents[2]
KILLS = 50
COMBINATIONS = 3200
CHUNK_SIZE = 8

PARENT = """
import json, os, runpy, signal, sys, time

def run(arguments):
    sys.argv = arguments
    try:
        runpy.run_path(arguments[0], run_name="__main__")
    except SystemExit as end:
        return end.code

results, sys.stdout = sys.stdout, open(os.devnull, "w")
for line in sys.stdin:
    arguments, seconds = json.loads(line)
    if seconds == "here":
        print(run(arguments), file=results, flush=True)
        continue
    pid = os.fork()
    if pid == 0:
        os._exit(run(arguments))
    if seconds is not None:
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), file=results, flush=True)
"""
"""Runs scripts/sweep.py for each line: in a process of its own, killed after some seconds, or here.

What one run here has imported and compiled every later process has from its first moment, and none tidies up
when it is done: otherwise most of the time, and so most of the kills, would fall to that.
"""


class Sweeps:
    """Runs of scripts/sweep.py on one configuration."""

    def __init__(self, process: subprocess.Popen[str], config: Path) -> None:
        self._process = process
        self._config = config

    def run(self, database: Path, kill_after: float | str | None = None) -> int:
        """Exit code of a run into `database`; minus the signal that killed it."""
        assert self._process.stdin
        assert self._process.stdout
        arguments = [
            "scripts/sweep.py",
            "run",
            str(self._config),
            "--db",
            str(database),
            "--workers",
            "2",
            "--top",
            "1",
        ]
        self._process.stdin.write(json.dumps([arguments, kill_after]) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@pytest.fixture
def sweeps(tmp_path: Path) -> Iterator[Sweeps]:
    rng = np.random.default_rng(7)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.01, 400)))
    open_ = np.concatenate(([100.0], close[:-1]))
    lines = ["timestamp,open,high,low,close,volume"]
    for k in range(400):
        high, low = max(open_[k], close[k]) * 1.003, min(open_[k], close[k]) * 0.997
        stamp = np.datetime64("2024-01-01T00:00:00") + np.timedelta64(k, "h")
        lines.append(f"{stamp},{open_[k]},{high},{low},{close[k]},{rng.uniform(1, 9)}")
    bars = tmp_path / "bars.csv"
    bars.write_text("\n".join(lines) + "\n")
    config = tmp_path / "sweep.yaml"
    grid: dict[str, list[Any]] = {
        "atr_period": list(range(3, 13)),
        "multiplier": [1.0, 2.0],
        "target_atr": [0, 2],
        "stop_atr": [0, 1],
        "ma_slow": [30, 40, 50, 60],
        "adx_min": [float(value) for value in range(0, 50, 5)],
    }
    config.write_text(
        yaml.safe_dump(
            {
                "name": "killed",
                "strategy": "money_line",
                "fixed": {"ma_gap_min": -1, "volume_min": 0},
                "grid": grid,
                "data": {"path": str(bars)},
                "instrument": {"security_type": "crypto", "lot_size": 0.001, "fees": {"rate": 0.001}},
                "chunk_size": CHUNK_SIZE,
            }
        )
    )
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    yield Sweeps(process, config)
    process.kill()
    process.communicate()


def content(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in a store but timestamps and names of workers."""
    connection = sqlite3.connect(database)
    connection.row_factory = sqlite3.Row
    left_out = {"created_at", "started_at", "completed_at", "assigned_worker"}
    tables = {
        table: [
            tuple(row[name] for name in row.keys() if name not in left_out)  # noqa: SIM118 - a Row's values
            for row in connection.execute(f"SELECT * FROM {table} ORDER BY id")
        ]
        for table in ("sweeps", "chunks", "strategies")
    }
    connection.close()
    return tables


def combinations_stored(database: Path) -> int:
    if not database.exists():
        return 0
    connection = sqlite3.connect(database)
    try:
        return int(connection.execute("SELECT count(*) FROM strategies").fetchone()[0])
    except sqlite3.OperationalError:  # killed before there were tables
        return 0
    finally:
        connection.close()


def test_killed_at_fifty_random_moments(tmp_path: Path, sweeps: Sweeps) -> None:
    whole = tmp_path / "whole.db"
    assert sweeps.run(whole, "here") == 0
    whole.unlink()
    begun = time.monotonic()
    assert sweeps.run(whole) == 0
    seconds = time.monotonic() - begun
    expected = content(whole)
    assert len(expected["strategies"]) == COMBINATIONS
    assert {chunk[-1] for chunk in expected["chunks"]} == {"completed"}

    draw = random.Random(11)
    database = tmp_path / "killed.db"
    kills = in_work = finished = 0
    while kills < KILLS or not finished:
        before = combinations_stored(database)
        code = sweeps.run(database, draw.uniform(0, seconds) if kills < KILLS else None)
        assert code in (0, -signal.SIGKILL)
        if code:
            kills += 1
            in_work += before < combinations_stored(database) < COMBINATIONS
        else:
            assert content(database) == expected
            finished += 1
            if kills < KILLS:
                database.unlink()
    assert in_work >= KILLS // 4
