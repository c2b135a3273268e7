"""Exponential moving average with smoothing 2 / (period + 1).

As LEAN's ExponentialMovingAverage: the first value, at bar `period`, is the simple average of the values so
far. State: [period, smoothing, values seen, average].
"""

from __future__ import annotations

import numpy as np

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.indicators.wilder import seeded_update


def ema_state(period: int) -> Float64Array:
    """State of `ema_update`, nothing seen."""
    return np.array([period, 2.0 / (period + 1.0), 0.0, 0.0])


@kernel
def ema_update(state: Float64Array, value: float) -> float:
    """The average with `value` taken in, NaN until ready."""
    return seeded_update(state, value)


@kernel
def ema_loop(state: Float64Array, values: Float64Array, out: Float64Array) -> None:
    """`ema_update` of each value into out[0]."""
    for t in range(len(values)):
        out[0, t] = ema_update(state, values[t])
