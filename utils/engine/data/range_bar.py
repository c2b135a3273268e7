"""Bars of a price range."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from utils.engine.data.trade_bar import TradeBar
from utils.engine.data.wall_time import NO_TIME
from utils.engine.dotnet.money import exact

if TYPE_CHECKING:
    from utils.engine.identity.symbol import Symbol


class RangeBar(TradeBar):
    """A bar whose high and low are at most `range_size` apart."""

    __slots__ = ("is_closed", "range_size")
    range_size: float
    is_closed: bool

    def __init__(
        self,
        symbol: Symbol | None = None,
        end_time: datetime | None = None,
        range_size: float = 0.0,
        open: float = 0.0,  # noqa: A002 - LEAN's name
        high: float | None = None,
        low: float | None = None,
        close: float | None = None,
        volume: float = 0.0,
    ) -> None:
        """High, low and close are the open where they are not given."""
        super().__init__()
        self._time = NO_TIME
        if symbol is not None and end_time is not None:
            self.symbol = symbol
            self._end = end_time
        self.range_size = float(range_size)
        self.is_closed = False
        self.open = float(open)
        self.high = float(open if high is None else high)
        self.low = float(open if low is None else low)
        self.value = float(open if close is None else close)
        self.volume = float(volume)

    def update(self, time: datetime, current_value: float, volume_since_last_update: float) -> None:  # type: ignore[override]  # LEAN's overload
        """Take in a price; one beyond the range finishes the bar at the range's end, without its volume."""
        self._end = time
        if current_value < self.low:
            if exact(self.high) - exact(current_value) > exact(self.range_size):
                self.low = self.value = float(exact(self.high) - exact(self.range_size))
                self.is_closed = True
                return
            self.low = float(current_value)
        elif current_value > self.high:
            if exact(current_value) - exact(self.low) > exact(self.range_size):
                self.high = self.value = float(exact(self.low) + exact(self.range_size))
                self.is_closed = True
                return
            self.high = float(current_value)
        self.volume += volume_since_last_update
