"""Simple moving average: mean of the last `period` values. Ready at value `period`, as LEAN's."""

from __future__ import annotations

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.indicators.rolling import sum_state, sum_update


def sma_state(period: int) -> Float64Array:
    """State of `sma_update`: a rolling sum's."""
    return sum_state(period)


@kernel
def sma_update(state: Float64Array, value: float) -> float:
    """The average with `value` taken in, NaN until ready."""
    average: float = sum_update(state, value) / state[0]
    return average


@kernel
def sma_loop(state: Float64Array, values: Float64Array, out: Float64Array) -> None:
    """`sma_update` of each value into out[0]."""
    for t in range(len(values)):
        out[0, t] = sma_update(state, values[t])
