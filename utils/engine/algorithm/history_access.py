"""`self.history`."""

from __future__ import annotations

from typing import Any

from utils.engine.algorithm.base import AlgorithmBase
from utils.engine.enums import Resolution
from utils.engine.feed.config import SubscriptionDataConfig
from utils.engine.feed.history_method import HistoryMethod


class HistoryAccess(AlgorithmBase):
    """Data of the past."""

    history: HistoryMethod

    def _init_history(self) -> None:
        self.history = HistoryMethod(self, self._environment.data)

    def history_bars(self, symbol: Any, count: int, resolution: Resolution) -> list[Any]:
        """The latest bars of a symbol."""
        return self.history.bars(symbol, count, resolution)

    def history_start(
        self, config: SubscriptionDataConfig, bars: int, resolution: Resolution | None
    ) -> int:
        """When the last bars of a subscription begin, UTC nanoseconds."""
        wanted = config if resolution is None else config.copy(resolution=resolution)
        return self.history.requests.start(wanted, bars, extended=config.extended_market_hours)
