"""Quote bars."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.engine.data.bar import Bar
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.trade_bar import TradeBar
from utils.engine.enums import SecurityType
from utils.engine.identity.symbol import Symbol
from utils.engine.identity.symbol_cache import SymbolCache

EURUSD = Symbol.create("EURUSD", SecurityType.FOREX, "oanda")
START = datetime(2014, 5, 7)
BID = Bar(1.3902, 1.3905, 1.39, 1.3904)
ASK = Bar(1.3904, 1.3907, 1.3902, 1.3907)


@pytest.fixture(autouse=True)
def ticker() -> Iterator[None]:
    """Texts have the ticker a symbol was added under."""
    SymbolCache.set(EURUSD.value, EURUSD)
    yield
    SymbolCache.clear()


def quote(bid: Bar | None = BID, ask: Bar | None = ASK) -> Any:
    return QuoteBar(START, EURUSD, bid, 3, ask, 4, timedelta(hours=1))


def test_prices_are_the_middle_as_of_decimals() -> None:
    made = quote()
    assert (made.open, made.high, made.low, made.close) == (1.3903, 1.3906, 1.3901, 1.39055)
    assert made.value == made.Price == 1.39055
    assert made.end_time == START + timedelta(hours=1)


@pytest.mark.parametrize(
    ("bid", "ask", "close"), [(BID, None, 1.3904), (None, ASK, 1.3907), (None, None, 0.0)]
)
def test_one_side_alone_is_the_price(bid: Bar | None, ask: Bar | None, close: float) -> None:
    made = quote(bid, ask)
    assert made.close == close
    assert made.last_bid_size == (0.0 if bid is None else 3.0)


def test_a_side_of_zero_is_no_side() -> None:
    assert quote(Bar()).close == 1.3907


def test_the_value_is_the_close_of_the_beginning() -> None:
    from_row: Any = QuoteBar.of_row(EURUSD, 0, 60 * 10**9, BID.clone(), 1.0, ASK.clone(), 1.0)
    assert from_row.value == 1.39055
    from_row.value = 7.0
    assert from_row.Value == from_row.price == 7.0
    assert from_row.close == 1.39055


def test_quotes_build_a_bar() -> None:
    made = QuoteBar(START, EURUSD, None, 0, None, 0)
    made.update_quote(1.0, 10.0, 1.2, 20.0)
    made.update_bid(0.9, 5.0)
    made.update_ask(1.3, 0.0)
    assert made.bid is not None
    assert made.ask is not None
    assert (made.bid.open, made.bid.high, made.bid.low, made.bid.close) == (1.0, 1.0, 0.9, 0.9)
    assert (made.ask.open, made.ask.high, made.ask.close) == (1.2, 1.3, 1.3)
    assert (made.last_bid_size, made.last_ask_size) == (5.0, 20.0)
    assert made.value == 1.3


def test_a_copy_has_its_own_sides() -> None:
    made = quote()
    twin = made.clone()
    twin.bid.close = 9.0
    assert made.Bid.Close == 1.3904
    assert made.bid is not BID


def test_collapsed_it_is_a_trade_bar_without_volume() -> None:
    collapsed = quote().collapse()
    assert type(collapsed) is TradeBar
    assert (collapsed.close, collapsed.volume, collapsed.period) == (1.39055, 0.0, timedelta(hours=1))


def test_text() -> None:
    assert str(quote(BID, None)) == (
        "EURUSD: Bid: O: 1.3902 Bid: H: 1.3905 Bid: L: 1.39 Bid: C: 1.3904 "
        "Ask: O:  Ask: H:  Ask: L:  Ask: C:  "
    )


def test_bar_ignores_zero_and_starts_with_the_first_price() -> None:
    side = Bar()
    for price in (0.0, 5.0, 7.0, 4.0, 0.0, 6.0):
        side.update(price)
    assert (side.open, side.high, side.low, side.close) == (5.0, 7.0, 4.0, 6.0)
    assert str(side) == "O: 5 H: 7 L: 4 C: 6"


@given(st.integers(1, 10**8), st.integers(1, 10**8))
def test_the_middle_is_exact(bid: int, ask: int) -> None:
    made = quote(Bar(*[bid / 1e5] * 4), Bar(*[ask / 1e5] * 4))
    assert made.close == (bid + ask) / 2e5
