"""Bars of trades."""

# ruff: noqa: A001, A002 - the names and arguments are LEAN's

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from utils.engine.data.base_data import BaseData, PeriodData
from utils.engine.data.rounded_text import rounded_text
from utils.engine.data.wall_time import ONE_MINUTE
from utils.engine.enums import MarketDataType

if TYPE_CHECKING:
    from utils.engine.identity.symbol import Symbol

_new = object.__new__
_PRICES: Final = ("open", "high", "low", "close", "value")


class TradeBar(PeriodData):
    """Open, high, low, close and volume of a span of time."""

    __slots__ = ("high", "low", "open", "volume")
    open: float
    high: float
    low: float
    volume: float
    if TYPE_CHECKING:
        close: float
    else:
        close = BaseData.value  # the same slot

    _data_type: ClassVar[MarketDataType] = MarketDataType.TRADE_BAR  # type: ignore[misc]  # a constant here

    def __init__(
        self,
        time: datetime | TradeBar | None = None,
        symbol: Symbol | None = None,
        open: float = 0.0,
        high: float = 0.0,
        low: float = 0.0,
        close: float = 0.0,
        volume: float = 0.0,
        period: timedelta | None = None,
    ) -> None:
        """An empty bar, a copy of the bar in `time`, or a bar of the given values (period one minute)."""
        if time is None:
            super().__init__()
            self.open = self.high = self.low = self.volume = 0.0
            self.__class__ = _without_price(type(self))  # type: ignore[arg-type]  # classes are hashable
            return
        if isinstance(time, TradeBar):
            original = time
            time, period, symbol = original.time, original.period, original.symbol
            open, high, low = original.open, original.high, original.low
            close, volume = original.close, original.volume
        assert symbol is not None
        self.symbol = symbol
        self.is_fill_forward = False
        self._time = time
        self._end = time + (ONE_MINUTE if period is None else period)
        self.open = float(open)
        self.high = float(high)
        self.low = float(low)
        self.value = float(close)
        self.volume = float(volume)

    @classmethod
    def of_row(
        cls,
        symbol: Symbol,
        start: int,
        end: int,
        open: float,
        high: float,
        low: float,
        close: float,
        volume: float,
        fill_forward: bool = False,
        offset: int = 0,
    ) -> Self:
        """A bar from a row of columns, made fast.

        Args:
            start, end: nanoseconds since 1970; Python ints, not numpy's.
            fill_forward: whether the row repeats an earlier one.
            offset: nanoseconds to add for the exchange's wall clock.
        """
        bar = _new(cls)
        bar.symbol = symbol
        bar._time = start + offset
        bar._end = end + offset
        bar.open = open
        bar.high = high
        bar.low = low
        bar.value = close
        bar.volume = volume
        bar.is_fill_forward = fill_forward
        return bar

    def update(
        self,
        last_trade: float,
        bid_price: float,
        ask_price: float,
        volume: float,
        bid_size: float,
        ask_size: float,
    ) -> None:
        """Take in a trade."""
        if self.open == self.high == self.low == self.value == 0.0:
            self.open = self.high = self.low = last_trade
        elif last_trade > self.high:
            self.high = last_trade
        elif last_trade < self.low:
            self.low = last_trade
        self.volume += volume
        self.value = last_trade

    def clone(self, fill_forward: bool | None = None) -> Self:
        """A copy; one that fills forward has no volume."""
        twin = super().clone(fill_forward)
        if fill_forward:
            twin.volume = 0.0
        return twin

    def __str__(self) -> str:
        return (
            f"{self.symbol}: O: {rounded_text(self.open)} H: {rounded_text(self.high)} "
            f"L: {rounded_text(self.low)} C: {rounded_text(self.close)} V: {rounded_text(self.volume)}"
        )


@cache
def _without_price(cls: type[TradeBar]) -> Any:
    """The class of a bar that has no price yet: the first that is set stands for those that are not."""

    def __setattr__(bar: TradeBar, name: str, value: Any) -> None:  # noqa: N807 - set on a class below
        if name in _PRICES:
            bar.__class__ = cls
            bar.open = bar.high = bar.low = value
        object.__setattr__(bar, name, value)

    return type(
        cls.__name__, (cls,), {"__slots__": (), "__module__": cls.__module__, "__setattr__": __setattr__}
    )
