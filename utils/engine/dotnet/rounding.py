"""LEAN's roundings of prices and figures for display and comparison."""

from __future__ import annotations

import math
from decimal import Decimal
from functools import cache, lru_cache

from utils.engine.dotnet.money import ZERO, exact, normalize, round_half_even


def round_to_significant_digits(value: Decimal, digits: int) -> Decimal:
    """Round half to even at a number of significant digits; the scale of the result is LEAN's.

    >>> str(round_to_significant_digits(Decimal("56123456"), 2))
    '56000000.00'
    """
    if not value:
        return ZERO
    scale = _power_of_ten(math.floor(math.log10(abs(float(value)))) + 1)
    return scale * round_half_even(value / scale, digits)


@cache
def _power_of_ten(exponent: int) -> Decimal:
    return exact(math.pow(10, exponent))


@lru_cache(maxsize=1024)  # charts repeat values: an equity at rest, the four prices of a candle
def smart_rounding(value: Decimal) -> Decimal:
    """Four places above 1000, else seven significant digits, without trailing zeros."""
    if not value:
        return ZERO
    value = normalize(value)
    if value > 1000:
        return round_half_even(value, 4)
    return normalize(round_to_significant_digits(value, 7))
