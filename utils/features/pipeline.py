"""Runs tracks over series and windows, what is done already left alone.

Kernels and database drivers release the interpreter's lock, so workers are threads: series are read once and
shared, and an embedded database, which one process alone may write to, serves as well as a server.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Final

import numpy as np

from trading.bars import Bars, Float64Array
from trading.compiled import source_digest
from utils.errors import UserError
from utils.features.plan import FeaturePlan
from utils.features.store import FeatureStore, Unit
from utils.features.track import Track

VERSION: Final = 2
"""Raised when a kernel of this package gives other figures: what was stored is then computed anew."""

COPIES: Final = 2
"""A worker's buffer, and as much again while its rows are on their way to the database."""

LogOf = Callable[[int], logging.Logger]
"""The log of a track by its number."""


@dataclass(frozen=True)
class Series:
    """Rates under the name they have in the database."""

    name: str
    bars: Bars

    def digest(self) -> str:
        """SHA-256 of what features follow from: times, prices and the bars' length."""
        sums = hashlib.sha256(str(self.bars.period).encode())
        for column in (self.bars.time, self.bars.open, self.bars.high, self.bars.low, self.bars.close):
            sums.update(np.ascontiguousarray(column).tobytes())
        return sums.hexdigest()


@dataclass(frozen=True)
class Task:
    """One unit to be done."""

    unit: Unit
    digest: str
    track: Track
    series: Series


def tasks_of(
    series: Sequence[Series], tracks: Sequence[Track], plan: FeaturePlan, done: Mapping[Unit, str]
) -> list[Task]:
    """What is left to do, in the order of series, tracks and windows."""
    kernels = source_digest("trading.indicators.registry")
    return [
        Task(unit, digest, track, one)
        for one, data in [(one, one.digest()) for one in series]
        for track in tracks
        for window in plan.rows_of(track.spans)
        for unit in [Unit(track.name, one.name, window)]
        for digest in [_digest(data, kernels, track, window)]
        if done.get(unit) != digest
    ]


def _digest(data: str, kernels: str, track: Track, window: int) -> str:
    parts = (data, kernels, str(VERSION), track.name, *track.columns, str(window))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class Pipeline:
    """Does tasks within a plan.

    Args:
        on_done: called after each task that was stored, from the worker's thread.
    """

    def __init__(
        self,
        store: FeatureStore,
        plan: FeaturePlan,
        log_of: LogOf,
        on_done: Callable[[Task], None] = lambda _task: None,
    ) -> None:
        self._store, self._plan = store, plan
        self._log_of, self._on_done = log_of, on_done
        self._stopped = threading.Event()

    def run(self, tasks: Sequence[Task]) -> None:
        """Do all tasks, the tracks side by side.

        The first failure lets the tasks under way end and begins no other: what was stored stays.

        Raises:
            UserError: the database, or a plan whose memory is too small for one worker.
        """
        numbers = sorted({task.track.number for task in tasks})
        pools: list[ThreadPoolExecutor] = []
        futures: list[Future[None]] = []
        workers = self._workers(tasks, numbers)
        try:
            for number in numbers:
                pool = ThreadPoolExecutor(workers[number], thread_name_prefix=f"track{number}")
                pools.append(pool)
                buffers = threading.local()
                own = (task for task in tasks if task.track.number == number)
                futures += [pool.submit(self._do, task, buffers) for task in own]
            done, _ = wait(futures, return_when=FIRST_EXCEPTION)
            for future in done:
                future.result()
        finally:
            self._stopped.set()
            for pool in pools:
                pool.shutdown(wait=True, cancel_futures=True)

    def _workers(self, tasks: Sequence[Task], numbers: Sequence[int]) -> dict[int, int]:
        """Workers of each track that memory and connections allow, at least one each.

        Raises:
            UserError: not even one each fits.
        """
        workers = {number: self._plan.workers.get(number, 1) for number in numbers}
        need = {
            number: max(_bytes(task) for task in tasks if task.track.number == number) for number in numbers
        }
        limit = self._plan.memory_mb * 1_000_000
        while sum(need[number] * workers[number] for number in numbers) > limit:
            largest = max(numbers, key=lambda number: (workers[number] > 1, need[number] * workers[number]))
            if workers[largest] == 1:
                least = -(-sum(need.values()) // 1_000_000)
                raise UserError(
                    f"plan: memory_mb: {self._plan.memory_mb} is too little for one worker a track; "
                    f"give {least}, or fewer tracks at a time"
                )
            workers[largest] -= 1
        return workers

    def _do(self, task: Task, buffers: threading.local) -> None:
        if self._stopped.is_set():
            return
        bars, track, unit = task.series.bars, task.track, task.unit
        out = _buffer(buffers, len(track.columns), len(bars))
        track.compute(bars, unit.window, out)
        known = np.flatnonzero(~np.isnan(out).all(axis=0))
        first = int(known[0]) if len(known) else len(bars)  # rows before any window is full say nothing
        self._store.replace(unit, task.digest, bars.time[first:] + bars.period, out[:, first:])
        self._log_of(track.number).info(
            "%s window %d populated: %d rows", unit.series, unit.window, len(bars) - first
        )
        self._on_done(task)


def _bytes(task: Task) -> int:
    return COPIES * 8 * len(task.track.columns) * len(task.series.bars)


def _buffer(buffers: threading.local, columns: int, rows: int) -> Float64Array:
    """This thread's memory, made when it is too small: fresh memory costs more than the arithmetic."""
    memory: Float64Array | None = getattr(buffers, "memory", None)
    if memory is None or memory.size < columns * rows:
        memory = buffers.memory = np.empty(columns * rows)
    return memory[: columns * rows].reshape(columns, rows)
