"""How far one sweep of a store is, followed from look to look without reading anything twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from utils.dashboard.ranking import Ranking
from utils.dashboard.settings import Settings
from utils.dashboard.throughput import Throughput
from utils.sweep.store import Store, SweepRecord


class SweepProgress:
    """One sweep of a store.

    Args:
        record: its row there.
    """

    def __init__(self, record: SweepRecord, settings: Settings) -> None:
        self.record = record
        self._settings = settings
        self._forget()

    def _forget(self) -> None:
        settings = self._settings
        self._known: set[str] = set()
        self._newest = -1
        self._workers: dict[str, dict[str, Any]] = {}
        self._running: list[tuple[str, str, int]] = []
        self._counts = dict.fromkeys(("pending", "running", "completed", "failed"), 0)
        self._trials: int | None = None
        self._done = 0
        self._throughput = Throughput()
        self._ranking = Ranking(
            self.record.id,
            settings.metric,
            settings.min_trades,
            settings.top,
            "trial" if self.record.is_search else "combo",
        )

    def read(self, store: Store) -> None:
        """Take in what changed in the store."""
        if self.record.is_search:
            self._take_trials(store)
            return
        sweep = self.record.id
        counts = dict.fromkeys(("pending", "running", "completed", "failed"), 0)
        self._done = 0
        for status, chunks, combos in store.query(
            "SELECT status, count(*), sum(end_combo - start_combo) FROM chunks"
            " WHERE sweep = ? GROUP BY status",
            (sweep,),
        ):
            counts[status] = chunks
            if status == "completed":
                self._done = combos
        self._counts = counts
        self._running = store.query(
            "SELECT assigned_worker, id, started_at FROM chunks WHERE sweep = ? AND status = 'running'",
            (sweep,),
        )
        self._take_completed(store)
        if len(self._known) != counts["completed"]:  # the clock was set back, or chunks were taken back
            self._forget_completed(counts)
            self._take_completed(store)

    def catch_up(self, store: Store, in_time: Callable[[], bool]) -> None:
        """Rank rows that are new, as many as time allows."""
        self._ranking.catch_up(store, in_time)

    @property
    def behind(self) -> bool:
        """Whether stored rows are still to be ranked."""
        return self._ranking.behind > 0

    @property
    def done(self) -> bool:
        """Whether every row is stored."""
        return self._done >= self.record.combos

    @property
    def counts(self) -> dict[str, int]:
        """Chunks by status."""
        return self._counts

    @property
    def last_completion(self) -> int | None:
        """Second since 1970 of the latest completed chunk."""
        return self._throughput.last

    @property
    def workers(self) -> dict[str, dict[str, Any]]:
        """Workers by name: chunks and combinations they completed, and the chunk each has in work."""
        shown = {name: {**worker, "chunk": None, "since": None} for name, worker in self._workers.items()}
        for name, chunk, since in self._running:
            known = shown.setdefault(name, {"chunks": 0, "combos": 0, "last": None})
            shown[name] = {**known, "chunk": chunk, "since": since}
        return shown

    def shown(self, since: float | None) -> dict[str, Any]:
        """As the page shows it.

        Args:
            since: beginning of the run that goes on, None where none does.
        """
        record, now = self.record, time.time()
        rate = None if since is None else self._throughput.rate(since, now)
        left = record.combos - self._done
        series = self._throughput.series()
        return {
            "sweep": record.id,
            "strategy": record.strategy,
            "search": record.is_search,
            "bars": record.bars,
            "combos": record.combos,
            "combos_done": self._done,
            "chunks": self._counts,
            "rate": None if rate is None else round(rate, 1),
            "eta_seconds": round(left / rate) if rate and left else None,
            "last_completion": self.last_completion,
            "rates": None if series is None else asdict(series),
            "metric": self._settings.metric,
            "top": self._ranking.best,
            "unranked": self._ranking.behind,
        }

    def _take_trials(self, store: Store) -> None:
        """Trials of a search come in batches and have no time of their own: that is when they are seen."""
        (trials,) = store.query("SELECT count(*) FROM trials WHERE sweep = ?", (self.record.id,))[0]
        new = trials - (self._trials or 0)
        if self._trials is not None and new:
            self._throughput.add([(int(time.time()), new)])
        self._ranking.add([(trials - new, trials)])
        self._trials = self._done = trials

    def _forget_completed(self, counts: dict[str, int]) -> None:
        done, running = self._done, self._running
        self._forget()
        self._counts, self._done, self._running = counts, done, running

    def _take_completed(self, store: Store) -> None:
        rows = store.query(
            "SELECT id, start_combo, end_combo, assigned_worker, completed_at FROM chunks"
            " WHERE sweep = ? AND status = 'completed' AND completed_at >= ?",
            (self.record.id, self._newest),
        )
        new = [row for row in rows if row[0] not in self._known]
        for chunk, start, end, name, completed in new:
            self._known.add(chunk)
            self._newest = max(self._newest, completed)
            worker = self._workers.setdefault(name or "", {"chunks": 0, "combos": 0, "last": None})
            worker["chunks"] += 1
            worker["combos"] += end - start
            worker["last"] = max(worker["last"] or 0, completed)
        self._throughput.add((completed, end - start) for _, start, end, _, completed in new)
        self._ranking.add((start, end) for _, start, end, _, _ in new)
