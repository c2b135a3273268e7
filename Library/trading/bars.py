"""Price bars as columns: the input of every indicator, strategy and simulation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Float64Array = NDArray[np.float64]


class Bar(NamedTuple):
    """One bar, as a stepper receives it. `day` is the trading date as days since 1970-01-01."""

    open: float
    high: float
    low: float
    close: float
    volume: float
    day: int


@dataclass(frozen=True, eq=False)
class Bars:
    """Columns of equal length n, oldest bar first; treated as read-only by everyone.

    Attributes:
        time: start of each bar, int64 nanoseconds since 1970-01-01 UTC, strictly increasing.
        open, high, low, close, volume: float64; prices finite and positive, low <= open, close <= high.
        day: int32 trading date of each bar in the exchange's time zone, days since 1970-01-01, never
            decreasing. Daily returns and session indicators change at its steps.
        fills_next_open: bool; where true a market order sent at the bar's close finds the exchange shut and
            fills at the next bar's open (daily equity bars, the last bar of an equity session).
        bid_close, ask_close: float64 quotes at the close, or None where there are none.
        period: nominal length of a bar in nanoseconds.
        symbol: ticker, upper case, "" when unnamed.
    """

    time: NDArray[np.int64]
    open: Float64Array
    high: Float64Array
    low: Float64Array
    close: Float64Array
    volume: Float64Array
    day: NDArray[np.int32]
    fills_next_open: NDArray[np.bool_]
    period: int
    bid_close: Float64Array | None = None
    ask_close: Float64Array | None = None
    symbol: str = ""

    def __len__(self) -> int:
        return len(self.time)

    def __getitem__(self, rows: slice | NDArray[np.int64]) -> Bars:
        """The bars of a slice, as views, or of ascending places, copied."""
        columns = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(self, **{name: column[rows] for name, column in columns.items() if np.ndim(column)})

    def rows(self) -> Iterator[Bar]:
        """The bars one at a time, for a stepper."""
        columns = (self.open, self.high, self.low, self.close, self.volume, self.day)
        return map(Bar._make, zip(*(column.tolist() for column in columns), strict=True))


def always_open_bars(
    time: NDArray[np.int64],
    open: Float64Array,  # noqa: A002
    high: Float64Array,
    low: Float64Array,
    close: Float64Array,
    volume: Float64Array,
    period: int,
    symbol: str = "",
) -> Bars:
    """Bars of a market that never closes (crypto): UTC days, market orders fill at the close."""
    day = (time // 86_400_000_000_000).astype(np.int32)
    never_shut = np.zeros(len(time), np.bool_)
    return Bars(time, open, high, low, close, volume, day, never_shut, period, symbol=symbol)
