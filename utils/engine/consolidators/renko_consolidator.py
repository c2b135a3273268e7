"""Renko bars with wicks."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_FLOOR, Decimal
from typing import Any, ClassVar, Final

from utils.engine.consolidators.timeless import TypedEventConsolidator
from utils.engine.data.renko_bar import BarDirection, RenkoBar, RenkoType
from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.money import ONE, ZERO, exact, round_half_even

_RISING: Final = 1
_FALLING: Final = -1


def closest_multiple(price: Decimal, size: Decimal) -> Decimal:
    """The multiple of `size` next to `price`.

    Raises:
        ArgumentException: a size that is not above zero.
    """
    if size <= 0:
        raise ArgumentException("BarSize must be strictly greater than zero")
    whole = (price / size).quantize(ONE, rounding=ROUND_FLOOR)
    rest = price - size * whole
    return size * (whole + round_half_even(rest / size))


class RenkoConsolidator(TypedEventConsolidator):
    """A bar for each move of the price by `bar_size` beyond the last bar; a turn needs twice that.

    The first price is rounded to a multiple of the size. Prices are compared as decimals.
    """

    gives: ClassVar[type] = RenkoBar

    def __init__(self, bar_size: float) -> None:
        """Take the size.

        Raises:
            ArgumentException: a size that is not above zero.
        """
        if bar_size <= 0:
            raise ArgumentException("Renko consolidator BarSize must be strictly greater than zero")
        self._size = exact(bar_size)
        self._forget()

    def _forget(self) -> None:
        self._started = False
        self._last: RenkoBar | None = None
        self._current: RenkoBar | None = None
        self._open_time = self._close_time = datetime.min
        self._open = self._high = self._low = ZERO

    @property
    def type(self) -> RenkoType:
        """With wicks."""
        return RenkoType.WICKED

    @property
    def bar_size(self) -> float:
        """The size."""
        return float(self._size)

    @staticmethod
    def get_closest_multiple(price: float, bar_size: float) -> float:
        """The multiple of `bar_size` next to `price`."""
        return float(closest_multiple(exact(price), exact(bar_size)))

    @property
    def working_data(self) -> Any:
        """A copy of the last bar, or None."""
        return None if self._current is None else self._current.clone()

    def update(self, data: Any) -> None:
        """Take in a data point's price."""
        price = exact(data.price)
        self._close_time = data.time
        if not self._started:
            self._started = True
            self._open_time = data.time
            self._open = self._high = self._low = closest_multiple(price, self._size)
            return
        self._high = max(self._high, price)
        self._low = min(self._low, price)
        if price != self._open:
            self._move(data.symbol, price, _RISING if price > self._open else _FALLING)

    def _move(self, symbol: Any, price: Decimal, side: int) -> None:
        last = self._last
        turned = last is not None and last.direction != (
            BarDirection.RISING if side == _RISING else BarDirection.FALLING
        )
        if last is not None and turned:
            opened = exact(last.open)
            if (price - opened) * side <= self._size:
                return
            self._emit(symbol, opened, side)
        while (price - self._open) * side > self._size:
            self._emit(symbol, self._open, side)

    def _emit(self, symbol: Any, opened: Decimal, side: int) -> None:
        """A bar from `opened` to its limit; the next one begins there."""
        limit = opened + self._size * side
        high, low = (limit, self._low) if side == _RISING else (self._high, limit)
        prices = (float(price) for price in (self._size, opened, high, low, limit))
        self._last = RenkoBar(symbol, self._open_time, self._close_time, *prices)
        self.on_data_consolidated(self._last)
        self._open_time = self._close_time
        self._open = limit
        if side == _RISING:
            self._low = limit
        else:
            self._high = limit

    def _before_engine(self, consolidated: Any) -> None:
        self._current = consolidated

    def reset(self) -> None:
        """Forget all data."""
        self._forget()
        super().reset()


class WickedRenkoConsolidator(RenkoConsolidator):
    """Another name of `RenkoConsolidator`."""
