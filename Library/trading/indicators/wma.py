"""Linearly weighted moving average: weights 1 (oldest) to `period` (newest). As LEAN's, ready at `period`.

The weighted sum follows from the plain one: taking in a value lowers the weight of each older one by 1.
State: a rolling sum's, whose ring is the window, then the accumulator of the weighted sum.
"""

from __future__ import annotations

import numpy as np

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.indicators.compensated import add, add_product, clear, value_of
from trading.indicators.rolling import sum_state, sum_update

_SEEN, _SUM, _RING = 1, 2, 4


def wma_state(period: int) -> Float64Array:
    """State of `wma_update`, nothing seen."""
    return np.concatenate((sum_state(period), np.zeros(2)))


@kernel
def wma_update(state: Float64Array, value: float) -> float:
    """The average with `value` taken in, NaN until ready."""
    period = int(state[0])
    weighted = _RING + period
    if state[_SEEN] >= period:
        add(state, weighted, -state[_SUM])
        add(state, weighted, -state[_SUM + 1])
    add_product(state, weighted, value, min(state[_SEEN] + 1.0, state[0]))
    place = int(state[_SEEN]) % period
    total = sum_update(state, value)
    if place == period - 1:
        clear(state, weighted)
        for k in range(period):
            add_product(state, weighted, state[_RING + k], k + 1.0)
    if np.isnan(total):
        return np.nan
    return value_of(state, weighted) / (period * (period + 1.0) / 2.0)


@kernel
def wma_loop(state: Float64Array, values: Float64Array, out: Float64Array) -> None:
    """`wma_update` of each value into out[0]."""
    for t in range(len(values)):
        out[0, t] = wma_update(state, values[t])
