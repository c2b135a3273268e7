"""Bars of quotes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from utils.engine.data.bar import Bar
from utils.engine.data.base_data import PeriodData
from utils.engine.data.rounded_text import rounded_text
from utils.engine.data.trade_bar import TradeBar
from utils.engine.data.wall_time import ONE_MINUTE
from utils.engine.enums import MarketDataType

if TYPE_CHECKING:
    from utils.engine.identity.symbol import Symbol

_new = object.__new__


def _middle(bid: float, ask: float) -> float:
    """The mean of both sides as of decimals, or the side there is."""
    if bid != 0.0 and ask != 0.0:
        return float(f"{(bid + ask) / 2.0:.15g}")
    return bid or ask


class QuoteBar(PeriodData):
    """Bid and ask over a span of time; either may be None."""

    __slots__ = ("_value", "ask", "bid", "last_ask_size", "last_bid_size")
    bid: Bar | None
    ask: Bar | None
    last_bid_size: float
    last_ask_size: float
    # None until `value` of a bar from a row is read.
    _value: float | None

    _data_type: ClassVar[MarketDataType] = MarketDataType.QUOTE_BAR  # type: ignore[misc]  # a constant here

    def __init__(
        self,
        time: datetime | bool | None = None,
        symbol: Symbol | None = None,
        bid: Any = None,
        last_bid_size: float = 0.0,
        ask: Any = None,
        last_ask_size: float = 0.0,
        period: timedelta | None = None,
    ) -> None:
        """An empty bar, or a bar of the given sides (objects with open, high, low, close; copied)."""
        if not isinstance(time, datetime):
            super().__init__()
            self.bid = None if time else Bar()
            self.ask = None if time else Bar()
            self.last_bid_size = self.last_ask_size = 0.0
            return
        assert symbol is not None
        self.symbol = symbol
        self.is_fill_forward = False
        self._time = time
        self._end = time + (ONE_MINUTE if period is None else period)
        self.bid = None if bid is None else Bar(bid.open, bid.high, bid.low, bid.close)
        self.ask = None if ask is None else Bar(ask.open, ask.high, ask.low, ask.close)
        self.last_bid_size = 0.0 if bid is None else float(last_bid_size)
        self.last_ask_size = 0.0 if ask is None else float(last_ask_size)
        self.value = 0.0
        self.value = self.close

    @classmethod
    def of_row(
        cls,
        symbol: Symbol,
        start: int,
        end: int,
        bid: Bar | None,
        last_bid_size: float,
        ask: Bar | None,
        last_ask_size: float,
        fill_forward: bool = False,
        offset: int = 0,
    ) -> Self:
        """A bar from a row of columns, made fast; the sides are kept, not copied.

        Args:
            start, end: nanoseconds since 1970; Python ints, not numpy's.
            fill_forward: whether the row repeats an earlier one.
            offset: nanoseconds to add for the exchange's wall clock.
        """
        bar = _new(cls)
        bar.symbol = symbol
        bar._time = start + offset
        bar._end = end + offset
        bar.bid = bid
        bar.ask = ask
        bar.last_bid_size = last_bid_size
        bar.last_ask_size = last_ask_size
        bar.is_fill_forward = fill_forward
        bar._value = None
        return bar

    @property
    def value(self) -> float:
        """The close at the time the bar was made, or what was set."""
        value = self._value
        if value is None:
            # Zero is what a bar without sides closes at.
            self._value = 0.0
            self._value = value = self.close
        return value

    @value.setter
    def value(self, value: float) -> None:
        self._value = value

    @property
    def open(self) -> float:
        """Middle of the opens."""
        bid, ask = self.bid, self.ask
        if bid is not None and ask is not None:
            return _middle(bid.open, ask.open)
        side = bid if bid is not None else ask
        return 0.0 if side is None else side.open

    @property
    def high(self) -> float:
        """Middle of the highs."""
        bid, ask = self.bid, self.ask
        if bid is not None and ask is not None:
            return _middle(bid.high, ask.high)
        side = bid if bid is not None else ask
        return 0.0 if side is None else side.high

    @property
    def low(self) -> float:
        """Middle of the lows."""
        bid, ask = self.bid, self.ask
        if bid is not None and ask is not None:
            return _middle(bid.low, ask.low)
        side = bid if bid is not None else ask
        return 0.0 if side is None else side.low

    @property
    def close(self) -> float:
        """Middle of the closes."""
        bid, ask = self.bid, self.ask
        if bid is not None and ask is not None:
            return _middle(bid.close, ask.close)
        side = bid if bid is not None else ask
        return self.value if side is None else side.close

    def update(
        self,
        last_trade: float,
        bid_price: float,
        ask_price: float,
        volume: float,
        bid_size: float,
        ask_size: float,
    ) -> None:
        """Take in a quote; a price or size of zero is none."""
        self.bid = _updated(self.bid, bid_price)
        self.ask = _updated(self.ask, ask_price)
        if bid_size > 0.0:
            self.last_bid_size = bid_size
        if ask_size > 0.0:
            self.last_ask_size = ask_size
        self.value = last_trade or ask_price or bid_price or self.value

    def clone(self, fill_forward: bool | None = None) -> Self:
        """A copy with its own sides."""
        twin = super().clone(fill_forward)
        twin.bid = None if self.bid is None else self.bid.clone()
        twin.ask = None if self.ask is None else self.ask.clone()
        if fill_forward is None:
            twin.is_fill_forward = False
        return twin

    def collapse(self) -> TradeBar:
        """The middle as a bar of trades, without volume."""
        return TradeBar(self.time, self.symbol, self.open, self.high, self.low, self.close, 0.0, self.period)

    def __str__(self) -> str:
        return f"{self.symbol}: {_side_text('Bid', self.bid)}{_side_text('Ask', self.ask)}"


def _updated(side: Bar | None, price: float) -> Bar | None:
    if side is not None:
        side.update(price)
        return side
    return Bar(price, price, price, price) if price != 0.0 else None


def _side_text(name: str, side: Bar | None) -> str:
    prices = (None,) * 4 if side is None else (side.open, side.high, side.low, side.close)
    return "".join(
        f"{name}: {letter}: {rounded_text(price)} " for letter, price in zip("OHLC", prices, strict=True)
    )
