"""Runs a sweep on Ray clusters: leases chunks to their feeders, and stores what comes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.sweep.grid import Grid
from utils.sweep.ray.clusters import PATIENCE, Clusters, Patience
from utils.sweep.ray.launch import Launch
from utils.sweep.ray.plan import Pace, Plan
from utils.sweep.ray.protocol import Frame
from utils.sweep.runner import RunOutcome, signals_handled_by
from utils.sweep.store import Chunk, Store, SweepRecord


def run(
    store: Store,
    sweep: SweepRecord,
    grid: Grid,
    opening: Frame,
    launches: Sequence[Launch],
    on_progress: Callable[[int], None],
    notice: Callable[[str], None],
    patience: Patience = PATIENCE,
) -> RunOutcome:
    """Do the chunks of `sweep` that are not completed, on Ray clusters.

    The calling thread is the only one that touches the store. What is said of chunks that fail and of signals
    in `runner.run` holds here too.

    Args:
        opening: the sweep, as `definition.packed` makes it.
        launches: one for each cluster.
        on_progress: called with the number of combinations just stored.
        notice: called with a line on each event that a user may want to know of.
    Raises:
        UserError: the store cannot be written, or there is no cluster left; what is stored is whole.
    """
    chunks = _StoredChunks(store, sweep, grid, on_progress)
    if chunks.plan:
        clusters = Clusters(opening, launches, notice, patience)
        with signals_handled_by(lambda *_: clusters.stop()), clusters:
            chunks.outcome.stopped = not clusters.do(chunks)
    return chunks.outcome


class _StoredChunks:
    """The chunks of a sweep that are not completed, as `clusters.Work`."""

    def __init__(
        self, store: Store, sweep: SweepRecord, grid: Grid, on_progress: Callable[[int], None]
    ) -> None:
        self._store = store
        self._sweep = sweep
        self._grid = grid
        self._on_progress = on_progress
        self.plan = Plan(store.unfinished(sweep.id))
        self.outcome = RunOutcome()

    def size(self, pace: Pace, workers: int) -> int:
        return pace.size(self.plan.combos, workers)

    def amount(self, chunks: Sequence[Chunk]) -> int:
        return chunks[-1].end_combo - chunks[0].start_combo

    def arguments(self, chunks: Sequence[Chunk]) -> list[Any]:
        return [chunks[0].start_combo, chunks[-1].end_combo]

    def started(self, chunks: Sequence[Chunk], worker: str) -> None:
        for chunk in chunks:
            self._store.start(chunk, worker)

    def done(self, chunks: Sequence[Chunk], rows: NDArray[np.void], worker: str) -> None:
        start = chunks[0].start_combo
        for chunk in chunks:
            params = self._grid.params_json(chunk.start_combo, chunk.end_combo)
            part = rows[chunk.start_combo - start : chunk.end_combo - start]
            self._store.complete(self._sweep, chunk, params, part, worker)
            self._on_progress(len(part))

    def given_back(self, chunks: Sequence[Chunk]) -> None:
        self._store.give_back(chunks)

    def given_up(self, chunk: Chunk, reason: str) -> None:
        self._store.fail(chunk)
        self.outcome.failures[chunk.id] = reason
