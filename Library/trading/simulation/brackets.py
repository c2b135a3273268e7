"""Fills of resting stop and limit orders, as LEAN's two fill models give them.

`gap_fills` chooses the model. True is EquityFillModel: a stop is touched at its price and fills at the open
when the bar opens beyond it; a limit fills at a better open. False is FillModel ("immediate": crypto, forex):
a touch must go beyond the price; a stop fills at the worse of its price and the close.
(Common/Orders/Fills/EquityFillModel.cs and FillModel.cs in QuantConnect/Lean.)
"""

from __future__ import annotations

import numpy as np

from trading.compiled import kernel

NONE = 0.0
"""No order, and no fill: prices are positive."""

FINEST = 1e12
"""A tick of more decimal places than this has is taken as it is."""

NEARLY = 1e-12


@kernel
def rounded(price: float, tick: float) -> float:
    """`price` rounded to the tick as LEAN rounds order prices (half to even), `NONE` if not positive."""
    if price <= 0.0:
        return NONE
    count = np.rint(price / tick)
    # A tick such as 0.01 is no float, but 1 / 100 is: so 23914 ticks are 239.14, and not the float beside it.
    unit = 1.0
    while unit < FINEST and abs(np.rint(tick * unit) - tick * unit) > NEARLY * tick * unit:
        unit *= 10.0
    level: float = count * np.rint(tick * unit) / unit if unit < FINEST else count * tick
    return max(level, NONE)


@kernel
def touches(side: int, stop: float, target: float, low: float, high: float) -> bool:
    """Whether a range of prices reaches a position's stop or target, so that either could fill."""
    if side > 0:
        return low <= stop or (target != NONE and high > target)
    return (stop != NONE and high >= stop) or low < target


@kernel
def stop_fill(
    gap_fills: bool,
    side: int,
    stop: float,
    open: float,  # noqa: A002
    low: float,
    high: float,
    close: float,
    slip: float,
) -> float:
    """Price at which the stop of a position of `side` fills in a bar, `NONE` if it does not."""
    if stop == NONE:
        return NONE
    if gap_fills:
        if side > 0:
            if low <= stop:
                return min(open, stop) - slip
        elif high >= stop:
            return max(open, stop) + slip
        return NONE
    if side > 0:
        if low < stop:
            return min(stop, close - slip)
    elif high > stop:
        return max(stop, close + slip)
    return NONE


@kernel
def target_fill(gap_fills: bool, side: int, target: float, open: float, low: float, high: float) -> float:  # noqa: A002
    """Price at which the limit order of a position's target fills in a bar, `NONE` if it does not."""
    if target == NONE:
        return NONE
    if side > 0:
        if high > target:
            return max(open if gap_fills else low, target)
    elif low < target:
        return min(open if gap_fills else high, target)
    return NONE
