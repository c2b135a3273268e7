"""Prices and Greeks of European options, by Black, Scholes and Merton.

Black and Scholes, The Pricing of Options and Corporate Liabilities (1973); Merton, Theory of Rational Option
Pricing (1973), for a continuous dividend yield. Time is in years, volatility, rate and dividend yield are
annual fractions, continuously compounded.

At expiry, and without volatility, the price is that of the certain payoff and the Greeks are its derivatives;
exactly at the payoff's kink, where these do not exist, delta, gamma, vega, theta and rho are NaN. Whatever
has no price (a spot or strike not above zero, negative time or volatility, a NaN) is NaN throughout.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.options.contract import Greeks, as_greeks, broadcast
from trading.options.normal import cumulative, density

Values = tuple[float, float, float, float, float, float]


def european_price(
    right: ArrayLike,
    spot: ArrayLike,
    strike: ArrayLike,
    years: ArrayLike,
    volatility: ArrayLike,
    rate: ArrayLike = 0.0,
    dividend_yield: ArrayLike = 0.0,
) -> Float64Array:
    """Price of each European option; the arguments broadcast against each other.

    Args:
        right: `Right.CALL` or `Right.PUT` (1 or -1).
        spot: price of the underlying.
        strike: price at which it may be bought or sold.
        years: time to expiry.
        volatility: annual, 0.20 for 20 %.
        rate: risk-free interest rate.
        dividend_yield: of the underlying.
    """
    shape, rows = broadcast(right, spot, strike, years, volatility, rate, dividend_yield)
    out = np.empty(rows.shape[1])
    _prices(rows, out)
    return out.reshape(shape)


def european_greeks(
    right: ArrayLike,
    spot: ArrayLike,
    strike: ArrayLike,
    years: ArrayLike,
    volatility: ArrayLike,
    rate: ArrayLike = 0.0,
    dividend_yield: ArrayLike = 0.0,
) -> Greeks:
    """Price and Greeks of each European option; arguments as of `european_price`."""
    shape, rows = broadcast(right, spot, strike, years, volatility, rate, dividend_yield)
    out = np.empty((6, rows.shape[1]))
    _greeks(rows, out)
    return as_greeks(out, shape)


@kernel
def is_priceable(
    right: float,
    spot: float,
    strike: float,
    years: float,
    volatility: float,
    rate: float,
    dividend_yield: float,
) -> bool:
    """Whether the arguments describe an option that has a price."""
    return (
        abs(right) == 1.0
        and 0.0 < spot < np.inf
        and 0.0 < strike < np.inf
        and 0.0 <= years < np.inf
        and 0.0 <= volatility < np.inf
        and -np.inf < rate < np.inf
        and -np.inf < dividend_yield < np.inf
    )


@kernel
def black_scholes_price(
    right: float,
    spot: float,
    strike: float,
    years: float,
    volatility: float,
    rate: float,
    dividend_yield: float,
) -> float:
    """Price of one European option."""
    if not is_priceable(right, spot, strike, years, volatility, rate, dividend_yield):
        return np.nan
    held = spot * math.exp(-dividend_yield * years)
    paid = strike * math.exp(-rate * years)
    deviation = volatility * math.sqrt(years)
    if deviation <= 0.0:
        return max(right * (held - paid), 0.0)
    d1 = math.log(held / paid) / deviation + 0.5 * deviation
    # Far out of the money the two terms differ in their last bits only: not below zero for that.
    return max(right * (held * cumulative(right * d1) - paid * cumulative(right * (d1 - deviation))), 0.0)


@kernel
def black_scholes_greeks(
    right: float,
    spot: float,
    strike: float,
    years: float,
    volatility: float,
    rate: float,
    dividend_yield: float,
) -> Values:
    """Price, delta, gamma, vega, theta and rho of one European option, in the units of `Greeks`."""
    if not is_priceable(right, spot, strike, years, volatility, rate, dividend_yield):
        return np.nan, np.nan, np.nan, np.nan, np.nan, np.nan
    growth = math.exp(-dividend_yield * years)
    held = spot * growth
    paid = strike * math.exp(-rate * years)
    root = math.sqrt(years)
    deviation = volatility * root
    if deviation <= 0.0:
        gain = right * (held - paid)
        if gain == 0.0:
            return 0.0, np.nan, np.nan, np.nan, np.nan, np.nan
        if gain < 0.0:
            return 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        theta = right * (dividend_yield * held - rate * paid)
        return gain, right * growth, 0.0, 0.0, theta, right * years * paid
    d1 = math.log(held / paid) / deviation + 0.5 * deviation
    above = cumulative(right * d1)
    exercised = cumulative(right * (d1 - deviation))
    density_1 = density(d1)
    weight = held * density_1
    price = max(right * (held * above - paid * exercised), 0.0)
    theta = right * (dividend_yield * held * above - rate * paid * exercised)
    theta -= 0.5 * weight * volatility / root
    gamma = growth * density_1 / (spot * deviation)
    return price, right * growth * above, gamma, weight * root, theta, right * years * paid * exercised


@kernel
def _prices(rows: Float64Array, out: Float64Array) -> None:
    for i in range(rows.shape[1]):
        out[i] = black_scholes_price(
            rows[0, i], rows[1, i], rows[2, i], rows[3, i], rows[4, i], rows[5, i], rows[6, i]
        )


@kernel
def _greeks(rows: Float64Array, out: Float64Array) -> None:
    for i in range(rows.shape[1]):
        out[0, i], out[1, i], out[2, i], out[3, i], out[4, i], out[5, i] = black_scholes_greeks(
            rows[0, i], rows[1, i], rows[2, i], rows[3, i], rows[4, i], rows[5, i], rows[6, i]
        )
