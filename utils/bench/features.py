"""The features' figures: tracks 1 and 2 over 28 pairs, kernels against NumPy and pandas, loading."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np
import pandas as pd
from sqlalchemy import make_url

from trading.bars import Bars, Float64Array, always_open_bars
from utils.bench.engine_run import peak_memory
from utils.data.synthetic import prices, walk
from utils.features.access import VARIABLE
from utils.features.postgres_store import PostgresStore
from utils.features.regression import rolling_regression
from utils.features.regression_track import RegressionTrack
from utils.features.rolling import STATISTICS, rolling_statistics
from utils.features.statistics_track import StatisticsTrack
from utils.features.store import Unit
from utils.features.windows import WINDOWS

PAIRS: Final = 28
ROWS: Final = 370_000
MINUTE: Final = 60_000_000_000
REPEATS: Final = 3
POLYFIT_ROWS: Final = 2_000
TRACKS: Final = (StatisticsTrack(), RegressionTrack())


def tracks() -> dict[str, Any]:
    """All features of tracks 1 and 2, two threads; a row-window is one rolling kernel at one row."""
    bars = [_bars(seed) for seed in range(4)]  # one pair is as much work as another
    buffers = threading.local()

    def compute(task: tuple[int, int, int]) -> None:
        pair, track, window = task
        kind = TRACKS[track]
        memory: Float64Array | None = getattr(buffers, "memory", None)
        if memory is None:
            most = max(len(one.columns) for one in TRACKS)
            memory = buffers.memory = np.zeros((most, ROWS))
        kind.compute(bars[pair % len(bars)], window, memory[: len(kind.columns)])

    tasks = [
        (pair, track, window) for pair in range(PAIRS) for track in range(len(TRACKS)) for window in WINDOWS
    ]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(compute, tasks[: 2 * len(WINDOWS)]))  # kernels are compiled, memory is there
        began = time.perf_counter()
        list(pool.map(compute, tasks))
        seconds = time.perf_counter() - began
    kernels = sum(track.kernels for track in TRACKS)
    row_windows = PAIRS * ROWS * len(WINDOWS) * kernels
    cells = PAIRS * ROWS * len(WINDOWS) * sum(len(track.columns) for track in TRACKS)
    return {
        "seconds": round(seconds, 2),
        "pairs": PAIRS,
        "rows": ROWS,
        "windows": len(WINDOWS),
        "row_windows_per_second": round(row_windows / seconds),
        "features_per_second": round(cells / seconds),
        "peak_memory_mb": round(peak_memory()),
    }


def against_polyfit() -> dict[str, Any]:
    """Lines and parabolas of one window, against numpy.polyfit in each row, on one core."""
    values, window = _bars(0).close, 60
    out = np.zeros((9, ROWS))
    ours = _best(lambda: rolling_regression(values, window, out)) / ROWS
    position = np.arange(window, dtype=np.float64)

    def polyfit() -> None:
        for t in range(window, window + POLYFIT_ROWS):
            part = values[t - window : t]
            np.polyfit(position, part, 1)
            np.polyfit(position, part, 2)

    theirs = _best(polyfit) / POLYFIT_ROWS
    return {
        "row_windows_per_second": round(1 / ours),
        "polyfit_row_windows_per_second": round(1 / theirs),
        "times_polyfit": round(theirs / ours),
    }


def against_pandas() -> dict[str, Any]:
    """Mean, deviation, skewness, kurtosis and extremes, against pandas' mean and deviation alone."""
    values, window = _bars(0).close, 60
    out = np.zeros((len(STATISTICS), ROWS))
    ours = _best(lambda: rolling_statistics(values, window, out)) / ROWS
    series = pd.Series(values)

    def two() -> None:
        rolling = series.rolling(window)
        rolling.mean()
        rolling.std()

    theirs = _best(two) / ROWS
    return {
        "row_windows_per_second": round(1 / ours),
        "pandas_mean_and_std_row_windows_per_second": round(1 / theirs),
        "times_pandas": round(theirs / ours, 2),
    }


def loading() -> dict[str, Any]:
    """Rows of track 1 into the PostgreSQL that FEATURES_DB names, whose tables are used and left."""
    named = os.environ.get(VARIABLE, "")
    if not named.startswith("postgres"):
        return {"skipped": f"set {VARIABLE} to the URL of a PostgreSQL database to fill"}
    track, bars = StatisticsTrack(), _bars(0)
    out = np.zeros((len(track.columns), ROWS))
    track.compute(bars, WINDOWS[0], out)
    store = PostgresStore(make_url(named), 2)
    store.prepare()

    def load(number: int) -> None:
        store.replace(Unit(track.name, f"bench{number}", WINDOWS[0]), "bench", bars.time, out)

    load(0)
    began = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(load, range(1, 5)))
    seconds = time.perf_counter() - began
    store.close()
    columns = len(track.columns) + 3
    return {
        "columns": columns,
        "rows_per_second": round(4 * ROWS / seconds),
        "cells_per_second": round(4 * ROWS * columns / seconds),
        "peak_memory_mb": round(peak_memory()),
    }


def _bars(seed: int) -> Bars:
    """Made-up minutes of a pair."""
    open_, high, low, close = prices(walk(ROWS, seed), 1.1, 0.0001, centre=1.1, tick=1e-5)
    times = np.arange(ROWS, dtype=np.int64) * MINUTE
    return always_open_bars(times, open_, high, low, close, np.ones(ROWS), MINUTE, f"PAIR{seed}")


def _best(work: Callable[[], object]) -> float:
    """Least processor seconds of some runs, compiled before."""
    work()
    spent = []
    for _ in range(REPEATS):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return min(spent)


MEASUREMENTS: Final[Mapping[str, Callable[[], dict[str, Any]]]] = {
    "features/tracks": tracks,
    "features/regression": against_polyfit,
    "features/statistics": against_pandas,
    "features/postgres": loading,
}
