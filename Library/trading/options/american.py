"""Prices and Greeks of American options by the quadratic approximation of Barone-Adesi and Whaley.

Barone-Adesi and Whaley, Efficient Analytic Approximation of American Option Values (1987). The option is
worth the European one plus A * (spot / boundary)**q up to the exercise boundary, and its payoff beyond.
Value and slope join at the boundary, so its own movement does not show in the Greeks to first order
(the envelope theorem) and all of them are exact derivatives of the approximation.

The approximation is within a few tenths of a per cent for expiries up to a year or so, and a few per cent of
the premium over the European price beyond; `trading.options.binomial` is as accurate as asked, and a hundred
times slower. Units and edge cases are those of `trading.options.black_scholes`. NaN too: options with two
exercise boundaries (a put with dividend yield < rate < 0, a call with rate < dividend yield < 0), which the
approximation does not know.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.options.black_scholes import Values, black_scholes_greeks, is_priceable
from trading.options.contract import Greeks, as_greeks, broadcast
from trading.options.normal import cumulative, density

LEAST_DEVIATION = 1e-8  # volatility * sqrt(years) below which there is no volatility
_SERIES_BELOW = 1e-5  # of |rate * years|: where 1 - exp(-x) needs its series


def american_price(
    right: ArrayLike,
    spot: ArrayLike,
    strike: ArrayLike,
    years: ArrayLike,
    volatility: ArrayLike,
    rate: ArrayLike = 0.0,
    dividend_yield: ArrayLike = 0.0,
) -> Float64Array:
    """Price of each American option; arguments as of `european_price`."""
    return american_greeks(right, spot, strike, years, volatility, rate, dividend_yield).price


def american_greeks(
    right: ArrayLike,
    spot: ArrayLike,
    strike: ArrayLike,
    years: ArrayLike,
    volatility: ArrayLike,
    rate: ArrayLike = 0.0,
    dividend_yield: ArrayLike = 0.0,
) -> Greeks:
    """Price and Greeks of each American option; arguments as of `european_price`.

    Where immediate exercise is best the price is the payoff: delta is +-1, the other Greeks are 0.
    """
    shape, rows = broadcast(right, spot, strike, years, volatility, rate, dividend_yield)
    out = np.empty((6, rows.shape[1]))
    _greeks(rows, out)
    return as_greeks(out, shape)


@kernel
def never_exercised_early(right: float, rate: float, dividend_yield: float) -> bool:
    """Whether an American option is worth no more than the European one, whatever the spot."""
    if right > 0.0:
        return dividend_yield <= 0.0 and dividend_yield <= rate
    return rate <= 0.0 and rate <= dividend_yield


@kernel
def has_two_boundaries(right: float, rate: float, dividend_yield: float) -> bool:
    """Whether holding is best in the middle and exercise on both sides of it."""
    if right > 0.0:
        return rate < dividend_yield < 0.0
    return dividend_yield < rate < 0.0


@kernel
def certain_price(
    right: float, spot: float, strike: float, years: float, rate: float, dividend_yield: float
) -> float:
    """Price of an American option on an underlying without volatility: the best moment's payoff."""
    best = max(right * (spot - strike), 0.0)
    best = max(best, right * (spot * math.exp(-dividend_yield * years) - strike * math.exp(-rate * years)))
    if dividend_yield * rate > 0.0 and rate != dividend_yield:
        turn = math.log(rate * strike / (dividend_yield * spot)) / (rate - dividend_yield)
        if 0.0 < turn < years:
            payoff = spot * math.exp(-dividend_yield * turn) - strike * math.exp(-rate * turn)
            best = max(best, right * payoff)
    return best


@kernel
def exponent(
    right: float, years: float, volatility: float, rate: float, dividend_yield: float
) -> tuple[float, float, float, float]:
    """The exponent q of the premium, and its derivatives by volatility, years and rate."""
    variance = volatility * volatility
    x = rate * years
    if abs(x) < _SERIES_BELOW:  # rate / (1 - exp(-rate * years)) about 0
        h = (1.0 + 0.5 * x) / years
        h_rate = 0.5 + x / 6.0
        h_years = -1.0 / (years * years)
    else:
        faded = -math.expm1(-x)
        h = rate / faded
        h_rate = (faded - x * (1.0 - faded)) / (faded * faded)
        h_years = -rate * rate * (1.0 - faded) / (faded * faded)
    n = 2.0 * (rate - dividend_yield) / variance
    root = math.sqrt((n - 1.0) ** 2 + 8.0 * h / variance)
    q = 0.5 * (1.0 - n + right * root)
    if right * (n - 1.0) > 0.0:  # the difference of two close figures: by way of the equation's other root
        q = -2.0 * h / variance / (0.5 * (1.0 - n - right * root))
    by_n = -right * q / root
    by_h = right * 2.0 / (variance * root)
    by_volatility = -2.0 / volatility * (by_n * n + by_h * h)
    return q, by_volatility, by_h * h_years, by_n * 2.0 / variance + by_h * h_rate


@kernel
def guessed_boundary(
    right: float, strike: float, years: float, volatility: float, rate: float, dividend_yield: float
) -> float:
    """The guess of the paper's appendix: between the strike and the boundary of a perpetual option."""
    variance = volatility * volatility
    n = 2.0 * (rate - dividend_yield) / variance
    inner = (n - 1.0) ** 2 + 8.0 * rate / variance
    if inner <= 0.0 or rate == 0.0:
        return strike
    q = 0.5 * (1.0 - n + right * math.sqrt(inner))
    perpetual = strike / (1.0 - 1.0 / q) if q not in {0.0, 1.0} else np.inf
    if not (0.0 < perpetual < np.inf and right * (perpetual - strike) > 0.0):
        return strike
    spread = right * (rate - dividend_yield) * years + 2.0 * volatility * math.sqrt(years)
    return perpetual + (strike - perpetual) * math.exp(-spread * strike / abs(perpetual - strike))


