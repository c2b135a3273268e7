"""Events: what a strategy says happened, and all that a simulator needs to know of it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

EVENT_DTYPE = np.dtype(
    [
        ("bar", np.int64),
        ("side", np.int64),
        ("enter", np.bool_),
        ("stop", np.float64),
        ("target", np.float64),
        ("trail", np.float64),
    ],
    align=True,
)
"""Columns of an event array; the fields mean what `Event`'s do."""


class Event(NamedTuple):
    """Something that happened at the close of a bar.

    An event closes a position of the opposite side, always, and opens one of its own side when `enter`.

    Attributes:
        bar: index of the signal bar.
        side: +1 up, -1 down.
        enter: whether every entry filter passed.
        stop: stop price, 0 = none.
        target: limit price of the profit target, 0 = none.
        trail: distance of a trailing stop in price units, 0 = none.
    """

    bar: int
    side: int
    enter: bool
    stop: float
    target: float
    trail: float
