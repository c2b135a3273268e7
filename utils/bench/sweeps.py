"""The sweep's figures: the reference sweep, its scaling, and its statistics over all rows.

Every measurement is a function of this module that runs in a process of its own, so that its peak memory is
its own, after one small run that loads or compiles the kernels.
"""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from trading.bars import Bars
from utils.data.synthetic import reference_bars
from utils.sweep.config import SweepConfig, load_config
from utils.sweep.definition import Sweep
from utils.sweep.enrollment import enroll
from utils.sweep.evaluation import Evaluator
from utils.sweep.robustness import assess_store
from utils.sweep.runner import available_cores, run
from utils.sweep.store import Store

REFERENCE = Path("config/sweeps/money_line_reference.yaml")
REFERENCE_BARS = 139_678
WARM_UP_BARS = 5_000

NEVER_BINDING: Mapping[str, Sequence[float]] = {
    "ma_gap_min": (-1.0, -0.99, -0.98, -0.97),
    "adx_min": (0.0, 1e-9, 2e-9, 3e-9),
    "volume_min": (0.0, 1e-9, 2e-9, 3e-9),
}
"""Filter settings that every turn passes: the most trades that the grid can make, all the same."""

HARDLY_BINDING: Mapping[str, Sequence[float]] = {
    "ma_gap_min": (-0.02, -0.018, -0.016, -0.014),
    "adx_min": (0.0, 7.0, 8.0, 9.0),
    "volume_min": (0.0, 0.15, 0.2, 0.25),
}
"""Filter settings that each take out a few turns: as many trades, and no two settings alike."""

ALIKE_TARGETS = (4.0, 4.0001, 4.0002, 4.0003)
"""Values of `target_atr` that make the same work, so that only the number of combinations differs."""

Figures = dict[str, Any]


def reference() -> Figures:
    """The reference sweep: 65,536 combinations over the pinned bars, results stored."""
    return _timed(*reference_inputs())


def unfiltered() -> Figures:
    """The reference sweep with filters that never bind."""
    return _timed(_config(NEVER_BINDING), reference_bars(REFERENCE_BARS))


def dense() -> Figures:
    """The reference sweep with filters that hardly bind: nothing to share among them."""
    return _timed(_config(HARDLY_BINDING), reference_bars(REFERENCE_BARS))


def robustness() -> Figures:
    """Overfitting figures of all rows of the reference sweep, read from its store."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reference.db"
        timed_sweep(*reference_inputs(), path)
        with Store.to_read(path) as store:
            (sweep,) = store.sweeps()
            assess_store(store, sweep)  # compiles
            started = time.perf_counter()
            assess_store(store, sweep)
            seconds = time.perf_counter() - started
    return {"seconds": round(seconds, 3), "rows": sweep.combos, "peak_rss_mb": _peak_rss_mb()}


def bars_scaling() -> Figures:
    """Seconds for a quarter, a half and all of the reference bars, per bar, against the quarter's."""
    config = _config()
    bars = reference_bars(REFERENCE_BARS)
    return _scaling([(config, bars[: REFERENCE_BARS // 4 * factor]) for factor in (1, 2, 4)])


def combinations_scaling() -> Figures:
    """Seconds for one, two and four alike values of an axis, per combination, against one's."""
    bars = reference_bars(REFERENCE_BARS)
    return _scaling([(_config({"target_atr": ALIKE_TARGETS[:factor]}), bars) for factor in (1, 2, 4)])


MEASUREMENTS: Mapping[str, Callable[[], Figures]] = {
    "sweep/reference": reference,
    "sweep/unfiltered": unfiltered,
    "sweep/dense": dense,
    "sweep/robustness": robustness,
    "sweep/scaling-bars": bars_scaling,
    "sweep/scaling-combinations": combinations_scaling,
}


def reference_inputs() -> tuple[SweepConfig, Bars]:
    """The reference sweep's file and bars."""
    return _config(), reference_bars(REFERENCE_BARS)


def _config(axes: Mapping[str, Sequence[float]] | None = None) -> SweepConfig:
    overrides: dict[str, Any] = {f"grid.{name}": list(values) for name, values in (axes or {}).items()}
    return load_config(REFERENCE, {"holdout": 0, **overrides})


def timed_sweep(config: SweepConfig, bars: Bars, path: Path) -> float:
    """Sweep `bars` into a new store; seconds from bars in memory to results on disk."""
    started = time.perf_counter()
    sweep = Sweep(config, "", bars, len(bars))
    evaluator = Evaluator(sweep.grid.strategy, sweep.grid, bars, config.instrument, config.capital)
    with Store.to_write(path) as store:
        outcome = run(store, enroll(store, sweep), sweep.grid, evaluator, available_cores(), lambda _: None)
    if outcome.failures or outcome.stopped:
        raise RuntimeError(f"the sweep did not finish: {outcome}")
    return time.perf_counter() - started


def _timed(config: SweepConfig, bars: Bars) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        timed_sweep(config, bars[:WARM_UP_BARS], Path(folder) / "warm-up.db")
        path = Path(folder) / "timed.db"
        seconds = timed_sweep(config, bars, path)
        with Store.to_read(path) as store:
            ((rows, trades),) = store.query("SELECT count(*), avg(total_trades) FROM strategies")
    return {
        "seconds": round(seconds, 3),
        "bar_evals_per_s": round(rows * len(bars) / seconds),
        "mean_trades": round(trades, 1),
        "combinations": rows,
        "bars": len(bars),
        "cores": available_cores(),
        "peak_rss_mb": _peak_rss_mb(),
    }


def _scaling(sizes: Sequence[tuple[SweepConfig, Bars]], repeats: int = 3) -> Figures:
    """Seconds of each size (median), and cost over linear growth from the first."""
    seconds: list[list[float]] = [[] for _ in sizes]
    with tempfile.TemporaryDirectory() as folder:
        config, bars = sizes[0]
        timed_sweep(config, bars[:WARM_UP_BARS], Path(folder) / "warm-up.db")
        for repeat in range(repeats):  # interleaved, so that a busy moment does not fall on one size
            for k, size in enumerate(sizes):
                seconds[k].append(timed_sweep(*size, Path(folder) / f"{repeat}-{k}.db"))
    medians = [statistics.median(times) for times in seconds]
    factors = [2**k for k in range(len(sizes))]
    return {
        "factors": factors,
        "seconds": [round(median, 3) for median in medians],
        "cost_over_linear": [
            round(median / medians[0] / factor, 3) for median, factor in zip(medians, factors, strict=True)
        ],
    }


def _peak_rss_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1 << 20 if sys.platform == "darwin" else 1 << 10), 1)
