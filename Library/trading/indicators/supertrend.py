"""SuperTrend (Olivier Seban): ATR bands around (high + low) / 2 that ratchet, and the one now in force.

As LEAN's: the lower band rises with its basic band and falls only after a close below it, the upper band
likewise; the line is the upper band until a close beyond it, then the lower until a close below that. It
begins at bar `period`, on the upper band unless the close is above it. Direction is +1 while the line is the
lower band, -1 while it is the upper.
State: [multiplier, bars with an ATR, last close, lower band, upper band, direction], then the ATR's.
"""

from __future__ import annotations

import numpy as np

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.indicators.atr import atr_state, atr_update

_MULTIPLIER, _SEEN, _CLOSE, _LOWER, _UPPER, _DIRECTION, _ATR = range(7)


def supertrend_state(period: int, multiplier: float) -> Float64Array:
    """State of `supertrend_update`, nothing seen."""
    return np.concatenate(([multiplier, 0.0, 0.0, 0.0, 0.0, -1.0], atr_state(period)))


@kernel
def supertrend_update(state: Float64Array, high: float, low: float, close: float) -> tuple[float, float]:
    """Line and direction with a bar taken in, NaN until ready."""
    atr = atr_update(state[_ATR:], high, low, close)
    last_close = state[_CLOSE]
    state[_CLOSE] = close
    if np.isnan(atr):
        return np.nan, np.nan
    lower = (high + low) / 2.0 - state[_MULTIPLIER] * atr
    upper = (high + low) / 2.0 + state[_MULTIPLIER] * atr
    if state[_SEEN] > 0.0:
        if last_close >= state[_LOWER]:
            lower = max(lower, state[_LOWER])
        if last_close <= state[_UPPER]:
            upper = min(upper, state[_UPPER])
    if state[_DIRECTION] < 0.0:
        direction = 1.0 if close > upper else -1.0
    else:
        direction = -1.0 if close < lower else 1.0
    state[_SEEN] += 1.0
    state[_LOWER] = lower
    state[_UPPER] = upper
    state[_DIRECTION] = direction
    return lower if direction > 0.0 else upper, direction


@kernel
def supertrend_loop(
    state: Float64Array, high: Float64Array, low: Float64Array, close: Float64Array, out: Float64Array
) -> None:
    """`supertrend_update` of each bar into the two rows of `out`."""
    for t in range(len(high)):
        out[0, t], out[1, t] = supertrend_update(state, high[t], low[t], close[t])
