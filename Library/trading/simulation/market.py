"""Bars as the simulation kernels see them: fills of market orders, daily marks and block extremes.

Everything that depends on the security type, on quotes or on trading hours is settled here or in
`trading.simulation.brackets`; the kernels after them know prices only.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trading.bars import Bars, Float64Array
from trading.simulation.instrument import Instrument
from trading.simulation.records import BLOCKS

SKIP = 64
"""Bars in a block whose extremes are kept, so that a search for a touch can pass over it."""


class Market(NamedTuple):
    """The simulated bars; every array is read-only. n bars, d days from the first simulated bar on.

    Attributes:
        open, high, low, close: prices, shape (n,).
        slip: slippage of a fill on each bar, price units.
        fill_bar: bar that fills a market order sent at each bar's close; -1 = none, the data ends.
        buy, sell: price at which such an order fills.
        buy_now, sell_now: price it would fill at on its own bar's close; what an order is sized by.
        block_high, block_low: extremes of each run of `SKIP` bars.
        block_close_high, block_close_low: extremes of the closes of each run.
        day: index of each bar's day, 0 for the first simulated bar's.
        day_close: close of each day's last bar, shape (d,).
        day_block: which of the 16 time blocks each day belongs to, shape (d,).
        start: first bar at which events count.
    """

    open: Float64Array
    high: Float64Array
    low: Float64Array
    close: Float64Array
    slip: Float64Array
    fill_bar: NDArray[np.int64]
    buy: Float64Array
    sell: Float64Array
    buy_now: Float64Array
    sell_now: Float64Array
    block_high: Float64Array
    block_low: Float64Array
    block_close_high: Float64Array
    block_close_low: Float64Array
    day: NDArray[np.int32]
    day_close: Float64Array
    day_block: NDArray[np.int64]
    start: int


def market(bars: Bars, instrument: Instrument, start: int = 0) -> Market:
    """What the kernels need of `bars` from bar `start` on.

    Raises:
        ValueError: no bar is left to simulate.
    """
    if not 0 <= start < len(bars):
        raise ValueError(f"start: bar {start} is not among the {len(bars)} bars")
    close = np.ascontiguousarray(bars.close)
    slip = instrument.slippage * close
    buy_now = (close if bars.ask_close is None else bars.ask_close) + slip
    sell_now = (close if bars.bid_close is None else bars.bid_close) - slip
    fill_bar, buy, sell = _market_orders(bars, slip, buy_now, sell_now)
    day, day_close = _days(bars, start)
    return Market(
        np.ascontiguousarray(bars.open),
        np.ascontiguousarray(bars.high),
        np.ascontiguousarray(bars.low),
        close,
        slip,
        fill_bar,
        buy,
        sell,
        buy_now,
        sell_now,
        _by_block(np.maximum, bars.high),
        _by_block(np.minimum, bars.low),
        _by_block(np.maximum, close),
        _by_block(np.minimum, close),
        day,
        day_close,
        np.arange(len(day_close)) * BLOCKS // len(day_close),
        start,
    )


def block_days(days: int) -> NDArray[np.int64]:
    """Days in each of the 16 time blocks of a span of `days` days, shape (16,)."""
    return np.bincount(np.arange(days) * BLOCKS // days, minlength=BLOCKS)


def _market_orders(
    bars: Bars, slip: Float64Array, buy_now: Float64Array, sell_now: Float64Array
) -> tuple[NDArray[np.int64], Float64Array, Float64Array]:
    bar = np.arange(len(bars))
    waits = bars.fills_next_open
    following = np.minimum(bar + 1, len(bars) - 1)
    fill_bar = np.where(waits, bar + 1, bar)
    if waits[-1]:
        fill_bar[-1] = -1
    buy = np.where(waits, bars.open[following] + slip[following], buy_now)
    sell = np.where(waits, bars.open[following] - slip[following], sell_now)
    return fill_bar, buy, sell


def _days(bars: Bars, start: int) -> tuple[NDArray[np.int32], Float64Array]:
    steps = np.zeros(len(bars), np.int32)
    steps[start + 1 :] = np.diff(bars.day[start:]) != 0
    day = np.cumsum(steps, dtype=np.int32)
    last_bars = np.append(np.flatnonzero(steps[start + 1 :]) + start, len(bars) - 1)
    return day, np.ascontiguousarray(bars.close[last_bars])


def _by_block(extreme: np.ufunc, column: Float64Array) -> Float64Array:
    starts = np.arange(0, len(column), SKIP)
    result: Float64Array = extreme.reduceat(column, starts)
    return result
