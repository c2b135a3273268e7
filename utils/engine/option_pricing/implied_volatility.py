"""LEAN's implied volatility: Brent's method with a loose tolerance, whose steps show in the digits.

Brent, Algorithms for Minimization without Derivatives (1973), in the form of Numerical Recipes that Math.NET
follows: a root is good when it is known to half the tolerance or the price to the tolerance.
"""

from __future__ import annotations

import numpy as np

from trading.compiled import kernel
from utils.engine.option_pricing.prices import BLACK_SCHOLES, theoretical_price

_LOWEST, _HIGHEST = 1e-7, 4.0
_ITERATIONS = 100
_EPSILON = float(np.finfo(np.float64).eps)


def implied_volatility(
    model: int,
    price: float,
    spot: float,
    strike: float,
    years: float,
    rate: float,
    dividend_yield: float,
    right: int,
) -> float | None:
    """Volatility at which a model gives a price; None when the search fails."""
    if years <= 0.0:
        return None  # LEAN's price is zero then, whatever the volatility
    low, high = _LOWEST, _HIGHEST
    if model != BLACK_SCHOLES:
        near = implied_volatility(BLACK_SCHOLES, price, spot, strike, years, rate, dividend_yield, right)
        if near:
            near = float(f"{near:.15g}")  # it has been a decimal
            low, high = max(low, near * 0.5), min(high, near * 1.5)
    accuracy = max(1e-4, 1e-4 * price)
    try:
        found = _root(model, price, spot, strike, years, rate, dividend_yield, right, low, high, accuracy)
    except ZeroDivisionError:
        return None
    return None if np.isnan(found) else found


@kernel
def _root(
    model: int,
    price: float,
    spot: float,
    strike: float,
    years: float,
    rate: float,
    dividend_yield: float,
    right: int,
    low: float,
    high: float,
    accuracy: float,
) -> float:
    """NaN when the price is not between those at `low` and `high`, or not found."""
    # Three points: the best so far, the one before, and one on the other side of the root.
    before, other, best = low, high, high
    at_before = theoretical_price(model, low, spot, strike, years, rate, dividend_yield, right) - price
    at_other = theoretical_price(model, high, spot, strike, years, rate, dividend_yield, right) - price
    at_best = at_other
    if np.isnan(at_before) or np.isnan(at_other) or np.sign(at_before) == np.sign(at_other):
        return np.nan
    step, last_step, half = 0.0, 0.0, np.nan
    for _ in range(_ITERATIONS + 1):
        if np.sign(at_best) == np.sign(at_other):
            other, at_other = before, at_before
            step = last_step = best - before
        if abs(at_other) < abs(at_best):
            before, best, other = best, other, best
            at_before, at_best, at_other = at_best, at_other, at_best
        enough = _EPSILON * abs(best) + 0.5 * accuracy
        previous_half = half
        half = 0.5 * (other - best)
        if abs(half) <= enough or abs(at_best) < accuracy:
            return best
        if half == previous_half:
            return np.nan
        if abs(last_step) >= enough and abs(at_before) > abs(at_best):
            s = at_best / at_before
            if abs(before - other) < 5.0 * _EPSILON * max(abs(before), abs(other)):
                p, q = 2.0 * half * s, 1.0 - s
            else:
                q, r = at_before / at_other, at_best / at_other
                p = s * (2.0 * half * q * (q - r) - (best - before) * (r - 1.0))
                q = (q - 1.0) * (r - 1.0) * (s - 1.0)
            if p > 0.0:
                q = -q
            p = abs(p)
            if 2.0 * p < min(3.0 * half * q - abs(enough * q), abs(last_step * q)):
                last_step, step = step, p / q
            else:
                step = last_step = half
        else:
            step = last_step = half
        before, at_before = best, at_best
        if abs(step) > enough:
            best += step
        else:
            best += enough if half >= 0.0 else -enough
        at_best = theoretical_price(model, best, spot, strike, years, rate, dividend_yield, right) - price
    return np.nan
