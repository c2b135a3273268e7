"""Moving average convergence divergence (Gerald Appel): fast EMA - slow EMA, its EMA as signal, their gap.

As LEAN's: each average is seeded with its simple average, the signal's with the first differences after both
averages are ready. The line is ready at bar `slow`, signal and histogram at `slow` + `signal` - 1.
State: the three averages'.
"""

from __future__ import annotations

import numpy as np

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.indicators.ema import ema_state, ema_update


def macd_state(fast: int, slow: int, signal: int) -> Float64Array:
    """State of `macd_update`, nothing seen."""
    return np.concatenate((ema_state(fast), ema_state(slow), ema_state(signal)))


@kernel
def macd_update(state: Float64Array, value: float) -> tuple[float, float, float]:
    """Line, signal and histogram with `value` taken in, each NaN until ready."""
    size = len(state) // 3
    line = ema_update(state[:size], value) - ema_update(state[size : 2 * size], value)
    if np.isnan(line):
        return np.nan, np.nan, np.nan
    signal = ema_update(state[2 * size :], line)
    return line, signal, line - signal


@kernel
def macd_loop(state: Float64Array, values: Float64Array, out: Float64Array) -> None:
    """`macd_update` of each value into the three rows of `out`."""
    for t in range(len(values)):
        out[0, t], out[1, t], out[2, t] = macd_update(state, values[t])