@kernel
def exercise_boundary(
    right: float,
    strike: float,
    years: float,
    volatility: float,
    rate: float,
    dividend_yield: float,
    q: float,
    guess: float,
) -> float:
    """Spot beyond which immediate exercise is best; NaN when it is beyond all reach.

    Newton's method on the joint of the slopes, kept inside a bracket. Prices depend on the boundary to second
    order only: half of its digits give all of theirs.
    """
    deviation = volatility * math.sqrt(years)
    growth = math.exp(-dividend_yield * years)
    paid = strike * math.exp(-rate * years)
    shift = math.log(growth / paid) / deviation + 0.5 * deviation
    kept, exercised = strike, (np.inf if right > 0.0 else 0.0)
    spot = guess
    for _ in range(200):
        if not 1e-9 * strike < kept < 1e9 * strike:
            return np.nan
        if not (right * (spot - kept) > 0.0 and right * (exercised - spot) > 0.0):
            spot = 2.0 * kept if exercised == np.inf else 0.5 * (kept + exercised)
        d1 = math.log(spot) / deviation + shift
        delta = right * growth * cumulative(right * d1)
        premium = right * (spot - strike) - spot * delta
        premium += right * paid * cumulative(right * (d1 - deviation))
        # premium * q / spot is the premium's slope; at the joint it makes up for the payoff's less delta.
        gap = (right - delta) * spot / q - premium
        if gap > 0.0:
            kept = spot
        else:
            exercised = spot
        slope = (right - delta - growth * density(d1) / deviation) / q - (right - delta)
        following = spot - gap / slope if slope != 0.0 else np.nan
        if not 0.0 < following < np.inf:  # far from the boundary on one side: halve the bracket
            following = kept
        elif abs(following - spot) <= 1e-6 * spot:  # quadratic convergence: good to about 1e-12
            return following
        spot = following
    return spot


@kernel
def quadratic_greeks(
    right: float,
    spot: float,
    strike: float,
    years: float,
    volatility: float,
    rate: float,
    dividend_yield: float,
) -> Values:
    """Price, delta, gamma, vega, theta and rho of one American option, in the units of `Greeks`."""
    if not is_priceable(right, spot, strike, years, volatility, rate, dividend_yield):
        return np.nan, np.nan, np.nan, np.nan, np.nan, np.nan
    if has_two_boundaries(right, rate, dividend_yield):
        return np.nan, np.nan, np.nan, np.nan, np.nan, np.nan
    if years == 0.0 or never_exercised_early(right, rate, dividend_yield):
        return black_scholes_greeks(right, spot, strike, years, volatility, rate, dividend_yield)
    if volatility * math.sqrt(years) < LEAST_DEVIATION:
        return _certain_greeks(right, spot, strike, years, rate, dividend_yield)
    guess = guessed_boundary(right, strike, years, volatility, rate, dividend_yield)
    q = exponent(right, years, volatility, rate, dividend_yield)
    boundary = exercise_boundary(right, strike, years, volatility, rate, dividend_yield, q[0], guess)
    return greeks_within(right, spot, strike, years, volatility, rate, dividend_yield, q, boundary)


@kernel
def greeks_within(
    right: float,
    spot: float,
    strike: float,
    years: float,
    volatility: float,
    rate: float,
    dividend_yield: float,
    q: tuple[float, float, float, float],
    boundary: float,
) -> Values:
    """`quadratic_greeks` once the exponent with its derivatives and the exercise boundary are known."""
    if right * (spot - boundary) >= 0.0:
        return right * (spot - strike), right, 0.0, 0.0, 0.0, 0.0
    european = black_scholes_greeks(right, spot, strike, years, volatility, rate, dividend_yield)
    if math.isnan(boundary):
        return european
    joint = black_scholes_greeks(right, boundary, strike, years, volatility, rate, dividend_yield)
    distance = math.log(spot / boundary)
    reach = math.exp(q[0] * distance)
    premium = (right * (boundary - strike) - joint[0]) * reach
    lean = premium * distance
    return (
        european[0] + premium,
        european[1] + premium * q[0] / spot,
        european[2] + premium * q[0] * (q[0] - 1.0) / (spot * spot),
        european[3] - reach * joint[3] + lean * q[1],
        european[4] - reach * joint[4] - lean * q[2],
        european[5] - reach * joint[5] + lean * q[3],
    )


@kernel
def _certain_greeks(
    right: float, spot: float, strike: float, years: float, rate: float, dividend_yield: float
) -> Values:
    price = certain_price(right, spot, strike, years, rate, dividend_yield)
    if price > 0.0 and price == right * (spot - strike):
        return price, right, 0.0, 0.0, 0.0, 0.0
    european = black_scholes_greeks(right, spot, strike, years, 0.0, rate, dividend_yield)
    if price == european[0]:
        return european
    return price, np.nan, np.nan, np.nan, np.nan, np.nan


@kernel
def _greeks(rows: Float64Array, out: Float64Array) -> None:
    for i in range(rows.shape[1]):
        out[0, i], out[1, i], out[2, i], out[3, i], out[4, i], out[5, i] = quadratic_greeks(
            rows[0, i], rows[1, i], rows[2, i], rows[3, i], rows[4, i], rows[5, i], rows[6, i]
        )
