from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.trading.options.oracle import Case, american, quadratic
from trading.options import (
    american_greeks,
    american_price,
    binomial_greeks,
    binomial_price,
    european_price,
)

cases = st.builds(
    Case,
    right=st.sampled_from([1, -1]),
    spot=st.floats(50, 200),
    strike=st.floats(50, 200),
    days=st.integers(5, 720),
    volatility=st.floats(0.08, 1.2),
    rate=st.floats(0.0, 0.1),
    dividend_yield=st.floats(0.0, 0.1),
)
PRICERS = pytest.mark.parametrize("price", [american_price, binomial_price])


@settings(max_examples=60, deadline=None)
@given(cases)
def test_the_tree_is_near_the_exact_price(case: Case) -> None:
    within = 4e-4 * max(case.spot, case.strike)  # a call on the one is a put on the other
    assert float(binomial_price(*case.arguments)) == pytest.approx(american(case), abs=within)


@settings(deadline=None)
@given(cases)
def test_the_approximation_is_quantlibs(case: Case) -> None:
    assume(case.rate > 1e-4 or case.right > 0)  # QuantLib divides by the rate
    assume(case.dividend_yield > 1e-4 or case.right < 0)
    assert float(american_price(*case.arguments)) == pytest.approx(quadratic(case), abs=2e-5 * case.strike)


@settings(max_examples=60, deadline=None)
@given(cases)
def test_the_approximation_is_near_the_exact_price(case: Case) -> None:
    assert float(american_price(*case.arguments)) == pytest.approx(american(case), abs=0.01 * case.strike)


@PRICERS
@settings(deadline=None)
@given(case=cases)
def test_never_below_the_payoff_nor_the_european_price(price, case: Case) -> None:  # type: ignore[no-untyped-def]
    value = float(price(*case.arguments))
    error = 1e-4 * case.strike if price is binomial_price else 1e-9
    assert value >= case.right * (case.spot - case.strike) - 1e-12
    assert value >= float(european_price(*case.arguments)) - error


@settings(max_examples=60, deadline=None)
@given(cases)
def test_a_call_is_a_put_seen_from_the_other_side(case: Case) -> None:
    # McDonald and Schroder: spot and strike, rate and dividend yield change places.
    mirrored = case._replace(
        right=-case.right,
        spot=case.strike,
        strike=case.spot,
        rate=case.dividend_yield,
        dividend_yield=case.rate,
    )
    price, other = float(binomial_price(*case.arguments)), float(binomial_price(*mirrored.arguments))
    assert other == pytest.approx(price, abs=1e-4 * case.strike)


@settings(deadline=None)
@given(cases)
def test_the_approximations_greeks_are_its_derivatives(case: Case) -> None:
    assume(case.rate > 1e-4)  # at 0 the right to exercise early comes in: the price has a kink there
    greeks = american_greeks(*case.arguments)
    assume(greeks.gamma > 0.0)  # not where exercise is at once, nor on its edge
    names = ("spot", "years", "volatility", "rate")
    places = (1, 3, 4, 5)
    steps = (1e-4 * case.spot, 1e-5, 1e-5, 1e-5)
    derivatives = {}
    for name, place, step in zip(names, places, steps, strict=True):
        rows = np.array([case.arguments, case.arguments])
        rows[0, place] += step
        rows[1, place] -= step
        up, down = american_price(*rows.T)
        payoff = case.right * (rows[:, 1] - case.strike)
        assume((np.array([up, down]) > payoff).all())
        derivatives[name] = (up - down) / (2.0 * step)
    scale = 1e-4 * case.spot
    assert greeks.delta == pytest.approx(derivatives["spot"], abs=1e-5)
    assert greeks.theta == pytest.approx(-derivatives["years"], rel=1e-3, abs=scale)
    assert greeks.vega == pytest.approx(derivatives["volatility"], rel=1e-3, abs=scale)
    assert greeks.rho == pytest.approx(derivatives["rate"], rel=1e-3, abs=scale)


@pytest.mark.parametrize("right", [1, -1])
def test_greeks_of_the_tree_and_of_the_approximation_agree(right: int) -> None:
    strikes = np.array([85.0, 95.0, 100.0, 105.0, 115.0])
    tree = binomial_greeks(right, 100.0, strikes, 0.25, 0.3, 0.05, 0.03, steps=501)
    quick = american_greeks(right, 100.0, strikes, 0.25, 0.3, 0.05, 0.03)
    for name, tolerance in {
        "price": 0.05,
        "delta": 5e-3,
        "gamma": 2e-4,
        "vega": 0.15,
        "theta": 0.1,
        "rho": 1.5,
    }.items():
        np.testing.assert_allclose(getattr(quick, name), getattr(tree, name), atol=tolerance, err_msg=name)


@pytest.mark.parametrize("price", [american_greeks, binomial_greeks])
def test_where_exercise_is_best_the_price_is_the_payoff(price) -> None:  # type: ignore[no-untyped-def]
    greeks = price(-1, 20.0, 100.0, 1.0, 0.2, 0.08)
    assert tuple(float(figure) for figure in greeks) == (80.0, -1.0, 0.0, 0.0, 0.0, 0.0)


@PRICERS
def test_edges(price) -> None:  # type: ignore[no-untyped-def]
    assert price(1, 110.0, 100.0, 0.0, 0.2) == 10.0
    assert price(-1, 110.0, 100.0, 0.0, 0.2) == 0.0
    assert price(-1, 90.0, 100.0, 1.0, 0.0, 0.05) == 10.0  # certain: exercised at once
    certain = price(1, 100.0, 100.0, 2.0, 0.0, 0.05, 0.02)
    assert certain == pytest.approx(100 * np.exp(-0.04) - 100 * np.exp(-0.1))  # certain: held
    assert np.isnan(price(1, 100.0, 100.0, 1.0, -0.2))
    assert np.isnan(price(1, 100.0, np.nan, 1.0, 0.2))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([1, -1]), st.floats(80, 120), st.floats(1e-9, 0.03), st.floats(0, 0.1), st.floats(0, 0.1)
)
def test_small_volatilities_lead_to_the_certain_price(
    right: int, strike: float, volatility: float, rate: float, dividend_yield: float
) -> None:
    arguments = (right, 100.0, strike, 0.5)
    certain = float(american_price(*arguments, 0.0, rate, dividend_yield))
    most = 0.5 * 100 * volatility  # an at-the-money option is worth 0.4 * volatility * root of the time
    for price in (american_price, binomial_price):
        assert (
            certain - 2e-3
            <= float(price(*arguments, volatility, rate, dividend_yield))
            <= certain + most + 2e-2
        )


def test_two_exercise_boundaries_are_left_to_the_tree() -> None:
    assert np.isnan(american_price(-1, 100.0, 100.0, 1.0, 0.1, -0.01, -0.03))
    assert binomial_price(-1, 100.0, 100.0, 1.0, 0.1, -0.01, -0.03) > 0.0


def test_a_tree_has_an_odd_number_of_steps() -> None:
    with pytest.raises(ValueError, match="steps: 200 is not an odd number"):
        binomial_price(1, 100.0, 100.0, 1.0, 0.2, steps=200)
