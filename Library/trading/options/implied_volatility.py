"""The volatility at which an option has its market price.

NaN, never a wrong number. There is none where the price is outside the no-arbitrage bounds or on them (at
expiry, at intrinsic value, worthless), where the option has no price at all, and where the price says too
little: `price_error`, and in any case the rounding of the price to double precision, must move the volatility
by less than `LARGEST_ERROR`. So a deep in-the-money option, whose time value is lost in the digits of its
price, is NaN and not noise.

European options: Halley's method within a bracket, on the normalized price of the out-of-the-money option in
coordinates where it is almost a straight line, an idea of Jäckel's (By Implication, 2006; Let's Be Rational,
2015). American ones: within a bracket, Newton's method on the approximation of Barone-Adesi and Whaley, or
the Illinois method on the binomial tree.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.options.american import (
    LEAST_DEVIATION,
    certain_price,
    exercise_boundary,
    exponent,
    greeks_within,
    guessed_boundary,
    has_two_boundaries,
    never_exercised_early,
)
from trading.options.binomial import STEPS, check_steps, tree_price
from trading.options.black_scholes import is_priceable
from trading.options.contract import broadcast
from trading.options.normal import cumulative, density

TOLERANCE = 0.01  # of volatility: a point
LARGEST_DEVIATION = 60.0  # volatility * sqrt(years) beyond which a price is its upper bound to the last digit
_ROUNDING = 4.0 * float(np.finfo(np.float64).eps)  # relative, of a price and of the pricing formulas
_LARGEST_ROUNDING = 1e-6  # of volatility


def european_implied_volatility(
    right: ArrayLike,
    price: ArrayLike,
    spot: ArrayLike,
    strike: ArrayLike,
    years: ArrayLike,
    rate: ArrayLike = 0.0,
    dividend_yield: ArrayLike = 0.0,
    price_error: ArrayLike = 0.0,
    tolerance: ArrayLike = TOLERANCE,
) -> Float64Array:
    """Implied volatility of each European option (annual, 0.20 for 20 %); arguments broadcast.

    Args:
        right: `Right.CALL` or `Right.PUT` (1 or -1).
        price: of the option, money.
        spot, strike, years, rate, dividend_yield: as of `european_price`.
        price_error: how far the price may be off, as half a tick.
        tolerance: the result is NaN where `price_error` moves it by more than this.
    """
    shape, rows = broadcast(right, price, spot, strike, years, rate, dividend_yield, price_error, tolerance)
    out = np.empty(rows.shape[1])
    _european(rows, out)
    return out.reshape(shape)


def american_implied_volatility(
    right: ArrayLike,
    price: ArrayLike,
    spot: ArrayLike,
    strike: ArrayLike,
    years: ArrayLike,
    rate: ArrayLike = 0.0,
    dividend_yield: ArrayLike = 0.0,
    price_error: ArrayLike = 0.0,
    tolerance: ArrayLike = TOLERANCE,
) -> Float64Array:
    """Implied volatility of each American option under `american_price`'s approximation.

    Arguments as of `european_implied_volatility`. `american_price` at the result gives `price` back.
    """
    shape, rows = broadcast(right, price, spot, strike, years, rate, dividend_yield, price_error, tolerance)
    out = np.empty(rows.shape[1])
    _american(rows, out)
    return out.reshape(shape)


def binomial_implied_volatility(
    right: ArrayLike,
    price: ArrayLike,
    spot: ArrayLike,
    strike: ArrayLike,
    years: ArrayLike,
    rate: ArrayLike = 0.0,
    dividend_yield: ArrayLike = 0.0,
    price_error: ArrayLike = 0.0,
    tolerance: ArrayLike = TOLERANCE,
    steps: int = STEPS,
) -> Float64Array:
    """Implied volatility of each American option under `binomial_price`'s tree.

    Arguments as of `european_implied_volatility` and `binomial_price`.
    """
    check_steps(steps)
    shape, rows = broadcast(right, price, spot, strike, years, rate, dividend_yield, price_error, tolerance)
    out = np.empty(rows.shape[1])
    _binomial(rows, steps, out)
    return out.reshape(shape)


@kernel
def implied_deviation(price: float, x: float) -> float:
    """The s at which exp(x/2) N(x/s + s/2) - exp(-x/2) N(x/s - s/2) is `price`, for x <= 0.

    That is Black's price of an out-of-the-money option divided by its discount factor and by
    sqrt(forward * strike), with x = -|log(forward / strike)|; `price` lies between 0 and exp(x/2).
    """
    up = math.exp(0.5 * x)
    turn = math.sqrt(-2.0 * x)  # where the price as a function of s turns from convex to concave
    at_turn = 0.5 * up - cumulative(-turn) / up
    small = price < at_turn
    low, high = (0.0, turn) if small else (turn, LARGEST_DEVIATION)
    if small:  # log(price) is about -x**2 / (2 s**2)
        target = 1.0 / math.sqrt(-math.log(price))
        s = -x / math.sqrt(-0.5 * x + 2.0 * (math.log(at_turn) - math.log(price)))
    else:  # log(up - price) is about -s**2 / 8, for s beyond the turn's neighbourhood
        target = -math.log(up - price)
        if price < 0.5 * (at_turn + up):
            s = turn + (price - at_turn) / (up * density(0.0))
        else:
            s = math.sqrt(turn * turn + 8.0 * (math.log(up - at_turn) + target))
    for _ in range(100):
        if not low < s < high:
            s = 0.5 * (low + high)
        h, t = x / s, 0.5 * s
        slope = up * density(h + t)
        bend = h * h / s - 0.25 * s  # second derivative of the price over the first
        if small:
            value = up * cumulative(h + t) - cumulative(h - t) / up
            if value <= 0.0:  # underflow
                low = s
                continue
            logarithm = -math.log(value)
            gap = 1.0 / math.sqrt(logarithm) - target
            relative = slope / value
            first = 0.5 * relative / (logarithm * math.sqrt(logarithm))
            second = bend - relative * (1.0 - 1.5 / logarithm)
        else:
            rest = up * cumulative(-h - t) + cumulative(h - t) / up
            gap = -math.log(rest) - target
            first = slope / rest
            second = bend + first
        if gap > 0.0:
            high = s
        else:
            low = s
        newton = gap / first
        step = newton / max(1.0 - 0.5 * newton * second, 0.5)
        s -= step
        if abs(step) <= 1e-6 * s:  # cubic convergence: the next would be below the last digit
            break
    return s


@kernel
def european_volatility(
    right: float,
    price: float,
    spot: float,
    strike: float,
    years: float,
    rate: float,
    dividend_yield: float,
    price_error: float,
    tolerance: float,
) -> float:
    """Implied volatility of one European option."""
    if not is_priceable(right, spot, strike, years, 0.0, rate, dividend_yield) or years == 0.0:
        return np.nan
    held = spot * math.exp(-dividend_yield * years)
    paid = strike * math.exp(-rate * years)
    scale = math.sqrt(held * paid)
    x = -abs(math.log(held / paid))
    certain = max(right * (held - paid), 0.0)
    time_value = (price - certain) / scale
    if not 0.0 < time_value < math.exp(0.5 * x):
        return np.nan
    deviation = implied_deviation(time_value, x)
    d1 = x / deviation + 0.5 * deviation
    vega = scale * math.exp(0.5 * x) * density(d1) * math.sqrt(years)
    # Out of the money the formula's terms are small; in the money the certain part hides the rest's digits.
    rounding = _ROUNDING * (price + min(held, paid) * cumulative(d1))
    if certain > 0.0:
        rounding += _ROUNDING * max(held, paid)
    if not rounding <= _LARGEST_ROUNDING * vega or not price_error <= tolerance * vega:
        return np.nan
    return deviation / math.sqrt(years)


@kernel
def american_bounds(
    right: float, spot: float, strike: float, years: float, rate: float, dividend_yield: float
) -> tuple[float, float]:
    """Prices of an American option without volatility, and with an infinite one."""
    most = spot * max(1.0, math.exp(-dividend_yield * years))
    if right < 0.0:
        most = strike * max(1.0, math.exp(-rate * years))
    return certain_price(right, spot, strike, years, rate, dividend_yield), most


@kernel
def american_volatility(
    right: float,
    price: float,
    spot: float,
    strike: float,
    years: float,
    rate: float,
    dividend_yield: float,
    price_error: float,
    tolerance: float,
) -> float:
    """Implied volatility of one American option under the quadratic approximation."""
    if not is_priceable(right, spot, strike, years, 0.0, rate, dividend_yield) or years == 0.0:
        return np.nan
    if has_two_boundaries(right, rate, dividend_yield):
        return np.nan
    if never_exercised_early(right, rate, dividend_yield):
        return european_volatility(
            right, price, spot, strike, years, rate, dividend_yield, price_error, tolerance
        )
    least, most = american_bounds(right, spot, strike, years, rate, dividend_yield)
    if not least < price < most:
        return np.nan
    # The European option is worth less and so needs more volatility, if there is one that does.
    root = math.sqrt(years)
    low, high = LEAST_DEVIATION / root, LARGEST_DEVIATION / root
    volatility = european_volatility(right, price, spot, strike, years, rate, dividend_yield, 0.0, tolerance)
    if low < volatility < high:
        high = volatility * (1.0 + 1e-9)
    else:
        volatility = min(0.5, 0.5 * high)
    boundary = guessed_boundary(right, strike, years, volatility, rate, dividend_yield)
    vega = 0.0
    for _ in range(100):
        q = exponent(right, years, volatility, rate, dividend_yield)
        if math.isnan(boundary):
            boundary = guessed_boundary(right, strike, years, volatility, rate, dividend_yield)
        boundary = exercise_boundary(right, strike, years, volatility, rate, dividend_yield, q[0], boundary)
        values = greeks_within(right, spot, strike, years, volatility, rate, dividend_yield, q, boundary)
        gap, vega = values[0] - price, values[3]
        if gap > 0.0:
            high = volatility
        else:
            low = volatility
        following = volatility - gap / vega if vega > 0.0 else np.nan
        if not low < following < high:
            following = 0.5 * (low + high)
        step = following - volatility
        volatility = following
        if abs(step) <= 1e-6 * volatility:  # quadratic convergence: the next would be below the last digit
            break
    rounding = 4.0 * _ROUNDING * (price + max(spot, strike))
    if not rounding <= _LARGEST_ROUNDING * vega or not price_error <= tolerance * vega:
        return np.nan
    return volatility


@kernel
def binomial_volatility(
    right: float,
    price: float,
    spot: float,
    strike: float,
    years: float,
    rate: float,
    dividend_yield: float,
    price_error: float,
    tolerance: float,
    steps: int,
    work: Float64Array,
) -> float:
    """Implied volatility of one American option under the binomial tree."""
    if not is_priceable(right, spot, strike, years, 0.0, rate, dividend_yield) or years == 0.0:
        return np.nan
    least, most = american_bounds(right, spot, strike, years, rate, dividend_yield)
    if not least < price < most:
        return np.nan
    low, gap_low = 0.0, least - price
    high = 0.25
    gap_high = tree_price(right, spot, strike, years, high, rate, dividend_yield, steps, work) - price
    while gap_high <= 0.0:
        if high * math.sqrt(years) > LARGEST_DEVIATION:
            return np.nan
        low, gap_low = high, gap_high
        high *= 2.0
        gap_high = tree_price(right, spot, strike, years, high, rate, dividend_yield, steps, work) - price
    volatility, side = high, 0
    for _ in range(200):
        # Illinois: an end that stays is given half its weight, so that both ends close in.
        volatility = (low * gap_high - high * gap_low) / (gap_high - gap_low)
        if not low < volatility < high:
            volatility = 0.5 * (low + high)
        gap = tree_price(right, spot, strike, years, volatility, rate, dividend_yield, steps, work) - price
        if gap > 0.0:
            high, gap_high = volatility, gap
            if side > 0:
                gap_low *= 0.5
            side = 1
        else:
            low, gap_low = volatility, gap
            if side < 0:
                gap_high *= 0.5
            side = -1
        if high - low <= 1e-10 * high or abs(gap) <= 1e-13 * price:
            break
    bump = 1e-4 * volatility
    vega = (
        tree_price(right, spot, strike, years, volatility + bump, rate, dividend_yield, steps, work)
        - tree_price(right, spot, strike, years, volatility - bump, rate, dividend_yield, steps, work)
    ) / (2.0 * bump)
    rounding = steps * _ROUNDING * (price + max(spot, strike))
    if not rounding <= 100.0 * _LARGEST_ROUNDING * vega or not price_error <= tolerance * vega:
        return np.nan
    return volatility


@kernel
def _european(rows: Float64Array, out: Float64Array) -> None:
    for i in range(rows.shape[1]):
        out[i] = european_volatility(
            rows[0, i],
            rows[1, i],
            rows[2, i],
            rows[3, i],
            rows[4, i],
            rows[5, i],
            rows[6, i],
            rows[7, i],
            rows[8, i],
        )


@kernel
def _american(rows: Float64Array, out: Float64Array) -> None:
    for i in range(rows.shape[1]):
        out[i] = american_volatility(
            rows[0, i],
            rows[1, i],
            rows[2, i],
            rows[3, i],
            rows[4, i],
            rows[5, i],
            rows[6, i],
            rows[7, i],
            rows[8, i],
        )


@kernel
def _binomial(rows: Float64Array, steps: int, out: Float64Array) -> None:
    work = np.empty(steps + 1)
    for i in range(rows.shape[1]):
        out[i] = binomial_volatility(
            rows[0, i],
            rows[1, i],
            rows[2, i],
            rows[3, i],
            rows[4, i],
            rows[5, i],
            rows[6, i],
            rows[7, i],
            rows[8, i],
            steps,
            work,
        )
