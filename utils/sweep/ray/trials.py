"""Trials of a search on Ray clusters: a batch is cut into pieces, which the workers evaluate."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from utils.errors import UserError
from utils.sweep.evaluation import invalid_rows
from utils.sweep.grid import Values
from utils.sweep.ray.clusters import Clusters
from utils.sweep.ray.plan import MAX_ATTEMPTS, Pace, Plan
from utils.sweep.search.evaluation import Span
from utils.sweep.store import Chunk

PIECES_A_WORKER: Final = 2
"""Pieces of a batch for each worker: who is done with a cheap one takes another."""


class RayTrials:
    """A `TrialEvaluation` by Ray clusters, to which the search was told.

    Whatever becomes of workers and feeders, every piece is done: again where it was lost, set by set where it
    failed.
    """

    def __init__(self, clusters: Clusters) -> None:
        self.name = clusters.name
        self._clusters = clusters

    @property
    def cores(self) -> int:
        """Workers that there were at a time."""
        return self._clusters.most_workers

    def rows(self, params: Sequence[Values], span: Span) -> NDArray[np.void]:
        """`RESULT_DTYPE`, one row a set of parameters.

        Raises:
            UserError: there is no cluster left, or a set of parameters failed by itself, again and again.
        """
        batch = _Batch(params, span)
        if batch.plan:
            self._clusters.do(batch)
        return batch.rows


class _Batch:
    """Sets of parameters over one span, as `clusters.Work`; set k is the chunk [k, k + 1)."""

    def __init__(self, params: Sequence[Values], span: Span) -> None:
        self._params = params
        self._span = span
        self.rows = invalid_rows(len(params))
        self.plan = Plan(Chunk(f"set {k + 1} of {len(params)}", k, k + 1) for k in range(len(params)))

    def size(self, pace: Pace, workers: int) -> int:  # noqa: ARG002 - whatever it takes, all shall take part
        return -(-len(self._params) // (PIECES_A_WORKER * workers))

    def amount(self, chunks: Sequence[Chunk]) -> int:
        start, end = self._span
        return len(chunks) * (end - start)

    def arguments(self, chunks: Sequence[Chunk]) -> list[Any]:
        return [[self._params[chunk.start_combo] for chunk in chunks], list(self._span)]

    def started(self, chunks: Sequence[Chunk], worker: str) -> None:
        """Nothing is stored before the whole batch is."""

    def done(self, chunks: Sequence[Chunk], rows: NDArray[np.void], worker: str) -> None:  # noqa: ARG002
        self.rows[chunks[0].start_combo : chunks[-1].end_combo] = rows

    def given_back(self, chunks: Sequence[Chunk]) -> None:
        """Nothing is stored before the whole batch is."""

    def given_up(self, chunk: Chunk, reason: str) -> None:
        start, end = self._span
        raise UserError(
            f"parameters {json.dumps(self._params[chunk.start_combo])} over the bars {start} to {end - 1} "
            f"failed {MAX_ATTEMPTS} times: {reason} "
            "(finished batches are kept; the same command tries them again)"
        )
