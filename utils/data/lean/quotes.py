"""Quote bars: how bid and ask moved within each bar."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from trading.bars import Float64Array


@dataclass(frozen=True, eq=False)
class QuoteBars:
    """Columns of equal length n, oldest bar first; treated as read-only by everyone.

    Where a side had no quotes its four prices are NaN; at least one side is there.

    Attributes:
        time: start of each bar, int64 nanoseconds since 1970-01-01 UTC, strictly increasing.
        bid_open, bid_high, bid_low, bid_close, ask_open, ask_high, ask_low, ask_close: float64 prices.
        bid_size, ask_size: float64 size of the last quote.
        day: int32 trading date as in `trading.bars.Bars`.
        period: nominal length of a bar in nanoseconds.
        symbol: ticker, upper case.
    """

    time: NDArray[np.int64]
    bid_open: Float64Array
    bid_high: Float64Array
    bid_low: Float64Array
    bid_close: Float64Array
    bid_size: Float64Array
    ask_open: Float64Array
    ask_high: Float64Array
    ask_low: Float64Array
    ask_close: Float64Array
    ask_size: Float64Array
    day: NDArray[np.int32]
    period: int
    symbol: str = ""

    def __len__(self) -> int:
        return len(self.time)

    def __getitem__(self, rows: slice) -> QuoteBars:
        """The bars of a slice, as views."""
        chosen = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(self, **{name: column[rows] for name, column in chosen.items() if np.ndim(column)})

    def mid(self, name: str) -> Float64Array:
        """Mean of the bid's and the ask's `name` (open, high, low, close); where one is absent, the other.

        This is what LEAN's QuoteBar calls its open, high, low and close. The mean is rounded to 15
        significant digits, so that of 1.38676 and 1.38686 it is 1.38681 and not the float beside it.
        """
        bid, ask = getattr(self, f"bid_{name}"), getattr(self, f"ask_{name}")
        mean = (bid + ask) / 2
        unit = 10.0 ** (14 - np.floor(np.log10(mean)))
        return np.where(np.isnan(bid), ask, np.where(np.isnan(ask), bid, np.rint(mean * unit) / unit))
