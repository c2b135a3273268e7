"""Sums and extremes over the last `period` values, one value at a time.

Sums are compensated and taken anew from the ring once a window, so that neither drift nor a spike that has
left stays in them. Extremes keep a monotonic queue: each value enters and leaves once, O(1) a bar on average.

State of a sum: [period, values seen, sum, error, ring...]; of an extreme: [period, values seen, queue head,
queue length, queued values..., bar at which each was seen...].
"""

from __future__ import annotations

import numpy as np

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.indicators.compensated import add, clear, value_of

_SEEN, _SUM, RING = 1, 2, 4
_HEAD, _LENGTH, _QUEUE = 2, 3, 4


def sum_state(period: int) -> Float64Array:
    """State of a rolling sum, nothing seen."""
    state = np.zeros(RING + period)
    state[0] = period
    return state


@kernel
def sum_update(state: Float64Array, value: float) -> float:
    """Sum of the last `period` values, NaN until there are as many."""
    period = int(state[0])
    place = int(state[_SEEN]) % period
    add(state, _SUM, value)
    if state[_SEEN] >= period:
        add(state, _SUM, -state[RING + place])
    state[RING + place] = value
    state[_SEEN] += 1.0
    if place == period - 1:
        clear(state, _SUM)
        for k in range(period):
            add(state, _SUM, state[RING + k])
    return value_of(state, _SUM) if state[_SEEN] >= period else np.nan


def extreme_state(period: int) -> Float64Array:
    """State of a rolling maximum or minimum, nothing seen."""
    state = np.zeros(_QUEUE + 2 * period)
    state[0] = period
    return state


@kernel
def maximum_update(state: Float64Array, value: float) -> float:
    """Greatest of the last `period` values, NaN until there are as many."""
    period = int(state[0])
    seen = state[_SEEN]
    head = int(state[_HEAD])
    length = int(state[_LENGTH])
    if length > 0 and state[_QUEUE + period + head] <= seen - period:
        head = (head + 1) % period
        length -= 1
    while length > 0 and state[_QUEUE + (head + length - 1) % period] <= value:
        length -= 1
    tail = (head + length) % period
    state[_QUEUE + tail] = value
    state[_QUEUE + period + tail] = seen
    state[_HEAD] = head
    state[_LENGTH] = length + 1
    state[_SEEN] = seen + 1.0
    return state[_QUEUE + head] if state[_SEEN] >= period else np.nan


@kernel
def minimum_update(state: Float64Array, value: float) -> float:
    """Least of the last `period` values, NaN until there are as many."""
    return -maximum_update(state, -value)


@kernel
def maximum_loop(state: Float64Array, values: Float64Array, out: Float64Array) -> None:
    """`maximum_update` of each value into out[0]."""
    for t in range(len(values)):
        out[0, t] = maximum_update(state, values[t])


@kernel
def minimum_loop(state: Float64Array, values: Float64Array, out: Float64Array) -> None:
    """`minimum_update` of each value into out[0]."""
    for t in range(len(values)):
        out[0, t] = minimum_update(state, values[t])
