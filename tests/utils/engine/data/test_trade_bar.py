"""Trade bars."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.engine.data.trade_bar import TradeBar
from utils.engine.enums import MarketDataType, SecurityType
from utils.engine.errors import NotSupportedByEngine
from utils.engine.identity.symbol import Symbol
from utils.engine.identity.symbol_cache import SymbolCache

SPY = Symbol.create("SPY", SecurityType.EQUITY, "usa")
START = datetime(2013, 10, 7, 9, 30)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def ticker() -> Iterator[None]:
    """Texts have the ticker a symbol was added under."""
    SymbolCache.set(SPY.value, SPY)
    yield
    SymbolCache.clear()


def bar(*, period: timedelta | None = None) -> Any:
    return TradeBar(START, SPY, 167.42, 167.6, 167.4, 167.55, 1200, period)


def test_both_names_of_each_member() -> None:
    made = bar()
    assert (made.open, made.high, made.low, made.close, made.volume) == (167.42, 167.6, 167.4, 167.55, 1200.0)
    assert (made.Open, made.High, made.Low, made.Close, made.Volume) == (167.42, 167.6, 167.4, 167.55, 1200.0)
    assert made.value == made.Value == made.price == made.Price == 167.55
    assert made.Symbol is made.symbol is SPY
    assert made.data_type == MarketDataType.TRADE_BAR


def test_the_kind_of_data_can_be_set_to_what_it_is() -> None:
    made, empty = bar(), cast("Any", TradeBar())
    empty.data_type = made.data_type
    empty.close = 3.0
    empty.DataType = MarketDataType.TRADE_BAR
    assert (empty.data_type, empty.open) == (MarketDataType.TRADE_BAR, 3.0)
    with pytest.raises(NotSupportedByEngine, match="TradeBar of DataType"):
        made.data_type = MarketDataType.BASE


def test_values_are_floats_whatever_was_given() -> None:
    assert all(type(value) is float for value in (bar().volume, TradeBar(START, SPY, 1, 2, 1, 2, 3).open))


def test_the_end_is_a_period_after_the_start() -> None:
    made = bar()
    assert made.end_time == START + MINUTE
    made.period = timedelta(hours=1)
    assert made.end_time == START + timedelta(hours=1)
    made.end_time = START + timedelta(minutes=5)
    assert made.period == timedelta(minutes=5)
    made.Time = START + timedelta(days=1)
    assert made.EndTime == START + timedelta(days=1, minutes=5)


def test_close_is_the_value() -> None:
    made = bar()
    made.Close = 1.0
    assert made.value == 1.0
    made.value = 2.0
    assert made.close == 2.0


def test_text() -> None:
    assert str(bar()) == "SPY: O: 167.42 H: 167.6 L: 167.4 C: 167.55 V: 1200"
    made = TradeBar(START, SPY, 1234.567891, 0.000012345678, 1, 1, 1)
    assert "O: 1234.5679 H: 0.00001234568 " in str(made)


def test_a_copy_that_fills_forward_has_no_volume() -> None:
    made = bar()
    again, forward = made.clone(), made.Clone(True)
    assert (again.volume, again.is_fill_forward) == (1200.0, False)
    assert (forward.volume, forward.is_fill_forward, forward.close) == (0.0, True, 167.55)
    forward.close = 1.0
    assert made.close == 167.55
    assert TradeBar(made).end_time == made.end_time


def test_trades_build_a_bar() -> None:
    made = TradeBar()
    for price, size in ((10.0, 5.0), (12.0, 1.0), (9.0, 2.0), (11.0, 2.0)):
        made.update_trade(price, size)
    assert (made.open, made.high, made.low, made.close, made.volume) == (10.0, 12.0, 9.0, 11.0, 10.0)


def test_the_first_price_set_stands_for_the_others() -> None:
    made: Any = TradeBar()
    assert (made.open, made.high, made.low, made.close) == (0.0, 0.0, 0.0, 0.0)
    made.Close = 5.0
    assert (made.Open, made.high, made.low, made.close) == (5.0, 5.0, 5.0, 5.0)
    made = TradeBar()
    made.Open = 7.0
    assert (made.high, made.Low, made.close) == (7.0, 7.0, 0.0)
    made.high = 8.0
    assert (made.open, made.high, made.low) == (7.0, 8.0, 7.0)


def test_an_unknown_member_is_an_error() -> None:
    with pytest.raises(AttributeError):
        _ = bar().closing_price


@given(st.integers(0, 4 * 10**9), st.integers(1, 86_400), st.integers(-14, 14))
def test_a_bar_from_a_row_has_the_same_times(start: int, length: int, hours: int) -> None:
    second = 10**9
    made = TradeBar.of_row(
        SPY, start * second, (start + length) * second, 1.0, 2.0, 0.5, 1.5, 9.0, offset=hours * 3600 * second
    )
    begins = datetime(1970, 1, 1) + timedelta(seconds=start, hours=hours)
    assert (made.time, made.end_time) == (begins, begins + timedelta(seconds=length))
    assert made.period == timedelta(seconds=length)
    assert (made.open, made.high, made.low, made.close, made.volume) == (1.0, 2.0, 0.5, 1.5, 9.0)
    assert made.clone().time == begins
