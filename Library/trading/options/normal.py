"""The standard normal distribution."""

from __future__ import annotations

import math

from trading.compiled import kernel

_SQRT_HALF = math.sqrt(0.5)
_INVERSE_SQRT_TWO_PI = 1.0 / math.sqrt(2.0 * math.pi)


@kernel
def cumulative(x: float) -> float:
    """Probability of a value below `x`, with full relative precision in the lower tail."""
    return 0.5 * math.erfc(-x * _SQRT_HALF)


@kernel
def density(x: float) -> float:
    """Density at `x`."""
    return _INVERSE_SQRT_TWO_PI * math.exp(-0.5 * x * x)
