"""Stochastic oscillator (George Lane), 0 to 100: fast %K, %K smoothed over `smooth_k`, %D over `smooth_d`.

Fast %K is 100 x (close - lowest low) / (highest high - lowest low) over `period` bars, 0 where there is no
range, as LEAN's. Ready at bars `period`, + `smooth_k` - 1, + `smooth_d` - 1.
State: [size of an extreme's state, of the first average's], two extremes' states, two averages'.
"""

from __future__ import annotations

import numpy as np

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.indicators.rolling import extreme_state, maximum_update, minimum_update
from trading.indicators.sma import sma_state, sma_update


def stochastic_state(period: int, smooth_k: int, smooth_d: int) -> Float64Array:
    """State of `stochastic_update`, nothing seen."""
    extreme, average = extreme_state(period), sma_state(smooth_k)
    sizes = np.array([len(extreme), len(average)], np.float64)
    return np.concatenate((sizes, extreme, extreme, average, sma_state(smooth_d)))


@kernel
def stochastic_update(
    state: Float64Array, high: float, low: float, close: float
) -> tuple[float, float, float]:
    """Fast %K, %K and %D with a bar taken in, each NaN until ready."""
    lows = 2 + int(state[0])
    averages = lows + int(state[0])
    second = averages + int(state[1])
    highest = maximum_update(state[2:lows], high)
    lowest = minimum_update(state[lows:averages], low)
    if np.isnan(highest):
        return np.nan, np.nan, np.nan
    fast = 100.0 * (close - lowest) / (highest - lowest) if highest > lowest else 0.0
    k = sma_update(state[averages:second], fast)
    if np.isnan(k):
        return fast, np.nan, np.nan
    return fast, k, sma_update(state[second:], k)


@kernel
def stochastic_loop(
    state: Float64Array, high: Float64Array, low: Float64Array, close: Float64Array, out: Float64Array
) -> None:
    """`stochastic_update` of each bar into the three rows of `out`."""
    for t in range(len(high)):
        out[0, t], out[1, t], out[2, t] = stochastic_update(state, high[t], low[t], close[t])
