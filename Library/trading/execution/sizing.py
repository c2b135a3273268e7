"""Quantities in whole lots: they compare exactly, which sums of floating-point quantities do not."""

from __future__ import annotations

import math


def entry_lots(allocation: float, equity: float, price: float, lot_size: float) -> int:
    """Lots that `allocation` of `equity` buys at `price`, truncated; the simulator's rule."""
    return max(math.floor((allocation * equity) / (price * lot_size)), 0)


def whole_lots(quantity: float, lot_size: float) -> int:
    """Lots in a signed quantity, truncated toward zero.

    LEAN's quantities are decimals: a float a few bits below a whole number of lots is that number.

    >>> whole_lots(0.29, 0.01), whole_lots(-1.99, 1.0)
    (29, -1)
    """
    lots = quantity / lot_size
    nearest = round(lots)
    return nearest if abs(lots - nearest) <= max(1e-6, 1e-14 * abs(lots)) else math.trunc(lots)
