"""One sweep on the cores of this machine."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console

from utils.sweep.definition import Sweep
from utils.sweep.evaluation import Evaluator
from utils.sweep.execution import execute
from utils.sweep.runner import RunOutcome, run
from utils.sweep.store import Store, SweepRecord


def run_here(store: Store, sweep: Sweep, workers: int, console: Console) -> tuple[SweepRecord, float]:
    """Begin or resume a sweep on `workers` threads; see `execute`."""
    config = sweep.config

    def run_chunks(record: SweepRecord, on_progress: Callable[[int], None]) -> RunOutcome:
        evaluator = Evaluator(
            sweep.grid.strategy, sweep.grid, sweep.swept_bars, config.instrument, config.capital
        )
        return run(store, record, sweep.grid, evaluator, workers, on_progress)

    return execute(store, sweep, run_chunks, console)
