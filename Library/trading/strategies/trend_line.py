"""The trend line of Money Line: a trailing band that price flips from side to side.

Bands stand `multiplier` x ATR from the middle of the bar's range and only tighten while the close stays on
the right side of them. The line is the lower band in an uptrend and the upper band in a downtrend. (Olivier
Seban's SuperTrend; the ratchet is that of LEAN's indicator, the flips are strict on both sides.)
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from trading.bars import Float64Array
from trading.compiled import kernel

# Trend +1/-1, 0 before the first bar with an ATR; bands and close of the last bar.
_SIDE, _LOWER, _UPPER, _CLOSE = range(4)

LINE_STATE = 4
"""Length of the line's state, zeros at the start."""


@kernel
def line_update(
    state: Float64Array, high: float, low: float, close: float, atr: float, multiplier: float
) -> int:
    """Take in one bar: +1 or -1 when the trend flips at its close, else 0.

    `atr` is NaN until ready. The first bar with an ATR establishes a downtrend, which is no flip.
    """
    if math.isnan(atr):
        return 0
    middle = (high + low) / 2.0
    lower = middle - multiplier * atr
    upper = middle + multiplier * atr
    side = state[_SIDE]
    flip = 0
    if side == 0.0:
        side = -1.0
    else:
        previous = state[_CLOSE]
        if lower < state[_LOWER] and previous >= state[_LOWER]:
            lower = state[_LOWER]
        if upper > state[_UPPER] and previous <= state[_UPPER]:
            upper = state[_UPPER]
        if side > 0.0 and close < lower:
            side = -1.0
            flip = -1
        elif side < 0.0 and close > upper:
            side = 1.0
            flip = 1
    state[_SIDE] = side
    state[_LOWER] = lower
    state[_UPPER] = upper
    state[_CLOSE] = close
    return flip


@kernel
def line_flips(
    high: Float64Array, low: Float64Array, close: Float64Array, atr: Float64Array, multiplier: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Bar and side of every flip over whole arrays."""
    state = np.zeros(LINE_STATE)
    bar = np.empty(len(close), np.int64)
    side = np.empty(len(close), np.int64)
    count = 0
    for t in range(len(close)):
        flip = line_update(state, high[t], low[t], close[t], atr[t], multiplier)
        if flip != 0:
            bar[count] = t
            side[count] = flip
            count += 1
    return bar[:count].copy(), side[:count].copy()
