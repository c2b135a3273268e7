"""The bar of a trading day in progress."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from utils.engine.consolidators.quote_bar_consolidator import merge
from utils.engine.consolidators.summing import decimal_sum
from utils.engine.data.base_data import number_text
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.rounded_text import rounded_text
from utils.engine.data.tick import Tick
from utils.engine.data.trade_bar import TradeBar
from utils.engine.enums import TickType

_ONE_DAY: Final = timedelta(days=1)
# .NET's largest decimal: the low before there was a trade.
_NO_LOW: Final = 79228162514264337593543950335.0


class SessionBar(TradeBar):
    """Open, high, low, close and volume of a trading day, of trades or of quotes.

    Volume comes from trades either way. The time is `datetime.max` until the day is known.
    """

    __slots__ = ("_begun", "_data_time", "_quote", "_source", "_volume_time", "open_interest")
    open_interest: float

    def __init__(self, source_tick_type: TickType = TickType.TRADE, symbol: Any = None) -> None:
        super().__init__()
        if symbol is not None:
            self.symbol = symbol
        self._time = self._end = datetime.max
        self.open = self.high = self.low = 0.0
        self._source = source_tick_type
        self._begun = False
        self._quote: QuoteBar | None = None
        self._data_time: datetime | None = None
        self._volume_time = datetime.min
        self.open_interest = 0.0

    @property
    def time(self) -> datetime:
        """Midnight of the day."""
        return self._time  # type: ignore[return-value]  # only datetimes are stored here

    @time.setter
    def time(self, value: datetime) -> None:
        self._time = value
        self._end = value if value == datetime.max else value + _ONE_DAY

    @property
    def period(self) -> timedelta:
        """A day."""
        return _ONE_DAY

    @period.setter
    def period(self, value: timedelta) -> None:
        """It stays a day."""

    def take(self, data: Any, previous: Any) -> None:
        """Take in a bar or tick; `previous` is the finished session bar before this one, or None.

        Prices from before the end of what was taken in already are left out.
        """
        if self._data_time is None:
            self._open_with(data, previous)
        assert self._data_time is not None
        if data.time < self._data_time:
            return
        if isinstance(data, Tick):
            self._add_volume(data, data.quantity)
            if data.tick_type == self._source:
                self._take_tick(data)
        elif isinstance(data, TradeBar):
            self._add_volume(data, data.volume)
            if self._source == TickType.TRADE:
                self._take_trades(data, data.open, data.high, data.low, data.close)
        elif isinstance(data, QuoteBar) and self._source == TickType.QUOTE:
            self._take_quotes(data)

    def _open_with(self, data: Any, previous: Any) -> None:
        time = data.time
        self._data_time = datetime(time.year, time.month, time.day)
        if self._source == TickType.TRADE:
            self.low = _NO_LOW
            return
        self._quote = QuoteBar(self._data_time, data.symbol, None, 0.0, None, 0.0, _ONE_DAY)
        before = getattr(previous, "_quote", None)
        if before is not None:
            bid = 0.0 if before.bid is None else before.bid.close
            ask = 0.0 if before.ask is None else before.ask.close
            self._quote.update(0.0, bid, ask, 0.0, 0.0, 0.0)
            self._show_quote()

    def _add_volume(self, data: Any, volume: float) -> None:
        if self._volume_time <= data.time:
            self._volume_time = data.end_time
            self.volume = decimal_sum(self.volume, volume)

    def _take_trades(self, data: Any, first: float, high: float, low: float, close: float) -> None:
        if not self._begun:
            self._begun = True
            self.open = first
        self.high = max(self.high, high)
        self.low = min(self.low, low)
        self.value = close
        self._data_time = data.end_time

    def _take_quotes(self, data: QuoteBar) -> None:
        quote = self._quote
        assert quote is not None
        if data.bid is not None:
            quote.bid = merge(quote.bid, data.bid)
        if data.ask is not None:
            quote.ask = merge(quote.ask, data.ask)
        quote.value = data.value
        self._show_quote()
        self._data_time = data.end_time

    def _take_tick(self, tick: Tick) -> None:
        if tick.tick_type == TickType.TRADE:
            self._take_trades(tick, tick.value, tick.value, tick.value, tick.value)
            return
        assert self._quote is not None
        self._quote.update(0.0, tick.bid_price, tick.ask_price, 0.0, tick.bid_size, tick.ask_size)
        self._show_quote()
        self._data_time = tick.end_time

    def _show_quote(self) -> None:
        quote = self._quote
        assert quote is not None
        self.open, self.high, self.low, self.value = quote.open, quote.high, quote.low, quote.close

    def __str__(self) -> str:
        prices = (self.open, self.high, self.low, self.close, self.volume)
        texts = [f"{letter}: {rounded_text(price)} " for letter, price in zip("OHLCV", prices, strict=True)]
        return f"{''.join(texts)}OI: {number_text(self.open_interest)}"
