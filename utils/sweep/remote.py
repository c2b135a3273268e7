"""One sweep on Ray clusters."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.console import Console

from utils.sweep.definition import Sweep
from utils.sweep.execution import execute
from utils.sweep.ray.clusters import PATIENCE, Patience
from utils.sweep.ray.coordinator import run
from utils.sweep.ray.definition import packed
from utils.sweep.ray.launch import Launch
from utils.sweep.runner import RunOutcome
from utils.sweep.store import Store, SweepRecord


def run_on_ray(
    store: Store,
    sweep: Sweep,
    launches: Sequence[Launch],
    console: Console,
    patience: Patience = PATIENCE,
) -> tuple[SweepRecord, float]:
    """Begin or resume a sweep on the clusters of `launches`; see `execute`."""

    def run_chunks(record: SweepRecord, on_progress: Callable[[int], None]) -> RunOutcome:
        def notice(line: str) -> None:
            console.print(line, markup=False, soft_wrap=True)

        return run(store, record, sweep.grid, packed(sweep), launches, on_progress, notice, patience)

    return execute(store, sweep, run_chunks, console)
