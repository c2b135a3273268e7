"""The features' figures: tracks 1 and 2 over 28 pairs, kernels against NumPy and pandas, loading."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
import pandas as pd
from sqlalchemy import create_engine, make_url
from sqlalchemy.schema import CreateSchema, DropSchema

from trading.bars import Bars, Float64Array, always_open_bars
from utils.bench.engine_run import peak_memory
from utils.data.synthetic import prices, walk
from utils.features.access import VARIABLE
from utils.features.pipeline import Pipeline, Series, tasks_of
from utils.features.plan import FeaturePlan
from utils.features.postgres_store import PostgresStore
from utils.features.regression import rolling_regression
from utils.features.regression_track import RegressionTrack
from utils.features.rolling import STATISTICS, rolling_statistics
from utils.features.schema import KEY
from utils.features.statistics_track import StatisticsTrack
from utils.features.store import Unit
from utils.features.track import Track
from utils.features.windows import WINDOWS

PAIRS: Final = 28
ROWS: Final = 370_000
MINUTE: Final = 60_000_000_000
REPEATS: Final = 3
POLYFIT_ROWS: Final = 2_000
UNITS: Final = 4  # that are loaded, a pair and window each
RUN_WINDOWS: Final = 4
SCHEMA: Final = "features_bench"
TRACKS: Final[tuple[Track, ...]] = (StatisticsTrack(), RegressionTrack())


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
        "memory_limit_mb": FeaturePlan().memory_mb,
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
    """Rows into the PostgreSQL of FEATURES_DB, by two connections, in a schema that is dropped after."""
    named = os.environ.get(VARIABLE, "")
    if not named.startswith("postgres"):
        return {"skipped": f"set {VARIABLE} to the URL of a PostgreSQL database to fill"}
    figures: dict[str, Any] = {"load_of_the_host": round(os.getloadavg()[0], 1)}
    with _schema_of_its_own(named) as store:
        for track in TRACKS:
            figures[track.name] = _loaded(store, track)
        figures["run"] = _loaded_by_a_run(store)
    return {**figures, "peak_memory_mb": round(peak_memory())}


def _loaded(store: PostgresStore, track: Track) -> dict[str, int]:
    """The store alone, the figures computed before."""
    bars = _bars(0)
    out = np.zeros((len(track.columns), ROWS))
    track.compute(bars, WINDOWS[0], out)

    def load(number: int) -> None:
        store.replace(Unit(track.name, f"bench{number}", WINDOWS[0]), "bench", bars.time, out)

    load(0)
    began = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(load, range(1, 1 + UNITS)))
    return _cells(UNITS * ROWS, len(track.columns) + len(KEY), time.perf_counter() - began)


def _loaded_by_a_run(store: PostgresStore) -> dict[str, int]:
    """Tracks 1 and 2 of a pair, computed and stored as `scripts/features.py run` does it."""
    plan = FeaturePlan(windows=WINDOWS[:RUN_WINDOWS])
    tasks = tasks_of([Series("run", _bars(1))], TRACKS, plan, {})
    silent = logging.getLogger("bench")
    began = time.perf_counter()
    Pipeline(store, plan, lambda _number: silent).run(tasks)
    seconds = time.perf_counter() - began
    columns = sum(len(track.columns) + len(KEY) for track in TRACKS)
    return _cells(RUN_WINDOWS * ROWS, columns, seconds)


def _cells(rows: int, columns: int, seconds: float) -> dict[str, int]:
    per_second = rows / seconds
    return {
        "columns": columns,
        "rows_per_second": round(per_second),
        "cells_per_second": round(per_second * columns),
    }


@contextmanager
def _schema_of_its_own(named: str) -> Iterator[PostgresStore]:
    url = make_url(named).set(drivername="postgresql+psycopg")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(CreateSchema(SCHEMA))
    try:
        store = PostgresStore(url.update_query_dict({"options": f"-csearch_path={SCHEMA}"}), 4)
        try:
            store.prepare()
            yield store
        finally:
            store.close()
    finally:
        with engine.begin() as connection:
            connection.execute(DropSchema(SCHEMA, cascade=True))
        engine.dispose()


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
