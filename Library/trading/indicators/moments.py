"""Power sums of the last `period` values against their position in the window, one value at a time.

What rolling deviation and regressions stand on. Values are taken relative to a shift, the value nearest zero
in the window when the sums were last taken anew (once a window), and accumulated at twice the precision of a
double, so that a small spread around a large level, or after a spike that has left, comes out right: values
lose no digits to such a shift, as they would to a mean that a spike has moved.

State: [period, values seen, shift, run of equal values at the end, then accumulators of the sums of d, i*d,
i^2*d and d^2, where d = value - shift and i = 0 for the oldest value, then the ring of values].
"""

from __future__ import annotations

import numpy as np

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.indicators.compensated import add, add_product, clear, two_product

_SEEN, SHIFT, _RUN = 1, 2, 3
SUM, SUM_I, SUM_II, SQUARES, RING = 4, 6, 8, 10, 12


def moments_state(period: int) -> Float64Array:
    """State of `moments_update`, nothing seen."""
    state = np.zeros(RING + period)
    state[0] = period
    return state


@kernel
def moments_update(state: Float64Array, value: float) -> bool:
    """Take in `value`; whether the window is full."""
    period = int(state[0])
    seen = int(state[_SEEN])
    place = seen % period
    if seen == 0:
        state[SHIFT] = value
    last = state[RING + (place - 1) % period]
    state[_RUN] = state[_RUN] + 1.0 if seen > 0 and value == last else 1.0
    if seen >= period:
        _drop_oldest(state, state[RING + place] - state[SHIFT])
    _append(state, value - state[SHIFT], float(min(seen, period - 1)))
    state[RING + place] = value
    state[_SEEN] = seen + 1.0
    if place == period - 1:
        _take_anew(state)
    return seen + 1 >= period


@kernel
def _drop_oldest(state: Float64Array, d: float) -> None:
    """Remove the value at position 0; all others move down by one."""
    add(state, SUM, -d)
    add_product(state, SQUARES, -d, d)
    for part in range(2):  # sum and error: (i - 1)^2 = i^2 - 2i + 1
        add(state, SUM_II, -2.0 * state[SUM_I + part])
        add(state, SUM_II, state[SUM + part])
    for part in range(2):
        add(state, SUM_I, -state[SUM + part])


@kernel
def _append(state: Float64Array, d: float, position: float) -> None:
    add(state, SUM, d)
    add_product(state, SUM_I, d, position)
    add_product(state, SUM_II, d, position * position)
    add_product(state, SQUARES, d, d)


@kernel
def _take_anew(state: Float64Array) -> None:
    """All sums from the ring, whose first place now holds the oldest value, about a new shift."""
    period = int(state[0])
    state[SHIFT] = state[RING]
    for k in range(1, period):
        if abs(state[RING + k]) < abs(state[SHIFT]):
            state[SHIFT] = state[RING + k]
    for at in (SUM, SUM_I, SUM_II, SQUARES):
        clear(state, at)
    for k in range(period):
        _append(state, state[RING + k] - state[SHIFT], float(k))


@kernel
def spread(state: Float64Array) -> float:
    """Sum of squared deviations from the window's mean; exactly 0 for equal values."""
    period = state[0]
    if state[_RUN] >= period:
        return 0.0
    square, square_error = two_product(state[SUM], state[SUM])
    square_error += 2.0 * state[SUM] * state[SUM + 1]
    scaled, scaled_error = two_product(period, state[SQUARES])
    scaled_error += period * state[SQUARES + 1]
    squares: float = ((scaled - square) + (scaled_error - square_error)) / period
    return max(squares, 0.0)
