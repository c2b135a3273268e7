"""Steppers of one compiled call a bar: every state of a strategy in one flat array.

A call from Python into a kernel costs more than the arithmetic of a bar, so a stepper makes one: its
indicators' states, its own and its settings lie one after another in one float64 array, offsets first.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from trading.bars import Bar, Float64Array
from trading.compiled import kernel
from trading.events import Event
from trading.strategies.contract import Stepper

EXITS = 3
"""Length of part 0, where a step leaves stop, target and trail of its event."""

Step = Callable[[Float64Array, float, float, float, float], int]
"""``step(state, high, low, close, volume)``: 0 = no event, else its side, doubled when it may be entered."""


def packed(*parts: Float64Array) -> Float64Array:
    """One array of the offsets of `parts`, the end of the last, and `parts`."""
    sizes = np.cumsum([len(parts) + 1] + [len(part) for part in parts])
    return np.concatenate((sizes.astype(np.float64), *parts))


@kernel
def part(state: Float64Array, index: int) -> Float64Array:
    """Part `index` of a packed array, as a view."""
    return state[int(state[index]) : int(state[index + 1])]


class FusedStepper(Stepper):
    """Drives one strategy's `step` over its packed state."""

    def __init__(self, step: Step, *parts: Float64Array) -> None:
        """`parts` are what follows part 0 in the state: the settings, and each indicator's."""
        self._step = step
        self._state = packed(np.zeros(EXITS), *parts)
        self._exits = part(self._state, 0)
        self._bar = -1

    def update(self, bar: Bar) -> Event | None:
        """Take in one bar; the event at its close, or None."""
        self._bar += 1
        _, high, low, close, volume, _ = bar
        code = self._step(self._state, high, low, close, volume)
        if code == 0:
            return None
        stop, target, trail = self._exits.tolist()
        return Event(self._bar, 1 if code > 0 else -1, abs(code) > 1, stop, target, trail)
