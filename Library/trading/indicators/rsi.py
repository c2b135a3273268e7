"""Relative strength index, 0 to 100: Wilder's, and Cutler's with simple averages.

100 - 100 / (1 + average gain / average loss) over `period` changes, so ready at bar `period` + 1, as LEAN's.
100 where the average loss rounds to zero at ten decimals, as LEAN has it.

State of Wilder's: [bars seen, last value], then Wilder's state of the gains and of the losses.
State of Cutler's: the same with rolling sums' states.
"""

from __future__ import annotations

import numpy as np

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.indicators.rolling import sum_state, sum_update
from trading.indicators.wilder import seeded_update, wilder_state

_SEEN, _LAST, _AVERAGES = 0, 1, 2
_NO_LOSS = 0.5e-10


def wilder_rsi_state(period: int) -> Float64Array:
    """State of `wilder_rsi_update`, nothing seen."""
    return np.concatenate((np.zeros(2), wilder_state(period), wilder_state(period)))


def cutler_rsi_state(period: int) -> Float64Array:
    """State of `cutler_rsi_update`, nothing seen."""
    return np.concatenate((np.zeros(2), sum_state(period), sum_state(period)))


@kernel
def _change(state: Float64Array, value: float) -> float:
    """Change from the last value, NaN at the first."""
    change = value - state[_LAST] if state[_SEEN] > 0.0 else np.nan
    state[_SEEN] += 1.0
    state[_LAST] = value
    return change


@kernel
def _index(gain: float, loss: float) -> float:
    if np.isnan(gain):
        return np.nan
    if loss <= _NO_LOSS:
        return 100.0
    return 100.0 - 100.0 / (1.0 + gain / loss)


@kernel
def wilder_rsi_update(state: Float64Array, value: float) -> float:
    """Wilder's index with `value` taken in, NaN until ready."""
    change = _change(state, value)
    if np.isnan(change):
        return np.nan
    half = (len(state) - _AVERAGES) // 2
    gain = seeded_update(state[_AVERAGES : _AVERAGES + half], max(change, 0.0))
    loss = seeded_update(state[_AVERAGES + half :], max(-change, 0.0))
    return _index(gain, loss)


@kernel
def cutler_rsi_update(state: Float64Array, value: float) -> float:
    """Cutler's index with `value` taken in, NaN until ready."""
    change = _change(state, value)
    if np.isnan(change):
        return np.nan
    half = (len(state) - _AVERAGES) // 2
    period = state[_AVERAGES]
    gain = sum_update(state[_AVERAGES : _AVERAGES + half], max(change, 0.0))
    loss = sum_update(state[_AVERAGES + half :], max(-change, 0.0))
    return _index(gain / period, loss / period)


@kernel
def wilder_rsi_loop(state: Float64Array, values: Float64Array, out: Float64Array) -> None:
    """`wilder_rsi_update` of each value into out[0]."""
    for t in range(len(values)):
        out[0, t] = wilder_rsi_update(state, values[t])


@kernel
def cutler_rsi_loop(state: Float64Array, values: Float64Array, out: Float64Array) -> None:
    """`cutler_rsi_update` of each value into out[0]."""
    for t in range(len(values)):
        out[0, t] = cutler_rsi_update(state, values[t])
