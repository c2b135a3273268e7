"""The prices an order is filled from."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from utils.engine.dotnet.money import exact
from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.surface import read_only_float_of


class Prices(DotNet):
    """A bar's prices, its time on the exchange's wall clock, and the price of the moment.

    Made of parts `(time, end_time, current, open, high, low, close)`, of `(time, end_time, bar)` or of a bar;
    a part that is zero is the price of the moment.
    """

    time: datetime
    end_time: datetime
    current = read_only_float_of("exact_current")
    open = read_only_float_of("exact_open")
    high = read_only_float_of("exact_high")
    low = read_only_float_of("exact_low")
    close = read_only_float_of("exact_close")

    def __init__(self, *parts: Any) -> None:
        if len(parts) == 1:
            bar = parts[0]
            parts = (bar.time, bar.end_time, bar.close, bar.open, bar.high, bar.low, bar.close)
        elif len(parts) == 3:
            bar = parts[2]
            parts = (*parts[:2], bar.close, bar.open, bar.high, bar.low, bar.close)
        self.time, self.end_time = parts[:2]
        values: list[Decimal] = [exact(value) for value in parts[2:]]
        # A price that is zero is not known.
        self.exact_current = values[0]
        self.exact_open, self.exact_high, self.exact_low, self.exact_close = (
            value or self.exact_current for value in values[1:]
        )
