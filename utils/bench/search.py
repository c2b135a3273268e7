"""Figures of the search: 80 evaluations over 297,000 candles, from the command line to the answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from utils.data.synthetic import reference_bars

ROOT = Path(__file__).resolve().parents[2]
CONFIG = Path("config/sweeps/money_line_search.yaml")
CANDLES = 297_000

Figures = dict[str, Any]


def warm() -> Figures:
    """The job with kernels that an earlier run compiled: seconds of the whole process, start-up included."""
    with tempfile.TemporaryDirectory() as folder:
        bars = _bars_file(Path(folder))
        _job(Path(folder) / "warm-up.db", bars, {})
        return _job(Path(folder) / "timed.db", bars, {})


def cold() -> Figures:
    """The job on a machine that has never run it: every kernel is compiled."""
    with tempfile.TemporaryDirectory() as folder:
        bars = _bars_file(Path(folder))
        return _job(Path(folder) / "timed.db", bars, {"NUMBA_CACHE_DIR": str(Path(folder) / "kernels")})


MEASUREMENTS: Mapping[str, Callable[[], Figures]] = {"search/job": warm, "search/job-cold": cold}


def _bars_file(folder: Path) -> Path:
    """The pinned made-up bars (five-minute, BTC-like) as a CSV file."""
    bars = reference_bars(CANDLES)
    columns = {name: getattr(bars, name) for name in ("open", "high", "low", "close", "volume")}
    path = folder / "bars.csv"
    pd.DataFrame({"timestamp": bars.time.astype("datetime64[ns]"), **columns}).to_csv(path, index=False)
    return path


def _job(database: Path, bars: Path, environment: Mapping[str, str]) -> Figures:
    script = [sys.executable, "scripts/sweep.py", "search", str(CONFIG), "--json"]
    started = time.perf_counter()
    run = subprocess.run(
        [*script, "--data", str(bars), "--db", str(database)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    seconds = time.perf_counter() - started
    found = json.loads(run.stdout)
    return {
        "seconds": round(seconds, 2),
        "search_seconds": found["time_seconds"],
        "evaluations": found["total_evaluations"],
        "candles": found["total_candles"],
        "cores": found["parallelization"],
        "best_sharpe": found["best_strategy"]["sharpe_ratio"],
    }
