from __future__ import annotations

import numpy as np
import pytest

from trading.options import OptionChain, american_price, european_price, parity_forward
from trading.options.chain import DAY

SPOT, RATE, YIELD = 100.0, 0.04, 0.01


def chain(american: bool, spread: float = 0.0) -> OptionChain:
    """Two expiries of 11 strikes, calls and puts, at a volatility with skew and term structure."""
    expiries, strikes, rights = np.meshgrid(
        np.array([73, 365]) * DAY, np.arange(75.0, 126.0, 5.0), [1, -1], indexing="ij"
    )
    expiry, strike, right = expiries.ravel(), strikes.ravel(), rights.ravel().astype(np.int8)
    years = expiry / DAY / 365
    volatility = 0.25 + 0.05 * years - 0.2 * np.log(strike / SPOT)
    price = (american_price if american else european_price)(
        right, SPOT, strike, years, volatility, RATE, YIELD
    )
    return OptionChain(
        SPOT, 0, strike, expiry, right, price - spread / 2, price + spread / 2, RATE, YIELD, american
    )


@pytest.mark.parametrize("american", [True, False])
def test_a_table_finds_the_volatilities_that_made_the_quotes(american: bool) -> None:
    quotes = chain(american)
    table = quotes.table()
    years = table.days / 365
    made = 0.25 + 0.05 * years - 0.2 * np.log(quotes.strike / SPOT)
    found = ~np.isnan(table.implied_volatility)
    assert found.mean() > 0.85  # half a cent is too much for the deepest in the money
    np.testing.assert_allclose(table.implied_volatility[found], made[found], rtol=1e-7)
    np.testing.assert_allclose(table.greeks.price[found], table.mid[found], rtol=1e-9)
    np.testing.assert_array_equal(np.isnan(table.greeks.delta), ~found)
    np.testing.assert_array_equal(table.days, np.repeat([73.0, 365.0], 22))
    np.testing.assert_array_equal(table.moneyness, quotes.strike / 100)


def test_the_forward_of_parity() -> None:
    table = chain(american=False).table()
    np.testing.assert_allclose(table.forward, SPOT * np.exp((RATE - YIELD) * table.days / 365), rtol=1e-12)
    american = chain(american=True).table()
    np.testing.assert_allclose(american.forward, table.forward, rtol=0.005)


def test_an_expiry_without_a_pair_has_no_forward() -> None:
    right = np.array([1, -1, 1, -1, 1, -1], np.int8)
    strike = np.array([100.0, 105.0, 100.0, 100.0, 110.0, 110.0])
    expiry = np.array([1, 1, 2, 2, 2, 2]) * DAY
    price = np.array([5.0, 5.0, 5.0, 4.0, np.nan, 4.0])
    forward = parity_forward(right, strike, expiry, price, np.ones(6))
    np.testing.assert_array_equal(forward, [np.nan, np.nan, 101.0, 101.0, 101.0, 101.0])


def test_the_surface_of_a_chain_prices_it_again() -> None:
    quotes = chain(american=False)
    surface = quotes.table().surface()
    years = np.array([0.2, 1.0])
    carried = SPOT * np.exp((RATE - YIELD) * years)
    expected = 0.25 + 0.05 * years - 0.2 * np.log(carried / SPOT)
    np.testing.assert_allclose(surface.term_structure(years), expected, atol=1e-3)
    np.testing.assert_allclose(surface.skew(years), -0.2, atol=0.01)


def test_contracts_without_a_sound_quote_say_nothing() -> None:
    quotes = OptionChain(
        100.0,
        0,
        np.full(5, 100.0),
        np.full(5, 30 * DAY),
        np.ones(5, np.int8),
        np.array([0.0, np.nan, 5.0, 4.0, 4.0]),
        np.array([1.0, 5.0, 4.0, np.nan, 4.2]),
    )
    table = quotes.table()
    np.testing.assert_array_equal(table.mid, [np.nan, np.nan, np.nan, np.nan, 4.1])
    np.testing.assert_array_equal(np.isnan(table.implied_volatility), [True, True, True, True, False])


def test_an_expired_contract_and_one_on_its_last_minutes() -> None:
    minute = DAY // 1440
    quotes = OptionChain(
        100.0,
        10 * DAY,
        np.array([100.0, 100.0, 90.0]),
        np.array([9 * DAY, 10 * DAY + 5 * minute, 10 * DAY + 5 * minute]),
        np.ones(3, np.int8),
        np.array([1.0, 0.04, 9.99]),
        np.array([1.1, 0.06, 10.01]),
    )
    table = quotes.table(tolerance=0.05)
    np.testing.assert_array_equal(np.isnan(table.implied_volatility), [True, False, True])
    assert 0.1 < table.implied_volatility[1] < 0.6


def test_columns_of_other_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="bid: 2 values for 1 strikes"):
        OptionChain(1.0, 0, np.ones(1), np.ones(1, np.int64), np.ones(1, np.int8), np.ones(2), np.ones(1))
