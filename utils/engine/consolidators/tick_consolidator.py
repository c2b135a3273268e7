"""Bars of ticks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar, Final, Self

from utils.engine.consolidators.period_count import PeriodCountConsolidatorBase
from utils.engine.consolidators.quote_bar_consolidator import new_quote_bar
from utils.engine.consolidators.summing import decimal_sum
from utils.engine.consolidators.trade_bar_consolidator import TradeBarConsolidatorBase
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.tick import OpenInterest, Tick
from utils.engine.data.trade_bar import TradeBar
from utils.engine.enums import TickType

_ONE_HOUR: Final = timedelta(hours=1)
_ONE_DAY: Final = timedelta(days=1)
_ONE_SECOND: Final = timedelta(seconds=1)


class TickConsolidator(TradeBarConsolidatorBase):
    """Trade bars of trade ticks."""

    takes: ClassVar[type] = Tick

    def should_process(self, data: Tick) -> bool:
        """Only trades."""
        return data.tick_type == TickType.TRADE

    def aggregate_bar(self, working_bar: Any, data: Tick) -> TradeBar:
        """The bar with `data` in it."""
        price = data.value
        if working_bar is None:
            start = self._start_of(data)
            return TradeBar(start, data.symbol, price, price, price, price, data.quantity, self._period)
        bar: TradeBar = working_bar
        bar.value = price
        bar.volume = decimal_sum(bar.volume, data.quantity)
        bar.low = min(bar.low, price)
        bar.high = max(bar.high, price)
        return bar


class TickQuoteBarConsolidator(PeriodCountConsolidatorBase):
    """Quote bars of quote ticks."""

    takes: ClassVar[type] = Tick
    gives: ClassVar[type] = QuoteBar

    def should_process(self, data: Tick) -> bool:
        """Only quotes."""
        return data.tick_type == TickType.QUOTE

    def aggregate_bar(self, working_bar: Any, data: Tick) -> QuoteBar:
        """The bar with `data` in it."""
        bar: QuoteBar = working_bar
        if working_bar is None:
            start = self._start_of(data)
            bar = new_quote_bar(start, data.symbol, self._period, self.consolidated)
        bar.update(0.0, data.bid_price, data.ask_price, 0.0, data.bid_size, data.ask_size)
        if self._period is None:
            bar.end_time = self.get_rounded_bar_time(data.end_time)
        return bar


class OpenInterestConsolidator(PeriodCountConsolidatorBase):
    """The last open interest of each period."""

    takes: ClassVar[type] = Tick
    gives: ClassVar[type] = OpenInterest

    _follows_data: bool
    _last_input: Tick | None

    def __new__(cls, *arguments: Any, **named: Any) -> Self:
        """Give the state a value."""
        consolidator = super().__new__(cls, *arguments, **named)
        consolidator._follows_data = False
        consolidator._last_input = None
        return consolidator

    def __init__(self, period: Any = None, start_time: Any = None, **named: Any) -> None:
        super().__init__(period, start_time, **named)
        self._follows_data = isinstance(period, timedelta) and period >= _ONE_HOUR

    def should_process(self, data: Tick) -> bool:
        """Only open interest."""
        return data.tick_type == TickType.OPEN_INTEREST

    def update(self, data: Any) -> None:
        """Take in a tick; a new hour or day finishes an hourly or daily bar."""
        last = self._last_input
        if last is not None and self._follows_data and self._has_turned(last, data):
            assert self._period is not None
            self.scan(last.end_time + self._period + _ONE_SECOND)
        super().update(data)
        self._last_input = data

    def _has_turned(self, last: Tick, data: Tick) -> bool:
        if self._period == _ONE_HOUR:
            return data.end_time.hour != last.end_time.hour
        return self._period == _ONE_DAY and data.end_time.date() != last.end_time.date()

    def aggregate_bar(self, working_bar: Any, data: Tick) -> OpenInterest:
        """The last value."""
        if working_bar is None:
            start = data.end_time if self._follows_data else self._start_of(data)
            return OpenInterest(start, data.symbol, data.value)
        bar: OpenInterest = working_bar
        bar.value = data.value
        if self._follows_data:
            bar.time = data.end_time
        return bar
