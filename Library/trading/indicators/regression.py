"""Least-squares line and parabola through the last `period` values, over positions 0 (oldest) to period - 1.

By polynomials orthogonal over the window (Forsythe 1957): P1 = i - c and P2 = P1^2 - (n^2 - 1) / 12 with
c = (n - 1) / 2, so each coefficient has its own sum. Units: slope in value units a bar, curvature (the
coefficient of i^2) in value units a bar squared. R^2 is the explained share of the variance, NaN where the
values are all equal; the residual is the newest value less the fit at it. State: the moments'.
"""

from __future__ import annotations

import numpy as np

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.indicators.compensated import two_product, value_of
from trading.indicators.moments import SHIFT, SUM, SUM_I, SUM_II, moments_state, moments_update, spread

Line = tuple[float, float, float, float]
Parabola = tuple[float, float, float, float, float]


def regression_state(period: int) -> Float64Array:
    """State of either regression, nothing seen."""
    return moments_state(period)


@kernel
def _less_product(state: Float64Array, at: int, factor: float, other: int) -> float:
    """Accumulator `at` less `factor` times accumulator `other`, rounded once."""
    product, error = two_product(factor, state[other])
    difference: float = (state[at] - product) + (state[at + 1] - error - factor * state[other + 1])
    return difference


@kernel
def linear_update(state: Float64Array, value: float) -> Line:
    """Slope, fit at the newest value, R^2 and residual with `value` taken in, each NaN until ready."""
    if not moments_update(state, value):
        return np.nan, np.nan, np.nan, np.nan
    n = state[0]
    centre = (n - 1.0) / 2.0
    first = _less_product(state, SUM_I, centre, SUM)  # sum of P1 * d
    first_norm = n * (n * n - 1.0) / 12.0  # sum of P1^2
    slope = first / first_norm
    mean = value_of(state, SUM) / n
    fit = mean + slope * centre
    total = spread(state)
    explained = min(first * slope / total, 1.0) if total > 0.0 else np.nan
    return slope, state[SHIFT] + fit, explained, (value - state[SHIFT]) - fit


@kernel
def quadratic_update(state: Float64Array, value: float) -> Parabola:
    """Curvature, slope at the newest value, fit there, R^2 and residual with `value` taken in."""
    if not moments_update(state, value):
        return np.nan, np.nan, np.nan, np.nan, np.nan
    n = state[0]
    centre = (n - 1.0) / 2.0
    first = _less_product(state, SUM_I, centre, SUM)
    first_norm = n * (n * n - 1.0) / 12.0
    slope = first / first_norm
    # sum of P2 * d = sum of i^2 d - 2c sum of i d + (c^2 - (n^2 - 1) / 12) sum of d
    second = _less_product(state, SUM_II, 2.0 * centre, SUM_I)
    second += (centre * centre - (n * n - 1.0) / 12.0) * value_of(state, SUM)
    second_norm = n * (n * n - 1.0) * (n * n - 4.0) / 180.0  # sum of P2^2
    curvature = second / second_norm
    mean = value_of(state, SUM) / n
    fit = mean + slope * centre + curvature * (centre * centre - (n * n - 1.0) / 12.0)
    total = spread(state)
    explained = min((first * slope + second * curvature) / total, 1.0) if total > 0.0 else np.nan
    newest_slope = slope + 2.0 * curvature * centre
    return curvature, newest_slope, state[SHIFT] + fit, explained, (value - state[SHIFT]) - fit


@kernel
def linear_loop(state: Float64Array, values: Float64Array, out: Float64Array) -> None:
    """`linear_update` of each value into the four rows of `out`."""
    for t in range(len(values)):
        out[0, t], out[1, t], out[2, t], out[3, t] = linear_update(state, values[t])


@kernel
def quadratic_loop(state: Float64Array, values: Float64Array, out: Float64Array) -> None:
    """`quadratic_update` of each value into the five rows of `out`."""
    for t in range(len(values)):
        out[0, t], out[1, t], out[2, t], out[3, t], out[4, t] = quadratic_update(state, values[t])
