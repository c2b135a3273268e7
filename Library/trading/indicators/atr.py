"""Average true range: Wilder's average of the true range, ready at bar `period`, as LEAN's.

The first bar's true range is its high - low (Wilder 1978). State: Wilder's, then [last close].
"""

from __future__ import annotations

import numpy as np

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.indicators.wilder import seeded_update, wilder_state

_SEEN, _CLOSE = 2, 4


def atr_state(period: int) -> Float64Array:
    """State of `atr_update`, nothing seen."""
    return np.append(wilder_state(period), 0.0)


@kernel
def true_range(high: float, low: float, last_close: float) -> float:
    """Greatest of high - low and the two distances to the last close."""
    return max(high, last_close) - min(low, last_close)


@kernel
def atr_update(state: Float64Array, high: float, low: float, close: float) -> float:
    """The average with a bar taken in, price units, NaN until ready."""
    span = high - low if state[_SEEN] == 0.0 else true_range(high, low, state[_CLOSE])
    state[_CLOSE] = close
    return seeded_update(state, span)


@kernel
def atr_loop(
    state: Float64Array, high: Float64Array, low: Float64Array, close: Float64Array, out: Float64Array
) -> None:
    """`atr_update` of each bar into out[0]."""
    for t in range(len(high)):
        out[0, t] = atr_update(state, high[t], low[t], close[t])
