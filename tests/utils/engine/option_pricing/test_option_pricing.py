"""LEAN's prices and Greeks against formulas, QuantLib's tree, and themselves."""

from __future__ import annotations

import numpy as np
import pytest
import QuantLib
from hypothesis import given, settings
from hypothesis import strategies as st

from trading.options import european_greeks, european_price
from utils.engine.option_pricing import greeks
from utils.engine.option_pricing.implied_volatility import implied_volatility
from utils.engine.option_pricing.prices import (
    BLACK_SCHOLES,
    COX_ROSS_RUBINSTEIN,
    FORWARD_TREE,
    theoretical_price,
)

SPOT, YEARS, RATE, YIELD = 100.0, 0.25, 0.05, 0.03
MODELS = pytest.mark.parametrize("model", [BLACK_SCHOLES, COX_ROSS_RUBINSTEIN, FORWARD_TREE])
STRIKES = [80.0, 95.0, 100.0, 105.0, 120.0]


@settings(deadline=None)
@given(
    st.sampled_from([1, -1]), st.floats(50, 200), st.floats(0.01, 3), st.floats(0.05, 2), st.floats(0, 0.1)
)
def test_black_scholes(right: int, strike: float, years: float, volatility: float, rate: float) -> None:
    ours = theoretical_price(BLACK_SCHOLES, volatility, SPOT, strike, years, rate, YIELD, right)
    exact = float(european_price(right, SPOT, strike, years, volatility, rate, YIELD))
    assert ours == pytest.approx(exact, abs=1e-10)


@pytest.mark.parametrize("strike", STRIKES)
def test_calls_on_the_tree_are_american(strike: float) -> None:
    today = QuantLib.Date(1, 1, 2020)
    QuantLib.Settings.instance().evaluationDate = today
    count = QuantLib.Actual360()  # 90 days are a quarter
    process = QuantLib.BlackScholesMertonProcess(
        QuantLib.QuoteHandle(QuantLib.SimpleQuote(SPOT)),
        QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(today, YIELD, count)),
        QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(today, RATE, count)),
        QuantLib.BlackVolTermStructureHandle(
            QuantLib.BlackConstantVol(today, QuantLib.NullCalendar(), 0.3, count)
        ),
    )
    option = QuantLib.VanillaOption(
        QuantLib.PlainVanillaPayoff(QuantLib.Option.Call, strike),
        QuantLib.AmericanExercise(today, today + 90),
    )
    option.setPricingEngine(QuantLib.BinomialCRRVanillaEngine(process, 200))
    ours = theoretical_price(COX_ROSS_RUBINSTEIN, 0.3, SPOT, strike, YEARS, RATE, YIELD, 1)
    assert ours == pytest.approx(option.NPV(), abs=0.002)


@pytest.mark.parametrize("model", [COX_ROSS_RUBINSTEIN, FORWARD_TREE])
@pytest.mark.parametrize("strike", STRIKES)
def test_puts_on_the_trees_are_european(model: int, strike: float) -> None:
    ours = theoretical_price(model, 0.3, SPOT, strike, YEARS, RATE, YIELD, -1)
    european = float(european_price(-1, SPOT, strike, YEARS, 0.3, RATE, YIELD))
    # LEAN's forward tree ends around the spot moved by all its up moves, not around the forward.
    assert ours == pytest.approx(european, abs=0.02 if model == COX_ROSS_RUBINSTEIN else 0.5)


@MODELS
@settings(max_examples=100, deadline=None)
@given(right=st.sampled_from([1, -1]), strike=st.floats(80, 120), volatility=st.floats(0.1, 1.5))
def test_the_implied_volatility_gives_the_price_back(
    model: int, right: int, strike: float, volatility: float
) -> None:
    price = theoretical_price(model, volatility, SPOT, strike, YEARS, RATE, YIELD, right)
    found = implied_volatility(model, price, SPOT, strike, YEARS, RATE, YIELD, right)
    if found is None:  # LEAN looks between half and one and a half of Black and Scholes' only
        assert model != BLACK_SCHOLES
        return
    again = theoretical_price(model, found, SPOT, strike, YEARS, RATE, YIELD, right)
    tolerance = max(1e-4, 1e-4 * price)
    assert again == pytest.approx(price, abs=tolerance) or found == pytest.approx(volatility, abs=tolerance)


def test_prices_no_volatility_explains_have_none() -> None:
    terms = (SPOT, 80.0, YEARS, 0.0, 0.0, 1)
    assert implied_volatility(BLACK_SCHOLES, 10.0, *terms) is None  # below its worth at once
    assert implied_volatility(BLACK_SCHOLES, 99.0, *terms) is None  # needs more than 400 %
    assert implied_volatility(BLACK_SCHOLES, 25.0, SPOT, 80.0, 0.0, 0.0, 0.0, 1) is None  # expired
    assert implied_volatility(FORWARD_TREE, 10.0, *terms) is None


@pytest.mark.parametrize("right", [1, -1])
@pytest.mark.parametrize("strike", STRIKES)
def test_greeks_by_formula(right: int, strike: float) -> None:
    terms = (BLACK_SCHOLES, 0.3, SPOT, strike, YEARS, RATE, YIELD, right)
    exact = european_greeks(right, SPOT, strike, YEARS, 0.3, RATE, YIELD)
    assert greeks.delta(*terms) == pytest.approx(float(exact.delta))
    assert greeks.vega(*terms) == pytest.approx(float(exact.vega) / 100)
    assert greeks.theta(*terms) == pytest.approx(float(exact.theta) / 365)
    assert greeks.rho(*terms) == pytest.approx(float(exact.rho) / 100)
    # LEAN leaves the dividends out of gamma.
    assert greeks.gamma(*terms) == pytest.approx(float(exact.gamma) * np.exp(YIELD * YEARS))


@pytest.mark.parametrize("strike", STRIKES)
def test_greeks_on_the_tree_of_cox_ross_and_rubinstein(strike: float) -> None:
    terms = (COX_ROSS_RUBINSTEIN, 0.3, SPOT, strike, YEARS, RATE, YIELD, -1)  # European, in LEAN's tree
    exact = european_greeks(-1, SPOT, strike, YEARS, 0.3, RATE, YIELD)
    assert greeks.delta(*terms) == pytest.approx(float(exact.delta), abs=0.01)
    assert greeks.gamma(*terms) == pytest.approx(float(exact.gamma), abs=0.005)
    assert greeks.vega(*terms) == pytest.approx(float(exact.vega) / 100, abs=0.01)
    assert greeks.theta(*terms) == pytest.approx(float(exact.theta) / 365, abs=0.002)
    assert greeks.rho(*terms) == pytest.approx(float(exact.rho) / 100, abs=0.002)


def test_nothing_to_divide_by_is_an_error() -> None:
    with pytest.raises(ZeroDivisionError):
        greeks.theta(BLACK_SCHOLES, 0.3, SPOT, 100.0, 0.0, RATE, YIELD, 1)
