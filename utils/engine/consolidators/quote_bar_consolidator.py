"""Quote bars of quote bars."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from utils.engine.consolidators.period_count import PeriodCountConsolidatorBase
from utils.engine.data.bar import Bar
from utils.engine.data.quote_bar import QuoteBar


def new_quote_bar(start: datetime, symbol: Any, period: timedelta | None, previous: Any) -> QuoteBar:
    """An unfinished bar that opens where the previous one closed."""
    bar = QuoteBar(start, symbol, None, 0.0, None, 0.0, period)
    if isinstance(previous, QuoteBar):
        bid = 0.0 if previous.bid is None else previous.bid.close
        ask = 0.0 if previous.ask is None else previous.ask.close
        bar.update(0.0, bid, ask, 0.0, previous.last_bid_size, previous.last_ask_size)
    return bar


def merge(side: Bar | None, data: Bar) -> Bar:
    """One side of the unfinished bar with that side of the data in it."""
    if side is None:
        return Bar(data.open, data.high, data.low, data.close)
    side.close = data.close
    side.high = max(side.high, data.high)
    side.low = min(side.low, data.low)
    return side


class QuoteBarConsolidator(PeriodCountConsolidatorBase):
    """Longer quote bars."""

    takes: ClassVar[type] = QuoteBar
    gives: ClassVar[type] = QuoteBar

    def aggregate_bar(self, working_bar: Any, data: QuoteBar) -> QuoteBar:
        """The bar with `data` in it."""
        bar: QuoteBar = working_bar
        if working_bar is None:
            start = self._start_of(data)
            bar = new_quote_bar(start, data.symbol, self._bar_period(data), self.consolidated)
        if data.bid is not None:
            bar.last_bid_size = data.last_bid_size
            bar.bid = merge(bar.bid, data.bid)
        if data.ask is not None:
            bar.last_ask_size = data.last_ask_size
            bar.ask = merge(bar.ask, data.ask)
        bar.value = data.value
        return bar
