"""`self.history`."""

from __future__ import annotations

from typing import Any

from utils.engine.algorithm.base import AlgorithmBase


class HistoryAccess(AlgorithmBase):
    """Data of the past."""

    def history_bars(self, symbol: Any, count: int, resolution: Any) -> list[Any]:
        """The latest bars of a symbol."""
        return []

    def history_start(self, config: Any, bars: int, resolution: Any) -> int:
        """Start of the history."""
        return self._clock.utc_ns - 7 * 86400 * 10**9
