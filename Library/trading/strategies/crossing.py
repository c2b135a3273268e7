"""Two lines crossing: the sign of their difference, where zero keeps the sign before it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trading.bars import Float64Array
from trading.compiled import kernel

CROSSING_STATE = 1
"""Length of the state, zeros at the start: the last sign, 0 before the first."""


@kernel
def crossing_update(state: Float64Array, fast: float, slow: float) -> int:
    """Take in one bar: +1 when `fast` has come to lie above `slow`, -1 below, else 0.

    The first sign is no crossing. Equal lines, and lines of which one is NaN, keep the sign.
    """
    sign = 0.0
    if fast > slow:
        sign = 1.0
    elif fast < slow:
        sign = -1.0
    previous = state[0]
    if sign in (0.0, previous):
        return 0
    state[0] = sign
    return 0 if previous == 0.0 else int(sign)


@kernel
def crossings(fast: Float64Array, slow: Float64Array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Bar and side of every crossing over whole arrays."""
    state = np.zeros(CROSSING_STATE)
    bar = np.empty(len(fast), np.int64)
    side = np.empty(len(fast), np.int64)
    count = 0
    for t in range(len(fast)):
        crossed = crossing_update(state, fast[t], slow[t])
        if crossed != 0:
            bar[count] = t
            side[count] = crossed
            count += 1
    return bar[:count].copy(), side[:count].copy()
