"""On-balance volume (Joseph Granville): volume of rising closes less volume of falling ones.

As LEAN's, it begins with the first bar's volume. State: [bars seen, last close, balance].
"""

from __future__ import annotations

import numpy as np

from trading.bars import Float64Array
from trading.compiled import kernel

_SEEN, _CLOSE, _BALANCE = 0, 1, 2


def obv_state() -> Float64Array:
    """State of `obv_update`, nothing seen."""
    return np.zeros(3)


@kernel
def obv_update(state: Float64Array, close: float, volume: float) -> float:
    """The balance with a bar taken in, units of volume."""
    if state[_SEEN] == 0.0 or close > state[_CLOSE]:
        state[_BALANCE] += volume
    elif close < state[_CLOSE]:
        state[_BALANCE] -= volume
    state[_SEEN] += 1.0
    state[_CLOSE] = close
    return float(state[_BALANCE])


@kernel
def obv_loop(state: Float64Array, close: Float64Array, volume: Float64Array, out: Float64Array) -> None:
    """`obv_update` of each bar into out[0]."""
    for t in range(len(close)):
        out[0, t] = obv_update(state, close[t], volume[t])
