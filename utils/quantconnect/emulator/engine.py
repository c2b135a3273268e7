"""Runs queued backtests on idle nodes, each in a thread of its own."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import asdict

from utils.quantconnect.emulator.backtests import COMPLETED, FAILED, job_of
from utils.quantconnect.emulator.nodes import Node, idle_node
from utils.quantconnect.emulator.runners import BacktestJob, BacktestOutcome, BacktestRunner
from utils.quantconnect.emulator.store import Store

logger = logging.getLogger(__name__)

STOP_TIMEOUT = 5.0
OPTIMIZATIONS_AT_ONCE = 4


class _BacktestGoneError(Exception):
    """The backtest was deleted, or the emulator stops."""


class BacktestEngine:
    """The queue of backtests.

    Args:
        latency: seconds a backtest takes to start, and again to end, beyond its work.
    """

    def __init__(self, store: Store, nodes: tuple[Node, ...], runner: BacktestRunner, latency: float) -> None:
        self._store = store
        self._nodes = nodes
        self._runner = runner
        self._latency = latency
        self._work = threading.Event()
        self._stopping = threading.Event()
        self._running: set[threading.Thread] = set()
        self._dispatcher = threading.Thread(target=self._dispatch, name="backtests", daemon=True)

    def start(self) -> None:
        """Go on with what the last run of the emulator left unfinished, and with what comes."""
        with self._store.transaction() as db:
            db.execute(
                "UPDATE backtest SET state = 'queued', node_id = NULL, progress = 0 "
                "WHERE state IN ('starting', 'running')"
            )
        self._dispatcher.start()
        self.wake()

    def wake(self) -> None:
        """Look at the queue."""
        self._work.set()

    def stop(self) -> None:
        """Start nothing more. Backtests that still run are taken up again at the next start."""
        self._stopping.set()
        self._work.set()
        self._dispatcher.join(STOP_TIMEOUT)
        deadline = time.monotonic() + STOP_TIMEOUT
        for thread in list(self._running):  # those that do not look up in time find the store closed to them
            thread.join(max(deadline - time.monotonic(), 0))

    def _dispatch(self) -> None:
        while not self._stopping.is_set():
            self._work.wait()
            self._work.clear()
            while not self._stopping.is_set() and (job := self._claim()) is not None:
                thread = threading.Thread(target=self._run, args=(job,), name=job.backtest_id, daemon=True)
                self._running.add(thread)
                thread.start()

    def _claim(self) -> BacktestJob | None:
        """Take the oldest backtest that a node is idle for."""
        with self._store.transaction() as db:
            for row in db.execute("SELECT * FROM backtest WHERE state = 'queued' ORDER BY created, rowid"):
                node_id = self._place(db, row)
                if node_id is not None:
                    db.execute(
                        "UPDATE backtest SET state = 'starting', node_id = ? WHERE id = ?",
                        (node_id or None, row["id"]),
                    )
                    return job_of(db, row)
        return None

    def _place(self, db: sqlite3.Connection, row: sqlite3.Row) -> str | None:
        """The node's id; empty for a backtest of an optimization, whose nodes are rented; None to wait."""
        if row["optimization_id"] is None:
            node = idle_node(db, self._nodes, "backtest", row["project_id"])
            return node.id if node else None
        running = db.execute(
            "SELECT count(*) FROM backtest "
            "WHERE optimization_id IS NOT NULL AND state IN ('starting', 'running')"
        ).fetchone()[0]
        return "" if running < OPTIMIZATIONS_AT_ONCE else None

    def _run(self, job: BacktestJob) -> None:
        try:
            self._pause()
            self._update(job, "state = 'running'")
            outcome = self._outcome(job)
            self._pause()
            self._finish(job, outcome)
        except _BacktestGoneError:
            logger.info("backtest %s ended early", job.backtest_id)
        self._running.discard(threading.current_thread())
        self.wake()  # its node is idle now

    def _outcome(self, job: BacktestJob) -> BacktestOutcome:
        try:
            return self._runner.run(job, self._progress_of(job))
        except _BacktestGoneError:
            raise
        except Exception as error:  # a runner's defect fails the backtest, not the server
            logger.exception("the runner failed at backtest %s", job.backtest_id)
            return BacktestOutcome(error=f"the emulator's runner failed: {type(error).__name__}: {error}")

    def _progress_of(self, job: BacktestJob) -> Callable[[float], None]:
        def progress(share: float) -> None:
            self._update(job, "progress = ?", min(max(share, 0.0), 1.0))

        return progress

    def _pause(self) -> None:
        if self._stopping.wait(self._latency):
            raise _BacktestGoneError

    def _finish(self, job: BacktestJob, outcome: BacktestOutcome) -> None:
        state = FAILED if outcome.error is not None else COMPLETED
        self._update(
            job,
            "state = ?, progress = 1, node_id = NULL, outcome = ?",
            state,
            json.dumps(asdict(outcome)),
        )

    def _update(self, job: BacktestJob, changes: str, *values: object) -> None:
        if self._stopping.is_set():
            raise _BacktestGoneError
        with self._store.transaction() as db:
            cursor = db.execute(f"UPDATE backtest SET {changes} WHERE id = ?", (*values, job.backtest_id))
            if cursor.rowcount == 0:
                raise _BacktestGoneError
