"""Bars as the simulation kernels see them: prices, fills of market orders, extremes of blocks, days.

Everything that depends on quotes or on trading hours is settled here; the kernels after it know prices only.
They take the record arrays of `Market` one by one: numba counts references to every array of a tuple that it
hands on, which costs more than the work of a trade.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trading.bars import Bars, Float64Array
from trading.simulation.instrument import Instrument
from trading.simulation.records import BLOCKS

SKIP = 64
"""Bars in a run whose extremes are kept, so that a search for a touch can pass over it."""

PRICE_DTYPE = np.dtype([(name, np.float64) for name in ("open", "high", "low", "close")], align=True)
"""Prices of one bar."""

FILL_DTYPE = np.dtype(
    [
        ("buy", np.float64),  # price at which a market order sent at the bar's close fills
        ("sell", np.float64),
        ("buy_now", np.float64),  # price at which it would fill at that close: what it is sized by
        ("sell_now", np.float64),
        ("bar", np.int32),  # bar that fills it; -1 = none, the data ends
        ("day", np.int32),  # the bar's day, counted from the first traded bar's
    ],
    align=True,
)
"""What becomes of market orders sent at one bar's close."""

RUN_DTYPE = np.dtype([(name, np.float64) for name in ("high", "low", "close_high", "close_low")], align=True)
"""Extremes of `SKIP` bars, of their prices and of their closes."""

DAY_DTYPE = np.dtype([("close", np.float64), ("block", np.int64)], align=True)
"""Close of a day's last bar, and which of the 16 time blocks the day belongs to."""


class Market(NamedTuple):
    """n bars, d days from the first traded bar on; every array is read-only.

    Attributes:
        prices: `PRICE_DTYPE`, shape (n,).
        fills: `FILL_DTYPE`, shape (n,).
        runs: `RUN_DTYPE`, shape (ceil(n / SKIP),).
        days: `DAY_DTYPE`, shape (d,).
        start: first bar at which events count.
    """

    prices: NDArray[np.void]
    fills: NDArray[np.void]
    runs: NDArray[np.void]
    days: NDArray[np.void]
    start: int


def market(bars: Bars, instrument: Instrument, start: int = 0) -> Market:
    """What the kernels need of `bars`, traded from bar `start` on.

    Raises:
        ValueError: no bar is left to simulate.
    """
    if not 0 <= start < len(bars):
        raise ValueError(f"start: bar {start} is not among the {len(bars)} bars")
    prices = np.empty(len(bars), PRICE_DTYPE)
    for name in PRICE_DTYPE.names or ():
        prices[name] = getattr(bars, name)
    runs = np.empty(-(-len(bars) // SKIP), RUN_DTYPE)
    runs["high"] = _by_run(np.maximum, bars.high)
    runs["low"] = _by_run(np.minimum, bars.low)
    runs["close_high"] = _by_run(np.maximum, bars.close)
    runs["close_low"] = _by_run(np.minimum, bars.close)
    day, days = _days(bars, start)
    return Market(prices, _fills(bars, instrument.slippage, day), runs, days, start)


def block_days(days: int) -> NDArray[np.int64]:
    """Days in each of the 16 time blocks of a span of `days` days, shape (16,)."""
    return np.bincount(_day_blocks(days), minlength=BLOCKS)


def _day_blocks(days: int) -> NDArray[np.int64]:
    blocks: NDArray[np.int64] = np.arange(days) * BLOCKS // days
    return blocks


def _fills(bars: Bars, slippage: float, day: NDArray[np.int32]) -> NDArray[np.void]:
    fills = np.empty(len(bars), FILL_DTYPE)
    slip = slippage * bars.close
    fills["buy_now"] = (bars.close if bars.ask_close is None else bars.ask_close) + slip
    fills["sell_now"] = (bars.close if bars.bid_close is None else bars.bid_close) - slip
    bar = np.arange(len(bars))
    waits = bars.fills_next_open
    following = np.minimum(bar + 1, len(bars) - 1)
    fills["buy"] = np.where(waits, bars.open[following] + slip[following], fills["buy_now"])
    fills["sell"] = np.where(waits, bars.open[following] - slip[following], fills["sell_now"])
    fills["bar"] = np.where(waits, bar + 1, bar)
    if waits[-1]:
        fills["bar"][-1] = -1
    fills["day"] = day
    return fills


def _days(bars: Bars, start: int) -> tuple[NDArray[np.int32], NDArray[np.void]]:
    steps = np.zeros(len(bars), np.int32)
    steps[start + 1 :] = np.diff(bars.day[start:]) != 0
    last_bars = np.append(np.flatnonzero(steps[start + 1 :]) + start, len(bars) - 1)
    days = np.empty(len(last_bars), DAY_DTYPE)
    days["close"] = bars.close[last_bars]
    days["block"] = _day_blocks(len(days))
    return np.cumsum(steps, dtype=np.int32), days


def _by_run(extreme: np.ufunc, column: Float64Array) -> Float64Array:
    result: Float64Array = extreme.reduceat(column, np.arange(0, len(column), SKIP))
    return result
