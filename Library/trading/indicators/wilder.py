"""Exponential smoothing seeded with a simple average, and Wilder's moving average (smoothing 1 / period).

J. Welles Wilder, New Concepts in Technical Trading Systems (1978); seeding as LEAN's WilderMovingAverage.
State: [period, smoothing, values seen, average]; before it is ready the average is the sum of the values.
"""

from __future__ import annotations

import numpy as np

from trading.bars import Float64Array
from trading.compiled import kernel

_SMOOTHING, _SEEN, _AVERAGE = 1, 2, 3


def wilder_state(period: int) -> Float64Array:
    """State of Wilder's average, nothing seen."""
    return np.array([period, 1.0 / period, 0.0, 0.0])


@kernel
def seeded_update(state: Float64Array, value: float) -> float:
    """The smoothed average with `value` taken in, NaN until `period` values are."""
    period = state[0]
    state[_SEEN] += 1.0
    if state[_SEEN] > period:
        average: float = value * state[_SMOOTHING] + state[_AVERAGE] * (1.0 - state[_SMOOTHING])
        state[_AVERAGE] = average
        return average
    state[_AVERAGE] += value
    if state[_SEEN] < period:
        return np.nan
    first: float = state[_AVERAGE] / period
    state[_AVERAGE] = first
    return first


@kernel
def wilder_loop(state: Float64Array, values: Float64Array, out: Float64Array) -> None:
    """`seeded_update` of each value into out[0]."""
    for t in range(len(values)):
        out[0, t] = seeded_update(state, values[t])
