from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vollib.black_scholes_merton.implied_volatility import implied_volatility as vollib

from tests.trading.options.oracle import Case
from trading.bars import Float64Array
from trading.options import (
    american_greeks,
    american_implied_volatility,
    binomial_implied_volatility,
    binomial_price,
    european_greeks,
    european_implied_volatility,
)

Solver = Callable[..., Float64Array]

cases = st.builds(
    Case,
    right=st.sampled_from([1, -1]),
    spot=st.floats(1, 5000),
    strike=st.floats(1, 5000),
    days=st.integers(0, 1500),
    volatility=st.floats(0.0, 5.0),
    rate=st.floats(-0.05, 0.15),
    dividend_yield=st.floats(-0.05, 0.15),
)
SOLVERS = pytest.mark.parametrize(
    "solve", [european_implied_volatility, american_implied_volatility, binomial_implied_volatility]
)


def implied(solve: Solver, case: Case, price: float, **more: float) -> float:
    right, spot, strike, years, _, rate, dividend_yield = case.arguments
    return float(solve(right, price, spot, strike, years, rate, dividend_yield, **more))


@settings(max_examples=1000, deadline=None)
@given(cases)
def test_the_european_volatility_comes_back_or_is_nan(case: Case) -> None:
    greeks = european_greeks(*case.arguments)
    found = implied(european_implied_volatility, case, float(greeks.price))
    if np.isnan(found):
        # Only where a change in the last digits of the terms that make the price moves it by more than 1e-6.
        digits = 1e-14 * (case.spot + case.strike) * 3.0
        assert not greeks.vega > 0.0 or digits / float(greeks.vega) > 1e-6 or case.volatility < 1e-12
    else:
        assert found == pytest.approx(case.volatility, abs=2e-6)


@settings(max_examples=500, deadline=None)
@given(cases)
def test_the_american_volatility_comes_back_or_is_nan(case: Case) -> None:
    greeks = american_greeks(*case.arguments)
    found = implied(american_implied_volatility, case, float(greeks.price))
    if np.isnan(found):
        digits = 1e-13 * (case.spot + case.strike) * 3.0
        assert not greeks.vega > 0.0 or digits / float(greeks.vega) > 1e-6 or case.volatility < 1e-8
    else:
        assert found == pytest.approx(case.volatility, abs=2e-6)


@settings(max_examples=60, deadline=None)
@given(cases.filter(lambda case: 0.5 < case.spot / case.strike < 2.0 and 0.1 < case.volatility < 2.0))
def test_the_trees_volatility_comes_back_or_is_nan(case: Case) -> None:
    price = float(binomial_price(*case.arguments, steps=51))
    found = implied(binomial_implied_volatility, case, price, steps=51)
    if not np.isnan(found):
        again = binomial_price(*case._replace(volatility=found).arguments, steps=51)
        assert float(again) == pytest.approx(price, abs=1e-9 * case.strike)
        assert found == pytest.approx(case.volatility, abs=1e-3)


def test_prices_far_out_of_the_money_have_all_their_digits() -> None:
    strikes = np.array([160.0, 250.0, 400.0, 1000.0])
    prices = european_greeks(1, 100.0, strikes, 0.25, 0.2).price
    assert (prices < 1e-5).all()
    assert prices[-1] == 0.0 or prices[-1] < 1e-100
    found = european_implied_volatility(1, prices[:3], 100.0, strikes[:3], 0.25)
    np.testing.assert_allclose(found, 0.2, rtol=1e-9)


@settings(deadline=None)
@given(
    st.sampled_from([1, -1]), st.floats(70, 140), st.floats(0.02, 3), st.floats(0.05, 2), st.floats(0, 0.1)
)
def test_as_vollib(right: int, strike: float, years: float, volatility: float, rate: float) -> None:
    price = float(european_greeks(right, 100.0, strike, years, volatility, rate, 0.01).price)
    ours = float(european_implied_volatility(right, price, 100.0, strike, years, rate, 0.01))
    if not np.isnan(ours):
        theirs = vollib(price, 100.0, strike, years, rate, 0.01, "c" if right > 0 else "p")
        assert ours == pytest.approx(theirs, abs=2e-6)


@SOLVERS
def test_nan_outside_the_bounds_of_arbitrage_and_on_them(solve: Solver) -> None:
    prices = np.array([-1.0, 0.0, 9.0, 10.0, 110.0, 111.0, np.nan, np.inf])
    assert np.isnan(solve(1, prices, 110.0, 100.0, 0.5)).all()
    assert not np.isnan(solve(1, 10.5, 110.0, 100.0, 0.5))
    assert np.isnan(solve(-1, [0.0, 100.0, 120.0], 110.0, 100.0, 0.5)).all()


@SOLVERS
def test_nan_at_expiry_and_beyond(solve: Solver) -> None:
    assert np.isnan(solve(1, [0.0, 10.0, 10.5], 110.0, 100.0, 0.0)).all()
    assert np.isnan(solve(1, 10.5, 110.0, 100.0, -0.1))
    assert np.isnan(solve(1, 10.5, -110.0, 100.0, 0.1))


@SOLVERS
def test_nan_where_the_price_tells_too_little(solve: Solver) -> None:
    # In the money by half with a time value of a millionth of a cent in a price of 50 dollars.
    assert np.isnan(solve(1, 50.0 + 1e-13, 100.0, 50.0, 0.1))
    # Far in the money a cent is worth many points of volatility; at the money next to nothing.
    deep, near = 50.02, 4.0
    assert not np.isnan(solve(1, deep, 100.0, 50.0, 0.1))
    assert np.isnan(solve(1, deep, 100.0, 50.0, 0.1, price_error=0.005, tolerance=0.001))
    assert not np.isnan(solve(1, near, 100.0, 100.0, 0.1, price_error=0.005, tolerance=0.001))


def test_an_american_put_at_its_payoff_has_no_volatility() -> None:
    price = american_greeks(-1, 20.0, 100.0, 1.0, 0.2, 0.08).price
    assert price == 80.0
    assert np.isnan(american_implied_volatility(-1, price, 20.0, 100.0, 1.0, 0.08))


def test_an_american_put_above_all_european_prices_has_one() -> None:
    price = american_greeks(-1, 60.0, 100.0, 1.0, 0.9, 0.1).price
    assert np.isnan(european_implied_volatility(-1, 95.0, 60.0, 100.0, 1.0, 0.1))
    assert american_implied_volatility(-1, price, 60.0, 100.0, 1.0, 0.1) == pytest.approx(0.9)
