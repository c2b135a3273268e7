"""Prices and Greeks of American options on the binomial tree of Leisen and Reimer.

Leisen and Reimer, Binomial Models for Option Valuation (1996), with Peizer and Pratt's second inversion. The
error falls with the square of the number of steps: with 201, the default, it stays below 4e-4 of the larger
of spot and strike up to two years and a volatility of 120 %.
Delta and gamma come from the tree's first layers, theta from the Black-Scholes equation that they fulfil,
vega and rho from trees beside it. Units and edge cases are those of `trading.options.black_scholes`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.options.american import certain_price
from trading.options.black_scholes import Values, black_scholes_greeks, is_priceable
from trading.options.contract import Greeks, as_greeks, broadcast

STEPS = 201
CERTAIN = 25.0  # deviations between strike and forward beyond which the tree's probabilities are 0 or 1
_BUMP = 1e-3  # of volatility (relative) and rate, for vega and rho


def binomial_price(
    right: ArrayLike,
    spot: ArrayLike,
    strike: ArrayLike,
    years: ArrayLike,
    volatility: ArrayLike,
    rate: ArrayLike = 0.0,
    dividend_yield: ArrayLike = 0.0,
    steps: int = STEPS,
) -> Float64Array:
    """Price of each American option; arguments as of `european_price`.

    Args:
        steps: of the tree, odd and 3 or more; the work grows with their square.

    Raises:
        ValueError: when `steps` is even or below 3.
    """
    check_steps(steps)
    shape, rows = broadcast(right, spot, strike, years, volatility, rate, dividend_yield)
    out = np.empty(rows.shape[1])
    _prices(rows, steps, out)
    return out.reshape(shape)


def binomial_greeks(
    right: ArrayLike,
    spot: ArrayLike,
    strike: ArrayLike,
    years: ArrayLike,
    volatility: ArrayLike,
    rate: ArrayLike = 0.0,
    dividend_yield: ArrayLike = 0.0,
    steps: int = STEPS,
) -> Greeks:
    """Price and Greeks of each American option; arguments as of `binomial_price`."""
    check_steps(steps)
    shape, rows = broadcast(right, spot, strike, years, volatility, rate, dividend_yield)
    out = np.empty((6, rows.shape[1]))
    _greeks(rows, steps, out)
    return as_greeks(out, shape)


def check_steps(steps: int) -> None:
    """Raise ValueError when no tree has so many steps."""
    if steps < 3 or steps % 2 == 0:
        raise ValueError(f"steps: {steps} is not an odd number of 3 or more")


@kernel
def peizer_pratt(deviations: float, steps: int) -> float:
    """Probability of an up move that lets `steps` of them end as the normal distribution does."""
    scaled = deviations / (steps + 1.0 / 3.0 + 0.1 / (steps + 1.0))
    return 0.5 + math.copysign(0.5, deviations) * math.sqrt(
        -math.expm1(-scaled * scaled * (steps + 1.0 / 6.0))
    )


@kernel
def tree(
    right: float,
    spot: float,
    strike: float,
    years: float,
    volatility: float,
    rate: float,
    dividend_yield: float,
    steps: int,
    work: Float64Array,
) -> tuple[float, float, float]:
    """Price, delta and gamma of one American option with volatility and time; `work` has steps + 1 places."""
    step = years / steps
    deviation = volatility * math.sqrt(years)
    d1 = (math.log(spot / strike) + (rate - dividend_yield) * years) / deviation + 0.5 * deviation
    d2 = d1 - deviation
    if abs(d1) > CERTAIN or abs(d2) > CERTAIN:
        price = certain_price(right, spot, strike, years, rate, dividend_yield)
        edge = 1e-4 * spot
        above = certain_price(right, spot + edge, strike, years, rate, dividend_yield)
        below = certain_price(right, spot - edge, strike, years, rate, dividend_yield)
        return price, (above - below) / (2.0 * edge), (above - 2.0 * price + below) / (edge * edge)
    p = peizer_pratt(d2, steps)
    growth = math.exp((rate - dividend_yield) * step)
    up = growth * peizer_pratt(d1, steps) / p
    down = (growth - p * up) / (1.0 - p)
    discount = math.exp(-rate * step)
    of_up, of_down = discount * p, discount * (1.0 - p)
    ratio = up / down
    price = spot * down**steps
    for k in range(steps + 1):
        work[k] = max(right * (price - strike), 0.0)
        price *= ratio
    one_up, one_down, gamma = 0.0, 0.0, 0.0
    for layer in range(steps - 1, -1, -1):
        price = spot * down**layer
        for k in range(layer + 1):
            work[k] = max(of_up * work[k + 1] + of_down * work[k], right * (price - strike))
            price *= ratio
        if layer == 2:
            low, middle, high = spot * down * down, spot * up * down, spot * up * up
            upper = (work[2] - work[1]) / (high - middle)
            lower = (work[1] - work[0]) / (middle - low)
            gamma = (upper - lower) / (0.5 * (high - low))
        elif layer == 1:
            one_down, one_up = work[0], work[1]
    return work[0], (one_up - one_down) / (spot * (up - down)), gamma


@kernel
def tree_price(
    right: float,
    spot: float,
    strike: float,
    years: float,
    volatility: float,
    rate: float,
    dividend_yield: float,
    steps: int,
    work: Float64Array,
) -> float:
    """Price of one American option."""
    if not is_priceable(right, spot, strike, years, volatility, rate, dividend_yield):
        return np.nan
    if volatility * math.sqrt(years) <= 0.0:
        return certain_price(right, spot, strike, years, rate, dividend_yield)
    return tree(right, spot, strike, years, volatility, rate, dividend_yield, steps, work)[0]


@kernel
def tree_greeks(
    right: float,
    spot: float,
    strike: float,
    years: float,
    volatility: float,
    rate: float,
    dividend_yield: float,
    steps: int,
    work: Float64Array,
) -> Values:
    """Price, delta, gamma, vega, theta and rho of one American option, in the units of `Greeks`."""
    if not is_priceable(right, spot, strike, years, volatility, rate, dividend_yield):
        return np.nan, np.nan, np.nan, np.nan, np.nan, np.nan
    if years == 0.0:
        return black_scholes_greeks(right, spot, strike, years, volatility, rate, dividend_yield)
    if volatility * math.sqrt(years) <= 0.0:
        price = certain_price(right, spot, strike, years, rate, dividend_yield)
        return price, np.nan, np.nan, np.nan, np.nan, np.nan
    price, delta, gamma = tree(right, spot, strike, years, volatility, rate, dividend_yield, steps, work)
    wider, narrower = volatility * (1.0 + _BUMP), volatility * (1.0 - _BUMP)
    vega = (
        tree_price(right, spot, strike, years, wider, rate, dividend_yield, steps, work)
        - tree_price(right, spot, strike, years, narrower, rate, dividend_yield, steps, work)
    ) / (wider - narrower)
    rho = (
        tree_price(right, spot, strike, years, volatility, rate + _BUMP, dividend_yield, steps, work)
        - tree_price(right, spot, strike, years, volatility, rate - _BUMP, dividend_yield, steps, work)
    ) / (2.0 * _BUMP)
    if price <= right * (spot - strike):
        return price, right, 0.0, 0.0, 0.0, 0.0
    theta = rate * price - (rate - dividend_yield) * spot * delta
    theta -= 0.5 * volatility * volatility * spot * spot * gamma
    return price, delta, gamma, vega, theta, rho


@kernel
def _prices(rows: Float64Array, steps: int, out: Float64Array) -> None:
    work = np.empty(steps + 1)
    for i in range(rows.shape[1]):
        out[i] = tree_price(
            rows[0, i], rows[1, i], rows[2, i], rows[3, i], rows[4, i], rows[5, i], rows[6, i], steps, work
        )


@kernel
def _greeks(rows: Float64Array, steps: int, out: Float64Array) -> None:
    work = np.empty(steps + 1)
    for i in range(rows.shape[1]):
        out[0, i], out[1, i], out[2, i], out[3, i], out[4, i], out[5, i] = tree_greeks(
            rows[0, i], rows[1, i], rows[2, i], rows[3, i], rows[4, i], rows[5, i], rows[6, i], steps, work
        )
