"""Points of charts. Values are rounded to seven digits, as LEAN rounds them; statistics are made of these."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from utils.engine.dotnet.money import exact
from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.rounding import smart_rounding
from utils.engine.dotnet.surface import optional_float_of

_EPOCH: Final = datetime(1970, 1, 1)
_MICROSECOND: Final = timedelta(microseconds=1)


class ChartPoint(DotNet):
    """A value at a time (UTC, or whole seconds of Unix time); None leaves a gap."""

    time: datetime
    y = optional_float_of("exact_y")

    def __init__(self, time: datetime | float, value: float | Decimal | None) -> None:
        self.time = time if isinstance(time, datetime) else _EPOCH + timedelta(seconds=int(time))
        self.exact_y = None if value is None else smart_rounding(exact(value))

    @property
    def x(self) -> int:
        """Unix time in seconds, rounded half to even."""
        return round((self.time - _EPOCH) / timedelta(seconds=1))

    def clone(self) -> ChartPoint:
        """A copy of its own."""
        return type(self)(self.time, self.exact_y)

    def fields(self) -> object:
        """As LEAN writes it to a result."""
        return [self.x, self.exact_y]


class ScatterChartPoint(ChartPoint):
    """A point of a scatter plot, with a text shown beside it."""

    tooltip: str | None

    def __init__(
        self, time: datetime | float, value: float | Decimal | None, tooltip: str | None = None
    ) -> None:
        super().__init__(time, value)
        self.tooltip = tooltip

    def clone(self) -> ScatterChartPoint:
        """A copy of its own."""
        return ScatterChartPoint(self.time, self.exact_y, self.tooltip)

    def fields(self) -> object:
        """As LEAN writes it to a result."""
        tooltip = {} if self.tooltip is None else {"tooltip": self.tooltip}
        return {**tooltip, "x": self.x, "y": self.exact_y}


class Candlestick(DotNet):
    """Open, high, low and close at a time (UTC). Made of a trade bar, or of a time and four values."""

    time: datetime
    open = optional_float_of("exact_open")
    high = optional_float_of("exact_high")
    low = optional_float_of("exact_low")
    close = optional_float_of("exact_close")

    def __init__(self, time: Any, *values: float | Decimal | None) -> None:
        if not values:
            time, values = time.end_time, (time.open, time.high, time.low, time.close)
        self.time = time if isinstance(time, datetime) else _EPOCH + timedelta(seconds=int(time))
        rounded = [None if value is None else smart_rounding(exact(value)) for value in values]
        self.exact_open, self.exact_high, self.exact_low, self.exact_close = rounded

    @property
    def long_time(self) -> int:
        """Unix time in whole seconds."""
        return (self.time - _EPOCH) // timedelta(seconds=1)

    def clone(self) -> Candlestick:
        """A copy of its own."""
        return Candlestick(self.time, self.exact_open, self.exact_high, self.exact_low, self.exact_close)

    def fields(self) -> object:
        """As LEAN writes it to a result."""
        return [self.long_time, self.exact_open, self.exact_high, self.exact_low, self.exact_close]


Point = ChartPoint | Candlestick
