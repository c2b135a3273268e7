"""Trade bars of trade bars."""

from __future__ import annotations

from typing import Any, ClassVar

from utils.engine.consolidators.period_count import PeriodCountConsolidatorBase
from utils.engine.consolidators.summing import decimal_sum
from utils.engine.data.trade_bar import TradeBar


class TradeBarConsolidatorBase(PeriodCountConsolidatorBase):
    """Base of consolidators that give trade bars."""

    @property
    def working_bar(self) -> TradeBar | None:
        """A copy of the unfinished bar, or None."""
        bar: TradeBar | None = self.working_data
        return bar


class TradeBarConsolidator(TradeBarConsolidatorBase):
    """Longer trade bars."""

    takes: ClassVar[type] = TradeBar

    def aggregate_bar(self, working_bar: Any, data: TradeBar) -> TradeBar:
        """The bar with `data` in it."""
        if working_bar is None:
            start = self._start_of(data)
            period = self._bar_period(data)
            return TradeBar(
                start, data.symbol, data.open, data.high, data.low, data.value, data.volume, period
            )
        bar: TradeBar = working_bar
        bar.value = data.value
        bar.volume = decimal_sum(bar.volume, data.volume)
        bar.low = min(bar.low, data.low)
        bar.high = max(bar.high, data.high)
        return bar
