"""Limit prices: on the tick, never beyond what is allowed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trading.execution.quotes import Quote, improved_limit, on_tick, slippage_pct

PRICES = st.floats(0.01, 2000.0)
TICKS = st.sampled_from([0.01, 0.05, 0.1, 0.25])


@given(PRICES, TICKS, st.sampled_from([1, -1]))
def test_a_price_on_the_tick_is_at_most_a_tick_better_and_never_worse(
    price: float, tick: float, side: int
) -> None:
    found = on_tick(price, side, tick)
    assert abs(found / tick - round(found / tick)) < 1e-6
    assert -1e-5 * tick <= side * (price - found) < tick


@given(PRICES, st.floats(0.0, 0.5), st.integers(0, 10), st.sampled_from([1, -1]))
def test_limits_improve_with_each_try_within_the_slippage_allowed(
    bid: float, width: float, tries: int, side: int
) -> None:
    quote = Quote(bid, bid * (1 + width))
    limit = improved_limit(quote, side, tries, 25.0, 5.0)
    better = improved_limit(quote, side, tries + 1, 25.0, 5.0)
    assert side * (better - limit) >= 0
    assert side * (limit - quote.mid) <= 0.05 * quote.mid + 1e-9


def test_the_third_try_at_a_quarter_of_the_spread_is_at_the_other_side() -> None:
    assert [improved_limit(Quote(9.8, 10.2), 1, tries, 25.0, 5.0) for tries in range(4)] == [
        10,
        10.1,
        10.2,
        10.3,
    ]
    assert improved_limit(Quote(9.8, 10.2), -1, 2, 25.0, 5.0) == 9.8
    assert improved_limit(Quote(9.8, 10.2), 1, 3, 25.0, 1.0) == 10.1


def test_slippage_is_against_the_mid() -> None:
    assert slippage_pct(10.2, 10.0, 1) == pytest.approx(2.0)
    assert slippage_pct(10.2, 10.0, -1) == pytest.approx(-2.0)
