"""Bars as columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

Int64Array = NDArray[np.int64]
Float64Array = NDArray[np.float64]

PRICES = ("open", "high", "low", "close")

ExactCell = Callable[[int, str], Decimal]
"""The decimal of a real row (by its index among the real rows) and a column of the file."""


@dataclass(eq=False)
class Columns:
    """Bars of one subscription, strictly increasing in `end_time`; times in UTC nanoseconds.

    Bars of quotes have both sides too, NaN where one is absent; their open, high, low and close are the
    middle, or the side there is.

    Attributes:
        start: when a bar begins.
        end_time: when a bar is revealed.
        bar_end: when a bar ends as its `end_time` tells the algorithm. It is before `end_time` where a long
            bar is filled forward on the grid of shorter ones, else the same.
        fill_forward: whether a row repeats an earlier one.
        volume: of quotes zero.
        points: of custom data the points that appear with each row, a tuple for each; its prices are NaN but
            for the close, which is the last point's value, unless the points are bars.
    """

    start: Int64Array
    end_time: Int64Array
    bar_end: Int64Array
    fill_forward: NDArray[np.bool_]
    open: Float64Array
    high: Float64Array
    low: Float64Array
    close: Float64Array
    volume: Float64Array
    bid_open: Float64Array | None = None
    bid_high: Float64Array | None = None
    bid_low: Float64Array | None = None
    bid_close: Float64Array | None = None
    bid_size: Float64Array | None = None
    ask_open: Float64Array | None = None
    ask_high: Float64Array | None = None
    ask_low: Float64Array | None = None
    ask_close: Float64Array | None = None
    ask_size: Float64Array | None = None
    points: NDArray[np.object_] | None = None
    exact: Callable[[int, str], Decimal] | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return len(self.end_time)

    @property
    def has_quotes(self) -> bool:
        """Whether the rows have bid and ask."""
        return self.bid_close is not None

    def exact_price(self, row: int, field: str) -> Decimal:
        """The decimal LEAN has in a field (`close`, `bid_open`, `volume`...) of a row, with its scale."""
        if self.exact is not None:
            return self.exact(row, field)
        value = float(getattr(self, field)[row])
        return Decimal(repr(value)) if not value.is_integer() else Decimal(int(value))

    def taken(self, rows: Any) -> Columns:
        """The rows of a slice, a mask or a list of indices; a slice gives views."""
        length = len(self)
        parts = {name: value[rows] for name, value in vars(self).items() if isinstance(value, np.ndarray)}
        exact, index = self.exact, np.arange(length)[rows]
        moved = None if exact is None else lambda row, field: exact(int(index[row]), field)
        return Columns(**parts, exact=moved)

    @staticmethod
    def joined(first: Columns, second: Columns) -> Columns:
        """Rows of one and then of the other."""
        if not len(first) or not len(second):
            return first if len(first) else second
        parts = {
            name: np.concatenate([value, getattr(second, name)])
            for name, value in vars(first).items()
            if isinstance(value, np.ndarray)
        }
        length = len(first)

        def exact(row: int, field: str) -> Decimal:
            one, other = first.exact_price, second.exact_price
            return one(row, field) if row < length else other(row - length, field)

        return Columns(**parts, exact=exact)

    @classmethod
    def empty(cls, *, quotes: bool = False) -> Columns:
        """No rows."""
        none, times = np.empty(0), np.empty(0, np.int64)
        sides: dict[str, Any] = {}
        if quotes:
            sides = {f"{side}_{name}": none for side in ("bid", "ask") for name in (*PRICES, "size")}
        return cls(times, times, times, np.empty(0, np.bool_), none, none, none, none, none, **sides)
