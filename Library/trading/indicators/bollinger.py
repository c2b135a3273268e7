"""Bollinger bands: the mean of the last `period` values and `width` population deviations around it.

John Bollinger, Bollinger on Bollinger Bands (2001). As LEAN's, band width is 100 x (upper - lower) / middle
and %B is (value - lower) / (upper - lower). %B is NaN where the bands meet, band width where the middle is 0.
State: the width, then the moments'.
"""

from __future__ import annotations

import numpy as np

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.indicators.compensated import value_of
from trading.indicators.moments import SHIFT, SUM, moments_state, moments_update, spread

Bands = tuple[float, float, float, float, float]


def bollinger_state(period: int, width: float) -> Float64Array:
    """State of `bollinger_update`, nothing seen."""
    return np.append(width, moments_state(period))


@kernel
def bollinger_update(state: Float64Array, value: float) -> Bands:
    """Middle, upper, lower, band width and %B with `value` taken in, each NaN until ready."""
    moments = state[1:]
    if not moments_update(moments, value):
        return np.nan, np.nan, np.nan, np.nan, np.nan
    period = moments[0]
    middle = moments[SHIFT] + value_of(moments, SUM) / period
    half = state[0] * np.sqrt(spread(moments) / period)
    upper = middle + half
    lower = middle - half
    percent = (value - lower) / (upper - lower) if upper > lower else np.nan
    band_width = 100.0 * (upper - lower) / middle if middle != 0.0 else np.nan
    return middle, upper, lower, band_width, percent


@kernel
def bollinger_loop(state: Float64Array, values: Float64Array, out: Float64Array) -> None:
    """`bollinger_update` of each value into the five rows of `out`."""
    for t in range(len(values)):
        out[0, t], out[1, t], out[2, t], out[3, t], out[4, t] = bollinger_update(state, values[t])
