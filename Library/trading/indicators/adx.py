"""Average directional index with its two directional indicators, 0 to 100.

Wilder (1978). As LEAN's AverageDirectionalIndex: movements and true range are summed over the first `period`
changes and then smoothed as Wilder's sums; +DI and -DI are ready after `period` + 1 bars; their index is
averaged by Wilder's average, ready after 2 x `period` bars. A bar without any movement in the smoothed sums
gives 50 and is not averaged. A tie of an up and a down movement counts as up.

State: Wilder's for the index, then [bars seen, last high, low and close, sums of true range, + and -].
"""

from __future__ import annotations

import numpy as np

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.indicators.atr import true_range
from trading.indicators.wilder import seeded_update, wilder_state

_BARS, _HIGH, _LOW, _CLOSE, _RANGE, _PLUS, _MINUS = range(4, 11)
_AVERAGED = 2


def adx_state(period: int) -> Float64Array:
    """State of `adx_update`, nothing seen."""
    return np.concatenate((wilder_state(period), np.zeros(7)))


@kernel
def directional_update(
    state: Float64Array, high: float, low: float, close: float
) -> tuple[float, float, float]:
    """ADX, +DI and -DI with a bar taken in, each NaN until ready."""
    period = state[0]
    state[_BARS] += 1.0
    if state[_BARS] > 1.0:
        up = high - state[_HIGH]
        down = state[_LOW] - low
        if state[_BARS] > period + 1.0:
            for k in (_RANGE, _PLUS, _MINUS):
                state[k] -= state[k] / period
        state[_RANGE] += true_range(high, low, state[_CLOSE])
        if up > 0.0 and up >= down:
            state[_PLUS] += up
        elif down > 0.0 and down > up:
            state[_MINUS] += down
    state[_HIGH] = high
    state[_LOW] = low
    state[_CLOSE] = close
    if state[_BARS] <= period:
        return np.nan, np.nan, np.nan
    plus = 100.0 * state[_PLUS] / state[_RANGE] if state[_RANGE] > 0.0 else 0.0
    minus = 100.0 * state[_MINUS] / state[_RANGE] if state[_RANGE] > 0.0 else 0.0
    if plus + minus > 0.0:
        adx = seeded_update(state, 100.0 * abs(plus - minus) / (plus + minus))
    else:
        adx = 50.0 if state[_AVERAGED] >= period else np.nan
    return adx, plus, minus


@kernel
def adx_update(state: Float64Array, high: float, low: float, close: float) -> float:
    """ADX with a bar taken in, NaN until ready."""
    return directional_update(state, high, low, close)[0]


@kernel
def adx_loop(
    state: Float64Array, high: Float64Array, low: Float64Array, close: Float64Array, out: Float64Array
) -> None:
    """ADX, +DI and -DI of each bar into out[0], out[1], out[2]."""
    for t in range(len(high)):
        out[0, t], out[1, t], out[2, t] = directional_update(state, high[t], low[t], close[t])
