"""Runs a sweep on the cores of this machine."""

from __future__ import annotations

import os
import queue
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from utils.sweep.grid import Grid
from utils.sweep.store import Chunk, Store, SweepRecord

STOP_SECONDS = 2.0
"""How long a stopped run waits for the chunks in work; what is not done by then is done by the next run."""


class Evaluation(Protocol):
    """What computes results; called from several threads at once."""

    def rows(self, start_combo: int, end_combo: int) -> NDArray[np.void]:
        """`RESULT_DTYPE` of the combinations [start_combo, end_combo), in their order."""


@dataclass
class RunOutcome:
    """How a run ended.

    Attributes:
        failures: chunk id -> what went wrong with it, one line.
        stopped: whether a signal ended it early.
    """

    failures: dict[str, str] = field(default_factory=dict)
    stopped: bool = False


def available_cores() -> int:
    """Cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on every system
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def run(
    store: Store,
    sweep: SweepRecord,
    grid: Grid,
    evaluation: Evaluation,
    workers: int,
    on_progress: Callable[[int], None],
) -> RunOutcome:
    """Do the chunks of `sweep` that are not completed, on `workers` threads.

    The calling thread is the only one that touches the store. A chunk that raises is marked failed and the
    others go on. SIGINT and SIGTERM stop the run: chunks in work get `STOP_SECONDS` to finish (a second
    signal: none), and what is left is pending for the next run.

    Args:
        on_progress: called with the number of combinations just stored.
    Raises:
        UserError: the store cannot be written; what is in it is whole.
    """
    return _Run(store, sweep, grid, evaluation, on_progress).run(workers)


@dataclass(frozen=True)
class _Started:
    chunk: Chunk
    worker: str


@dataclass(frozen=True)
class _Finished:
    chunk: Chunk
    rows: NDArray[np.void]


@dataclass(frozen=True)
class _Failed:
    chunk: Chunk
    error: Exception


class _Left:
    """A worker has nothing more to do."""


class _Signal:
    """The user wants it to stop."""


class _Run:
    """One run: threads take chunks from `_todo` and report to `_inbox`, which the calling thread reads."""

    def __init__(
        self,
        store: Store,
        sweep: SweepRecord,
        grid: Grid,
        evaluation: Evaluation,
        on_progress: Callable[[int], None],
    ) -> None:
        self._store = store
        self._sweep = sweep
        self._grid = grid
        self._evaluation = evaluation
        self._on_progress = on_progress
        self._todo = deque(store.unfinished(sweep.id))
        # A SimpleQueue, because its put() may interrupt its own get() in a signal handler.
        self._inbox: queue.SimpleQueue[_Started | _Finished | _Failed | _Left | _Signal] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._in_work: dict[str, Chunk] = {}
        self._outcome = RunOutcome()

    def run(self, workers: int) -> RunOutcome:
        count = min(workers, len(self._todo))
        self._unwritten = threading.BoundedSemaphore(count + 1)  # results waiting for the store, at most
        with signals_handled_by(lambda *_: self._inbox.put(_Signal())):
            try:
                for number in range(count):
                    name = f"local-{number + 1}"
                    # Daemons: a stopped run does not wait for a kernel, which nothing can interrupt.
                    threading.Thread(target=self._work, args=(name,), name=name, daemon=True).start()
                self._write_results(count)
            finally:
                self._stopping.set()
        return self._outcome

    def _work(self, worker: str) -> None:
        while not self._stopping.is_set():
            try:
                chunk = self._todo.popleft()
            except IndexError:
                break
            self._inbox.put(_Started(chunk, worker))
            try:
                rows = self._evaluation.rows(chunk.start_combo, chunk.end_combo)
            except Exception as error:  # noqa: BLE001 - reported by the writing thread, with the chunk
                self._inbox.put(_Failed(chunk, error))
                continue
            self._unwritten.acquire()
            self._inbox.put(_Finished(chunk, rows))
        self._inbox.put(_Left())

    def _write_results(self, working: int) -> None:
        deadline: float | None = None
        while working:
            try:
                message = self._inbox.get(timeout=_seconds_to(deadline))
            except queue.Empty:
                break
            if isinstance(message, _Left):
                working -= 1
            elif isinstance(message, _Signal):
                self._stopping.set()
                self._outcome.stopped = True
                deadline = time.monotonic() + (STOP_SECONDS if deadline is None else 0)
            else:
                self._record(message)
        if self._in_work:
            self._store.give_back(self._in_work.values())

    def _record(self, message: _Started | _Finished | _Failed) -> None:
        chunk = message.chunk
        if isinstance(message, _Started):
            self._in_work[chunk.id] = chunk
            self._store.start(chunk, message.worker)
            return
        del self._in_work[chunk.id]
        if isinstance(message, _Failed):
            self._outcome.failures[chunk.id] = f"{type(message.error).__name__}: {message.error}"
            self._store.fail(chunk)
            return
        params = self._grid.params_json(chunk.start_combo, chunk.end_combo)
        self._store.complete(self._sweep, chunk, params, message.rows)
        self._unwritten.release()
        self._on_progress(chunk.end_combo - chunk.start_combo)


def _seconds_to(deadline: float | None) -> float | None:
    return None if deadline is None else max(deadline - time.monotonic(), 0.0)


@contextmanager
def signals_handled_by(handle: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Call `handle` for SIGINT and SIGTERM meanwhile; only the main thread can."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
