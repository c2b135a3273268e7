"""One store as the dashboard sees it: read while it is written, and named for what is wrong with it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from utils.dashboard.processes import STARTING_SECONDS, Processes, latest_run
from utils.dashboard.settings import Settings
from utils.dashboard.sweep_progress import SweepProgress
from utils.errors import UserError
from utils.sweep.config import SweepConfig, TradingConfig
from utils.sweep.database import APPLICATION_ID
from utils.sweep.lock import Holder, lock_holder
from utils.sweep.search.config import SearchConfig
from utils.sweep.store import Store

BUSY_SECONDS = 0.2
"""A store that is locked for longer is shown as such; the next look tries again."""


class WatchedStore:
    """Follows one store. Used from one thread, which alone touches the connection.

    A connection stays open, but no transaction does: a reader that holds none keeps no writer from merging
    its log. `PRAGMA data_version` says whether anything changed; where nothing did, nothing is read.
    """

    def __init__(self, path: Path, settings: Settings, processes: Processes) -> None:
        self.path = path
        self._settings = settings
        self._processes = processes
        self._store: Store | None = None
        self._file: tuple[int, int] | None = None
        self._version = -1
        self._sweeps: dict[str, SweepProgress] = {}
        self._problem: str | None = None
        self._process: psutil.Process | None = None

    def close(self) -> None:
        """Let go of the file."""
        if self._store is not None:
            self._store.close()
        self._store, self._file, self._version = None, None, -1

    def look(self, in_time: Callable[[], bool]) -> dict[str, Any]:
        """What is in it and who sweeps into it.

        Args:
            in_time: whether there is time left to rank rows.
        """
        try:
            self._read(in_time)
            self._problem = None
        except UserError as error:
            self._problem = str(error)
            self.close()
        except Exception as error:  # noqa: BLE001 - shown with the store, and hides no other
            self._problem = f"{self.path}: {type(error).__name__}: {error}"
            self.close()
        return self._shown()

    @property
    def behind(self) -> bool:
        """Whether stored rows are still to be ranked."""
        return any(sweep.behind for sweep in self._sweeps.values())

    def _read(self, in_time: Callable[[], bool]) -> None:
        status = self.path.stat() if self.path.is_file() else None
        file = (status.st_dev, status.st_ino) if status else None
        if file != self._file or self._store is None:  # another file by the same name
            self.close()
            self._sweeps = {}
            self._store = Store.to_read(self.path, BUSY_SECONDS)
            self._file = file
        store = self._store
        version = store.query("PRAGMA data_version")[0][0]
        if version != self._version:
            for record in store.sweeps():
                known = self._sweeps.setdefault(record.id, SweepProgress(record, self._settings))
                known.record = record  # a search may be asked for more trials
            for sweep in self._sweeps.values():
                sweep.read(store)
            self._version = version
        for sweep in self._sweeps.values():
            sweep.catch_up(store, in_time)

    def _shown(self) -> dict[str, Any]:
        holder, run = lock_holder(self.path), latest_run(self.path)
        counts = self._counts()
        state, problem = self._state(holder, counts), self._problem
        if run is not None and run.exit_code == 1 and state in ("interrupted", "absent", "failed"):
            problem = run.last_line.removeprefix("error: ")  # why it got no further
        if state in ("starting", "running", "stopping") and self._missing():
            problem = None  # it is about to be made
        since = holder.since if holder and holder.alive is not False else None
        stalled = self._stalled(since) if state == "running" else None
        return {
            "path": str(self.path),
            "state": state,
            "problem": problem,
            "stalled_seconds": stalled,
            "chunks": counts,
            "process": self._process_figures(holder),
            "sweeps": {name: sweep.shown(since) for name, sweep in self._sweeps.items()},
            "workers": self._workers(),
            "updated": round(self.path.stat().st_mtime) if not self._missing() else 0,
        }

    def _state(self, holder: Holder | None, counts: dict[str, int]) -> str:
        """Said by the lock and the store; what a dashboard remembers only tells stopping from running."""
        if holder is not None and holder.alive is not False:
            if self._processes.stopping(self.path, holder.pid):
                return "stopping"
            done = bool(self._sweeps) and all(sweep.done for sweep in self._sweeps.values())
            return "assessing" if done else "running"  # all rows are there, and are ranked and judged
        run = latest_run(self.path)
        if run is not None and run.alive and time.time() - run.created < STARTING_SECONDS:
            return "stopping" if self._processes.stopping(self.path, run.pid) else "starting"
        if self._problem is not None:
            return "absent" if self._missing() else "unreadable"
        if all(sweep.done for sweep in self._sweeps.values()):
            return "completed"
        if counts["failed"] and not counts["pending"] + counts["running"]:
            return "failed"
        return "died" if holder is not None else "interrupted"

    def _missing(self) -> bool:
        return not self.path.is_file()

    def _counts(self) -> dict[str, int]:
        total = dict.fromkeys(("pending", "running", "completed", "failed"), 0)
        for sweep in self._sweeps.values():
            for status, count in sweep.counts.items():
                total[status] += count
        return total

    def _stalled(self, since: float | None) -> int | None:
        """Seconds without a completed chunk, where they are too many."""
        latest = max((sweep.last_completion or 0 for sweep in self._sweeps.values()), default=0)
        seconds = time.time() - max(latest, since or 0.0)
        limit = self._settings.stall_minutes * 60.0
        return round(seconds) if limit and seconds >= limit else None

    def _workers(self) -> dict[str, dict[str, Any]]:
        """Of all sweeps of the store, which take turns with the same workers."""
        total: dict[str, dict[str, Any]] = {}
        for sweep in self._sweeps.values():
            for name, worker in sweep.workers.items():
                known = total.get(name)
                total[name] = worker if known is None else _together(known, worker)
        return total

    def _process_figures(self, holder: Holder | None) -> dict[str, Any] | None:
        """The sweep's process; CPU in percent of one core since the last look, None at the first."""
        if holder is None or holder.alive is False:
            self._process = None
            return None
        figures: dict[str, Any] = {
            "pid": holder.pid, "host": holder.host, "since": round(holder.since),
            "cpu_percent": None, "memory_bytes": None,
        }  # fmt: skip
        if not holder.alive:
            return figures
        try:
            if self._process is None or self._process.pid != holder.pid:
                self._process = psutil.Process(holder.pid)
                self._process.cpu_percent()
                return figures
            with self._process.oneshot():
                figures["cpu_percent"] = round(self._process.cpu_percent())
                figures["memory_bytes"] = _rounded(self._process.memory_info().rss)
        except psutil.Error:
            self._process = None  # it has just ended, or is another user's
        return figures


