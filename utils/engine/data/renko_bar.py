"""Bars of a price range or a volume instead of a time."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.enums import LeanEnum
from utils.engine.dotnet.exceptions import InvalidOperationException
from utils.engine.dotnet.money import exact

if TYPE_CHECKING:
    from utils.engine.identity.symbol import Symbol


class RenkoType(LeanEnum):
    """Whether bricks have wicks."""

    CLASSIC = 0
    WICKED = 1


class BarDirection(LeanEnum):
    """Where a bar closed."""

    RISING = 0
    NO_DELTA = 1
    FALLING = 2


class BaseRenkoBar(TradeBar):
    """Base of bricks."""

    __slots__ = ("brick_size", "is_closed", "type")
    type: RenkoType
    brick_size: float
    is_closed: bool

    def _take(
        self,
        symbol: Symbol | None,
        start: datetime | None,
        end: datetime | None,
        brick_size: float,
        prices: tuple[float, float, float, float],
    ) -> None:
        super().__init__()
        self.brick_size = float(brick_size)
        self.is_closed = False
        self.open, self.high, self.low, self.value = (float(price) for price in prices)
        if symbol is not None and start is not None and end is not None:
            self.symbol = symbol
            self._time = start
            self._end = end

    @property
    def start(self) -> datetime:
        """Start of the bar."""
        return self.time


class RenkoBar(BaseRenkoBar):
    """A brick: its close is a brick's size away from its open."""

    __slots__ = ()

    def __init__(
        self,
        symbol: Symbol | None = None,
        start: datetime | None = None,
        *rest: datetime | float,
        brick_size: float = 0.0,
    ) -> None:
        """An unfinished classic brick of `time, brick_size, open, volume`, or a finished one with wicks of
        `start, end_time, brick_size, open, high, low, close`.
        """
        if rest and isinstance(rest[0], datetime):
            size, *prices = (_number(value) for value in rest[1:])
            opened, high, low, close = prices
            self._take(symbol, start, rest[0], size, (opened, high, low, close))
            self.type = RenkoType.WICKED
            return
        numbers = [_number(value) for value in rest]
        size, opened, volume = numbers if numbers else (brick_size, 0.0, 0.0)
        self._take(symbol, start, start, size, (opened,) * 4)
        self.type = RenkoType.CLASSIC
        self.volume = volume

    @property
    def end(self) -> datetime:
        """End of the bar."""
        return self.end_time

    @property
    def direction(self) -> BarDirection:
        """Where it closed."""
        if self.open == self.value:
            return BarDirection.NO_DELTA
        return BarDirection.RISING if self.open < self.value else BarDirection.FALLING

    @property
    def spread(self) -> float:
        """Distance of open and close."""
        return float(abs(exact(self.value) - exact(self.open)))

    def update(self, time: datetime, current_value: float, volume_since_last_update: float) -> bool:  # type: ignore[override]  # LEAN's overload
        """Take in a price; whether the brick is finished.

        Raises:
            InvalidOperationException: the brick has wicks.
        """
        if self.type == RenkoType.WICKED:
            raise InvalidOperationException('RenkoBar: a "Wicked" bar is made finished and cannot be updated')
        if self.is_closed:
            return True
        if self.time == datetime.min:
            self._time = time
        self._end = time
        low, high = brick_limits(self.open, self.brick_size)
        self.value = min(high, max(low, float(current_value)))
        self.volume += volume_since_last_update
        self.is_closed = current_value <= low or current_value >= high
        self.high = max(self.high, self.value)
        self.low = min(self.low, self.value)
        return self.is_closed


class VolumeRenkoBar(BaseRenkoBar):
    """A bar of a volume: `brick_size`."""

    __slots__ = ()

    def __init__(
        self,
        symbol: Symbol | None = None,
        start: datetime | None = None,
        end_time: datetime | None = None,
        brick_size: float = 0.0,
        open: float = 0.0,  # noqa: A002 - LEAN's name
        high: float = 0.0,
        low: float = 0.0,
        close: float = 0.0,
        volume: float = 0.0,
    ) -> None:
        self._take(symbol, start, end_time, brick_size, (open, high, low, close))
        self.type = RenkoType.CLASSIC
        self.volume = float(volume)
        self.is_closed = self.volume >= self.brick_size

    def update(self, time: datetime, high: float, low: float, close: float, volume: float) -> float:  # type: ignore[override]  # LEAN's overload
        """Take in prices and a volume; the volume beyond the size, below zero where the bar is not full."""
        if self.is_closed:
            return 0.0
        self._end = time
        total = exact(self.volume) + exact(volume)
        size = exact(self.brick_size)
        self.volume = float(min(total, size))
        self.value = float(close)
        self.high = max(self.high, float(high))
        self.low = min(self.low, float(low))
        self.is_closed = total >= size
        return float(total - size)

    def rollover(self) -> VolumeRenkoBar:
        """The bar that begins where this one ended."""
        close, end = self.value, self.end_time
        return VolumeRenkoBar(self.symbol, end, end, self.brick_size, close, close, close, close)


def brick_limits(opened: float, size: float) -> tuple[float, float]:
    """Open less and plus a size, as decimals are."""
    price, step = exact(opened), exact(size)
    return float(price - step), float(price + step)


def _number(value: datetime | float) -> float:
    assert not isinstance(value, datetime)
    return float(value)
