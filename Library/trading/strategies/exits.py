"""Exits that strategies share: stop, target and trailing distance as multiples of a unit of price."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from trading.bars import Float64Array
from trading.compiled import kernel


@kernel
def level(close: float, side: int, multiple: float, unit: float) -> float:
    """Price `multiple` x `unit` beyond `close` on the side of `side`; 0 = none.

    None for a multiple of 0, a unit of NaN (not ready) and a price that is not positive: it cannot trade.
    """
    if multiple == 0.0 or math.isnan(unit):
        return 0.0
    return max(close + side * (multiple * unit), 0.0)


@kernel
def distance(multiple: float, unit: float) -> float:
    """Trailing distance of `multiple` x `unit`; 0 = none."""
    return 0.0 if math.isnan(unit) else multiple * unit


@kernel
def set_levels(
    exits: Float64Array, side: int, close: float, unit: float, stop: float, target: float, trail: float
) -> None:
    """Stop price, target price and trailing distance of one event, written to `exits`."""
    exits[0] = level(close, -side, stop, unit)
    exits[1] = level(close, side, target, unit)
    exits[2] = distance(trail, unit)


@kernel
def levels(
    bar: NDArray[np.int64],
    side: NDArray[np.int64],
    close: Float64Array,
    unit: Float64Array,
    stop: float,
    target: float,
    trail: float,
) -> tuple[Float64Array, Float64Array, Float64Array]:
    """Stop price, target price and trailing distance of each event.

    Args:
        bar, side: the events.
        close, unit: whole arrays over the bars; the unit is an ATR, or a hundredth of the close.
        stop, target, trail: multiples of the unit, 0 = none.
    """
    exits = np.empty((3, len(bar)))
    for k in range(len(bar)):
        t = bar[k]
        set_levels(exits[:, k], side[k], close[t], unit[t], stop, target, trail)
    return exits[0], exits[1], exits[2]
