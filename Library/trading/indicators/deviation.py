"""Rolling standard deviation of a population (divisor `period`), as LEAN's. Exactly 0 for equal values."""

from __future__ import annotations

import numpy as np

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.indicators.moments import moments_state, moments_update, spread


def deviation_state(period: int) -> Float64Array:
    """State of `deviation_update`, nothing seen."""
    return moments_state(period)


@kernel
def deviation_update(state: Float64Array, value: float) -> float:
    """The deviation with `value` taken in, NaN until ready."""
    if not moments_update(state, value):
        return np.nan
    return float(np.sqrt(spread(state) / state[0]))


@kernel
def deviation_loop(state: Float64Array, values: Float64Array, out: Float64Array) -> None:
    """`deviation_update` of each value into out[0]."""
    for t in range(len(values)):
        out[0, t] = deviation_update(state, values[t])
