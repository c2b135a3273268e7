"""What no market can have said."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from trading.bars import Float64Array

TRADE_COLUMNS = ("open", "high", "low", "close", "volume")
QUOTE_COLUMNS = (
    *("bid_open", "bid_high", "bid_low", "bid_close", "bid_size"),
    *("ask_open", "ask_high", "ask_low", "ask_close", "ask_size"),
)
OPEN_INTEREST_COLUMNS = ("open_interest",)

SIDE = len(TRADE_COLUMNS)
"""Columns of a side: of the bid, of the ask, or of trades."""


def wrong_rows(
    columns: Sequence[Float64Array], *, empty_quotes: bool = False
) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Each thing that may be wrong with bars, and where it is, of shape (n,).

    Args:
        columns: n rows each, in the order of TRADE_COLUMNS or QUOTE_COLUMNS. A side without quotes has NaN as
            its four prices.
        empty_quotes: whether both sides may be without.
    """
    quotes = len(columns) > SIDE
    names = QUOTE_COLUMNS if quotes else TRADE_COLUMNS
    absent = np.zeros((len(columns) // SIDE, len(columns[0])), np.bool_)
    for number, first in enumerate(range(0, len(columns), SIDE)):
        open_, high, low, close, size = columns[first : first + SIDE]
        prices = (open_, high, low, close)
        if quotes:
            absent[number] = np.all([np.isnan(price) for price in prices], axis=0)
        for name, price in zip(names[first:], prices, strict=False):
            yield f"{name} is not a positive number", ~(absent[number] | ((price > 0) & (price < math.inf)))
        yield f"{names[first + 1]} is not the highest price", high < np.maximum(open_, np.maximum(low, close))
        yield f"{names[first + 2]} is not the lowest price", low > np.minimum(open_, close)
        yield f"{names[first + 4]} is not a number of 0 or more", ~((size >= 0) & (size < math.inf))
    if quotes and not empty_quotes:
        yield "neither bid nor ask", absent.all(axis=0)
