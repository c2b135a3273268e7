"""The best rows of a sweep, kept up as chunks are completed: each stored row is read once."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from utils.sweep.selection import ASCENDING, METRICS
from utils.sweep.store import Store

COMBINATIONS_AT_ONCE = 8192
"""Combinations read in one query: a reader that is quick to close its transaction holds up nobody."""


class Ranking:
    """The best rows by one metric, as `sweep.py top` ranks them.

    Args:
        sweep_id, metric, min_trades, count: which rows, ranked by what, and how many.
        number: column that tells rows apart, "combo" in a sweep and "trial" in a search.
    """

    def __init__(
        self, sweep_id: str, metric: str, min_trades: int, count: int, number: str = "combo"
    ) -> None:
        self._sweep = sweep_id
        self._metric = metric
        self._count = count
        self._min_trades = min_trades
        self._sign = 1.0 if metric in ASCENDING else -1.0
        self._todo: deque[tuple[int, int]] = deque()
        self.best: list[dict[str, Any]] = []
        columns = ", ".join((number, "chunk_id", "params", *METRICS))
        direction = "ASC" if metric in ASCENDING else "DESC"
        self._query = (
            f"SELECT {columns} FROM strategies WHERE sweep = ? AND {number} >= ? AND {number} < ?"
            f" AND status = 'ok' AND total_trades >= ?"
            f" ORDER BY {metric} IS NULL, {metric} {direction}, {number} LIMIT ?"
        )

    def add(self, ranges: Iterable[tuple[int, int]]) -> None:
        """Look into the combinations [start, end) of these chunks, by and by."""
        for start, end in ranges:
            self._todo.extend(
                (first, min(first + COMBINATIONS_AT_ONCE, end))
                for first in range(start, end, COMBINATIONS_AT_ONCE)
            )

    @property
    def behind(self) -> int:
        """Combinations that are stored and not looked into yet."""
        return sum(end - start for start, end in self._todo)

    def catch_up(self, store: Store, in_time: Callable[[], bool]) -> None:
        """Look into what was added, at least into one piece, while it is `in_time`."""
        while self._todo:
            start, end = self._todo[0]
            rows = store.query(self._query, (self._sweep, start, end, self._min_trades, self._count))
            self._todo.popleft()
            if rows:
                self.best = sorted([*self.best, *map(_row, rows)], key=self._order)[: self._count]
            if not in_time():
                return

    def _order(self, row: dict[str, Any]) -> tuple[bool, float, int]:
        value = row[self._metric]
        return value is None, 0.0 if value is None else self._sign * value, row["combo"]


def _row(values: tuple[Any, ...]) -> dict[str, Any]:
    combo, chunk, params, *metrics = values
    return {
        "combo": combo,
        "chunk_id": chunk,
        "params": json.loads(params),
        **dict(zip(METRICS, metrics, strict=True)),
    }
