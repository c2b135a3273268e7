"""A search that is killed at any moment, again and again, ends with the trials of one that never was."""

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

import pytest
import yaml

from tests.scripts.conftest import hourly_bars
from tests.scripts.test_sweep_killed import PARENT, ROOT

KILLS = 12
TRIALS = 97

PLANS: dict[str, dict[str, Any]] = {
    "tpe": {"sampler": "tpe", "trials": 64, "folds": 3, "pruner": "median"},
    "cmaes": {"sampler": "cmaes", "trials": TRIALS},
    "qmc": {"sampler": "qmc", "trials": TRIALS},
    "nsga2": {"sampler": "nsga2", "trials": TRIALS, "objectives": ["sharpe", "max_drawdown"]},
}


@pytest.fixture
def parent() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    yield process
    process.kill()
    process.communicate()


def search_file(folder: Path, plan: dict[str, Any]) -> Path:
    (folder / "bars.csv").write_text("\n".join(hourly_bars(600, 7)) + "\n")
    path = folder / "search.yaml"
    content = {
        "name": "killed",
        "strategy": "money_line",
        "fixed": {"ma_fast": 5, "ma_slow": 20, "ma_gap_min": -1, "volume_min": 0},
        "space": {
            "atr_period": {"int": [3, 20]},
            "multiplier": {"float": [0.8, 3.0]},
            "stop_atr": {"choice": [0, 1.5, 3]},
        },
        "search": {"batch": 8, "min_trades": 3, **plan},
        "data": {"path": str(folder / "bars.csv")},
        "instrument": {"security_type": "crypto", "lot_size": 0.001, "fees": {"rate": 0.001}},
    }
    path.write_text(yaml.safe_dump(content))
    return path


def content(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in a store but timestamps."""
    left_out = {"created_at", "started_at", "completed_at"}
    connection = sqlite3.connect(database)
    connection.row_factory = sqlite3.Row
    tables = {
        table: [
            tuple(row[name] for name in row.keys() if name not in left_out)  # noqa: SIM118 - a Row's values
            for row in connection.execute(f"SELECT * FROM {table} ORDER BY rowid")
        ]
        for table in ("sweeps", "chunks", "strategies", "trials")
    }
    connection.close()
    return tables


def trials_stored(database: Path) -> int:
    connection = sqlite3.connect(database)
    try:
        return int(connection.execute("SELECT count(*) FROM trials").fetchone()[0])
    except sqlite3.OperationalError:  # killed before there were tables
        return 0
    finally:
        connection.close()


@pytest.mark.parametrize("name", PLANS)
def test_killed_at_random_moments(name: str, tmp_path: Path, parent: subprocess.Popen[str]) -> None:
    config = search_file(tmp_path, PLANS[name])

    def run(database: Path, kill_after: float | str | None = None) -> int:
        assert parent.stdin
        assert parent.stdout
        arguments = ["scripts/sweep.py", "search", str(config), "--db", str(database), "--top", "1"]
        parent.stdin.write(json.dumps([arguments, kill_after]) + "\n")
        parent.stdin.flush()
        return int(parent.stdout.readline())

    whole = tmp_path / "whole.db"
    assert run(whole, "here") == 0
    whole.unlink()
    begun = time.monotonic()
    assert run(whole) == 0
    seconds = time.monotonic() - begun
    expected = content(whole)
    assert len(expected["trials"]) == len(expected["strategies"]) == PLANS[name]["trials"]

    draw = random.Random(5)
    database = tmp_path / "killed.db"
    kills = in_work = finished = 0
    wanted = KILLS // 6  # kills while some trials are stored and some are not
    while kills < KILLS or in_work < wanted or not finished:
        more = kills < KILLS or in_work < wanted
        code = run(database, draw.uniform(0, seconds) if more else None)
        assert code in (0, -signal.SIGKILL)
        if code:
            kills += 1
            in_work += 0 < trials_stored(database) < PLANS[name]["trials"]
            assert kills < 10 * KILLS, "the search is never killed while it works"
        else:
            assert content(database) == expected
            finished += 1
            if more:
                database.unlink()
