"""LEAN's Greeks: Black and Scholes' formulas, or differences of tree prices.

Delta and gamma are per 1.00 of the underlying, vega per point of volatility, theta per calendar day, rho per
per cent of interest. Arguments: volatility, spot, strike, years, rate, dividend_yield as annual fractions,
right 1 for a call and -1 for a put. Where LEAN divides by zero they raise ZeroDivisionError.
"""

from __future__ import annotations

import math

from trading.compiled import kernel
from trading.options.normal import cumulative, density
from utils.engine.option_pricing.prices import (
    BLACK_SCHOLES,
    COX_ROSS_RUBINSTEIN,
    FORWARD_TREE,
    STEPS,
    d1_of,
    theoretical_price,
)

_LEAST_VOLATILITY = 0.01  # of gamma and theta by formula


@kernel
def delta(
    model: int,
    volatility: float,
    spot: float,
    strike: float,
    years: float,
    rate: float,
    dividend_yield: float,
    right: int,
) -> float:
    """Change of price per 1.00 of the underlying."""
    if model == BLACK_SCHOLES:
        d1 = d1_of(spot, strike, years, rate, dividend_yield, volatility)
        return right * cumulative(right * d1) * math.exp(-dividend_yield * years)
    spread = volatility * math.sqrt(years / STEPS)
    growth = 1.0
    if model == FORWARD_TREE:
        growth = math.exp((rate - dividend_yield) * years / STEPS)
    up, down = math.exp(spread) * growth, math.exp(-spread) * growth
    if up == 1.0:
        up = 1.00001
        if model == COX_ROSS_RUBINSTEIN:
            down = 1.0 / up
    if down == 1.0:
        down = 0.99999
    high, low = spot * up, spot * down
    if model == COX_ROSS_RUBINSTEIN:
        low = spot / up
    above = theoretical_price(model, volatility, high, strike, years, rate, dividend_yield, right)
    below = theoretical_price(model, volatility, low, strike, years, rate, dividend_yield, right)
    return (above - below) / (high - low) if high != low else 0.0


@kernel
def gamma(
    model: int,
    volatility: float,
    spot: float,
    strike: float,
    years: float,
    rate: float,
    dividend_yield: float,
    right: int,
) -> float:
    """Change of delta per 1.00 of the underlying."""
    if model == BLACK_SCHOLES:
        d1 = d1_of(spot, strike, years, rate, dividend_yield, volatility)
        return density(-d1) / spot / max(volatility, _LEAST_VOLATILITY) / math.sqrt(years)
    up = math.exp(volatility * math.sqrt(years / STEPS))
    if up == 1.0:
        up = 1.0001
    high, low = spot * up * up, spot / up / up
    above = theoretical_price(model, volatility, high, strike, years, rate, dividend_yield, right)
    here = theoretical_price(model, volatility, spot, strike, years, rate, dividend_yield, right)
    below = theoretical_price(model, volatility, low, strike, years, rate, dividend_yield, right)
    change = (above - here) / (high - spot) - (here - below) / (spot - low)
    return change * 2.0 / (high - low) if high != low else 0.0


@kernel
def vega(
    model: int,
    volatility: float,
    spot: float,
    strike: float,
    years: float,
    rate: float,
    dividend_yield: float,
    right: int,
) -> float:
    """Change of price per point of volatility."""
    if model == BLACK_SCHOLES:
        d1 = d1_of(spot, strike, years, rate, dividend_yield, volatility)
        return spot * math.sqrt(years) * density(d1) * math.exp(-dividend_yield * years) / 100.0
    bump = 0.01
    wider = theoretical_price(model, volatility + bump, spot, strike, years, rate, dividend_yield, right)
    here = theoretical_price(model, volatility, spot, strike, years, rate, dividend_yield, right)
    return (wider - here) / bump / 100.0


@kernel
def theta(
    model: int,
    volatility: float,
    spot: float,
    strike: float,
    years: float,
    rate: float,
    dividend_yield: float,
    right: int,
) -> float:
    """Change of price per calendar day."""
    if model == BLACK_SCHOLES:
        d1 = d1_of(spot, strike, years, rate, dividend_yield, volatility)
        d2 = d1 - volatility * math.sqrt(max(0.0, years))
        growth, discount = math.exp(-dividend_yield * years), math.exp(-rate * years)
        decay = -spot * max(volatility, _LEAST_VOLATILITY) * density(d1) * growth * 0.5 / math.sqrt(years)
        decay += right * dividend_yield * spot * cumulative(right * d1) * growth
        decay -= right * rate * strike * discount * cumulative(right * d2)
        return decay / 365.0
    step = years / STEPS
    later = theoretical_price(
        model, volatility, spot, strike, years - 2.0 * step, rate, dividend_yield, right
    )
    here = theoretical_price(model, volatility, spot, strike, years, rate, dividend_yield, right)
    return (later - here) * 0.5 / step / 365.0


@kernel
def rho(
    model: int,
    volatility: float,
    spot: float,
    strike: float,
    years: float,
    rate: float,
    dividend_yield: float,
    right: int,
) -> float:
    """Change of price per per cent of interest."""
    if model == BLACK_SCHOLES:
        d1 = d1_of(spot, strike, years, rate, dividend_yield, volatility)
        d2 = d1 - volatility * math.sqrt(max(0.0, years))
        return right * strike * years * math.exp(-rate * years) * cumulative(right * d2) / 100.0
    bump = 0.0001
    higher = theoretical_price(model, volatility, spot, strike, years, rate + bump, dividend_yield, right)
    here = theoretical_price(model, volatility, spot, strike, years, rate, dividend_yield, right)
    return (higher - here) / bump / 100.0
