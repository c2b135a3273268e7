from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trading.options.oracle import Case, european
from trading.options import Greeks, Right, european_greeks, european_price

cases = st.builds(
    Case,
    right=st.sampled_from([1, -1]),
    spot=st.floats(10, 1000),
    strike=st.floats(10, 1000),
    days=st.integers(1, 1500),
    volatility=st.floats(0.02, 2),
    rate=st.floats(-0.05, 0.15),
    dividend_yield=st.floats(-0.05, 0.15),
)


@settings(deadline=None)
@given(cases)
def test_prices_and_greeks_are_quantlibs(case: Case) -> None:
    ours = np.array(european_greeks(*case.arguments))
    np.testing.assert_allclose(ours, european(case), rtol=1e-8, atol=1e-9 * case.spot)
    assert european_price(*case.arguments) == ours[0]


@settings(deadline=None)
@given(cases)
def test_a_call_less_a_put_is_a_forward(case: Case) -> None:
    call, put = european_price([Right.CALL, Right.PUT], *case.arguments[1:])
    held = case.spot * np.exp(-case.dividend_yield * case.years)
    paid = case.strike * np.exp(-case.rate * case.years)
    assert call - put == pytest.approx(held - paid, abs=1e-12 * (held + paid))


@settings(deadline=None)
@given(cases, st.floats(0, 3))
def test_prices_rise_with_volatility_and_stay_within_their_bounds(case: Case, other: float) -> None:
    low, high = (
        float(european_price(*case._replace(volatility=volatility).arguments))
        for volatility in sorted((case.volatility, other))
    )
    held = case.spot * np.exp(-case.dividend_yield * case.years)
    paid = case.strike * np.exp(-case.rate * case.years)
    rounding = 1e-13 * (held + paid)
    assert max(case.right * (held - paid), 0.0) - rounding <= low <= high + rounding
    assert high <= (held if case.right > 0 else paid) + rounding


def test_arguments_broadcast() -> None:
    strikes = np.array([90.0, 100.0, 110.0])
    prices = european_price([[Right.CALL], [Right.PUT]], 100.0, strikes, 0.5, 0.2)
    assert prices.shape == (2, 3)
    assert prices[1, 2] == european_price(Right.PUT, 100.0, 110.0, 0.5, 0.2)
    assert european_price(Right.PUT, 100.0, 110.0, 0.5, 0.2).shape == ()
    assert european_price(1, 100.0, np.empty(0), 0.5, 0.2).shape == (0,)
    with pytest.raises(ValueError, match="broadcast"):
        european_price(1, [100.0, 101.0], strikes, 0.5, 0.2)


def test_at_expiry_the_price_is_the_payoff() -> None:
    greeks = european_greeks(1, [90.0, 100.0, 110.0], 100.0, 0.0, 0.2, 0.05)
    np.testing.assert_array_equal(greeks.price, [0.0, 0.0, 10.0])
    np.testing.assert_array_equal(greeks.delta, [0.0, np.nan, 1.0])
    np.testing.assert_array_equal(greeks.gamma, [0.0, np.nan, 0.0])
    np.testing.assert_array_equal(greeks.vega, [0.0, np.nan, 0.0])


@pytest.mark.parametrize("right", [1, -1])
@pytest.mark.parametrize("strike", [50.0, 200.0])
def test_without_volatility_greeks_are_the_limits_of_a_small_one(right: int, strike: float) -> None:
    certain = np.array(european_greeks(right, 100.0, strike, 0.5, 0.0, 0.05, 0.02))
    nearly = np.array(european_greeks(right, 100.0, strike, 0.5, 0.01, 0.05, 0.02))
    np.testing.assert_allclose(certain, nearly, atol=1e-12)


@pytest.mark.parametrize(
    "arguments",
    [
        (1, -100, 100, 0.5, 0.2),
        (1, 0, 100, 0.5, 0.2),
        (1, 100, 0, 0.5, 0.2),
        (1, 100, 100, -0.1, 0.2),
        (1, 100, 100, 0.5, -0.2),
        (0, 100, 100, 0.5, 0.2),
        (1, np.nan, 100, 0.5, 0.2),
        (1, 100, 100, 0.5, np.nan),
        (1, np.inf, 100, 0.5, 0.2),
    ],
)
def test_what_has_no_price_is_nan(arguments: tuple[float, ...]) -> None:
    assert np.isnan(european_price(*arguments))
    assert all(np.isnan(figure) for figure in european_greeks(*arguments))


def test_greeks_are_named() -> None:
    assert Greeks._fields == ("price", "delta", "gamma", "vega", "theta", "rho")