def resume_arguments(path: Path) -> list[str]:
    """Arguments of `scripts/sweep.py` that go on with the sweeps of a store, from what the store says.

    Raises:
        UserError: the store cannot be read, is empty, or does not know its sweep file.
    """
    with Store.to_read(path, BUSY_SECONDS) as store:
        records = store.sweeps()
    if not records:
        raise UserError(f"{path}: it holds no sweep yet; start one into it")
    first = records[0]
    source = first.spec.get("source")
    if not source:
        raise UserError(f"{path}: it does not know its sweep file; resume it as it was begun")
    model = SearchConfig if first.is_search else SweepConfig
    config: TradingConfig = model.model_validate(first.spec["config"])
    data = config.data
    arguments = ["search" if first.is_search else "run", source, f"--db={path}", f"--data={data.path}"]
    arguments += [f"--holdout={config.holdout!r}"]
    arguments += [f"--symbol={record.symbol}" for record in records if record.symbol]
    arguments += [f"--from={data.start}"] if data.start else []
    arguments += [f"--to={data.end}"] if data.end else []
    return arguments


def _together(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    working = other if other["chunk"] else one
    return {
        "chunks": one["chunks"] + other["chunks"],
        "combos": one["combos"] + other["combos"],
        "last": max(one["last"] or 0, other["last"] or 0) or None,
        "chunk": working["chunk"],
        "since": working["since"],
    }


def _rounded(size: int) -> int:
    """Whole megabytes: a change of less is no news."""
    return size >> 20 << 20


def is_store(path: Path) -> bool:
    """Whether a file is a store, or cannot be read and so may be one.

    It is asked through SQLite: to open and close the file itself would drop this process's locks on it, and
    the connection that holds them would go on reading a log that a writer has removed.
    """
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)
        try:
            return bool(connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID)
        finally:
            connection.close()
    except sqlite3.Error:
        return True
