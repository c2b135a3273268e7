"""LEAN's theoretical prices: Black-Scholes, and binomial trees of 200 steps.

In LEAN's trees calls are exercised early and puts never; the forward tree's prices follow powers of its up
move alone. Both are kept.
"""

from __future__ import annotations

import math

import numpy as np

from trading.compiled import kernel
from trading.options.normal import cumulative

BLACK_SCHOLES, COX_ROSS_RUBINSTEIN, FORWARD_TREE = 0, 1, 2  # OptionPricingModelType
STEPS = 200
_LARGE = 10.0  # of d1 when nothing is uncertain


@kernel
def d1_of(
    spot: float, strike: float, years: float, rate: float, dividend_yield: float, volatility: float
) -> float:
    """Black and Scholes' d1; 10 without time or volatility."""
    deviation = volatility * math.sqrt(max(0.0, years))
    if deviation == 0.0:
        return _LARGE
    drift = rate - dividend_yield + 0.5 * volatility * volatility
    return (math.log(spot / strike) + drift * years) / deviation


@kernel
def black_scholes(
    volatility: float,
    spot: float,
    strike: float,
    years: float,
    rate: float,
    dividend_yield: float,
    right: int,
) -> float:
    """Price of a European option; right is 1 for a call, -1 for a put."""
    d1 = d1_of(spot, strike, years, rate, dividend_yield, volatility)
    d2 = d1 - volatility * math.sqrt(max(0.0, years))
    held = spot * math.exp(-dividend_yield * years) * cumulative(right * d1)
    return right * (held - strike * math.exp(-rate * years) * cumulative(right * d2))


@kernel
def _tree(
    step: float, up_probability: float, up: float, rate: float, spot: float, strike: float, right: int
) -> float:
    pay_off = np.empty(2 * STEPS + 1)  # at spot * up**(k - STEPS)
    for k in range(2 * STEPS + 1):
        pay_off[k] = max(right * (spot * up ** (k - STEPS) - strike), 0.0)
    values = pay_off[::2].copy()
    discount = math.exp(-rate * step)
    of_down = discount * (1.0 - up_probability)
    of_up = discount * up_probability
    for period in range(STEPS - 1, -1, -1):
        for i in range(period + 1):
            held = values[i] * of_down + values[i + 1] * of_up
            values[i] = held if right < 0 else max(held, pay_off[2 * i - period + STEPS])
    return float(values[0])


@kernel
def cox_ross_rubinstein(
    volatility: float,
    spot: float,
    strike: float,
    years: float,
    rate: float,
    dividend_yield: float,
    right: int,
) -> float:
    """Price on the tree of Cox, Ross and Rubinstein."""
    step = years / STEPS
    up = math.exp(volatility * math.sqrt(step))
    if up == 1.0:
        up = 1.0001
    down = 1.0 / up
    probability = (math.exp((rate - dividend_yield) * step) - down) / (up - down)
    return _tree(step, probability, up, rate, spot, strike, right)


@kernel
def forward_tree(
    volatility: float,
    spot: float,
    strike: float,
    years: float,
    rate: float,
    dividend_yield: float,
    right: int,
) -> float:
    """Price on the tree around the forward."""
    step = years / STEPS
    growth = math.exp((rate - dividend_yield) * step)
    spread = volatility * math.sqrt(step)
    up, down = math.exp(spread) * growth, math.exp(-spread) * growth
    if up - down == 0.0:
        up, down = 1.0001, 0.9999
    return _tree(step, (growth - down) / (up - down), up, rate, spot, strike, right)


@kernel
def theoretical_price(
    model: int,
    volatility: float,
    spot: float,
    strike: float,
    years: float,
    rate: float,
    dividend_yield: float,
    right: int,
) -> float:
    """Price under a model, an OptionPricingModelType."""
    if model == COX_ROSS_RUBINSTEIN:
        return cox_ross_rubinstein(volatility, spot, strike, years, rate, dividend_yield, right)
    if model == FORWARD_TREE:
        return forward_tree(volatility, spot, strike, years, rate, dividend_yield, right)
    return black_scholes(volatility, spot, strike, years, rate, dividend_yield, right)
