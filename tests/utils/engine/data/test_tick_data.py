"""Ticks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from utils.engine.data.tick import OpenInterest, Tick
from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.enums import MarketDataType, SecurityType, TickType
from utils.engine.identity.symbol import Symbol
from utils.engine.identity.symbol_cache import SymbolCache

SPY = Symbol.create("SPY", SecurityType.EQUITY, "usa")
TIME = datetime(2013, 10, 7, 9, 30, 0, 500_000)


@pytest.fixture(autouse=True)
def ticker() -> Iterator[None]:
    """Texts have the ticker a symbol was added under."""
    SymbolCache.set(SPY.value, SPY)
    yield
    SymbolCache.clear()


def test_a_trade() -> None:
    tick: Any = Tick(TIME, SPY, "T", "P", 100, 145.63)
    assert tick.tick_type == TickType.TRADE
    assert (tick.quantity, tick.value, tick.LastPrice) == (100.0, 145.63, 145.63)
    assert (tick.exchange, tick.exchange_code, tick.sale_condition) == ("ARCA", "P", "T")
    assert str(tick) == "SPY: Price: 145.63 Quantity: 100"
    assert tick.end_time == tick.time == TIME
    assert tick.data_type == MarketDataType.TICK


def test_a_quote() -> None:
    tick = Tick(TIME, SPY, 200, 145.62, 300, 145.64)
    assert tick.tick_type == TickType.QUOTE
    assert (tick.bid_size, tick.bid_price, tick.ask_size, tick.ask_price) == (200.0, 145.62, 300.0, 145.64)
    assert tick.value == pytest.approx(145.63)
    assert str(tick) == "SPY: Bid: 200@145.62 Ask: 300@145.64"


def test_forms_by_number_of_values() -> None:
    assert Tick(TIME, SPY, 1.0, 3.0).value == 2.0
    assert Tick(TIME, SPY, 2.5, 1.0, 3.0).value == 2.5
    assert Tick(TIME, SPY, "", "", 1, 1.0, 1, 3.0).value == 2.0
    assert Tick(TIME, SPY, 5).tick_type == TickType.OPEN_INTEREST
    with pytest.raises(ArgumentException):
        Tick(TIME, SPY, 1, 2, 3, 4, 5)


def test_a_quote_of_one_side_has_its_price() -> None:
    assert Tick(TIME, SPY, 0, 0, 300, 145.64).value == 145.64


def test_a_copy() -> None:
    tick = Tick(TIME, SPY, "T", "Q", 100, 145.63)
    twin = Tick(tick)
    tick.quantity = 1.0
    assert (twin.quantity, twin.exchange, twin.time, twin.tick_type) == (
        100.0,
        "NASDAQ",
        TIME,
        TickType.TRADE,
    )


@pytest.mark.parametrize(
    ("tick", "valid"),
    [
        (Tick(TIME, SPY, "", "", 100, 1.0), True),
        (Tick(TIME, SPY, "", "", 0, 1.0), False),
        (Tick(TIME, SPY, 0, 1.0, 0, 2.0), False),
        (Tick(TIME, SPY, 1, 1.0, 0, 0), True),
        (Tick(TIME, SPY, 7), True),
    ],
    ids=["trade", "trade of nothing", "quote without sizes", "bid alone", "open interest"],
)
def test_validity(tick: Tick, valid: bool) -> None:
    assert tick.is_valid() is valid


def test_open_interest() -> None:
    interest = OpenInterest(TIME, SPY, 12)
    assert isinstance(interest, Tick)
    assert str(interest) == "SPY: OpenInterest: 12"
    assert interest.clone().tick_type == TickType.OPEN_INTEREST


def test_sale_condition_is_hexadecimal() -> None:
    assert Tick(TIME, SPY, "80000001", "Q", 1, 1.0).parsed_sale_condition == 0x80000001
