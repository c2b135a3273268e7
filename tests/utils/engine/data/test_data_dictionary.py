"""Data keyed by symbol."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from utils.engine.data.data_dictionary import TradeBars
from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.exceptions import ArgumentException, KeyNotFoundException, NotSupportedException
from utils.engine.enums import SecurityType
from utils.engine.identity.symbol import Symbol
from utils.engine.identity.symbol_cache import SymbolCache

SPY = Symbol.create("SPY", SecurityType.EQUITY, "usa")
AAPL = Symbol.create("AAPL", SecurityType.EQUITY, "usa")
TIME = datetime(2013, 10, 7, 9, 31)


@pytest.fixture(autouse=True)
def tickers() -> Iterator[None]:
    SymbolCache.set("SPY", SPY)
    yield
    SymbolCache.clear()


def bar(symbol: Symbol) -> TradeBar:
    return TradeBar(TIME, symbol, 1, 1, 1, 1, 1)


def bars() -> Any:
    made = TradeBars(TIME)
    made[SPY] = bar(SPY)
    made.add(AAPL, bar(AAPL))
    return made


def test_iterating_gives_pairs_in_the_order_of_the_symbols() -> None:
    assert [(pair.key, pair.Value.symbol) for pair in bars()] == [(AAPL, AAPL), (SPY, SPY)]
    assert [symbol for symbol, _ in bars().items()] == [AAPL, SPY]


def test_keys_and_values_are_lists_called_or_not() -> None:
    made = bars()
    assert made.keys() == made.keys == made.Keys == [AAPL, SPY]
    assert [value.symbol for value in made.values()] == [AAPL, SPY]
    assert made.count == made.Count == len(made) == 2


def test_by_symbol_or_ticker() -> None:
    made = bars()
    assert made["SPY"] is made[SPY]
    assert "SPY" in made
    assert SPY in made
    assert made.ContainsKey(SPY)
    assert made.get("SPY") is made[SPY]
    assert made.try_get_value(SPY, None) == (True, made[SPY])


def test_a_ticker_that_was_not_added_is_not_found() -> None:
    made = bars()
    assert "AAPL" not in made
    assert made.get("AAPL") is None
    with pytest.raises(KeyError, match="AAPL"):
        made["AAPL"]


def test_missing_data() -> None:
    made = TradeBars()
    assert made.get(SPY) is None
    assert made.get(SPY, bar(SPY)) is not None
    assert not made.contains_key(None)
    with pytest.raises(KeyNotFoundException, match=r"TradeBars.*SPY"):
        made[SPY]


def test_adding_and_removing() -> None:
    made = bars()
    with pytest.raises(ArgumentException):
        made.add(SPY, bar(SPY))
    assert made.remove(SPY)
    assert not made.remove(SPY)
    made.add(bar(SPY))
    assert made.pop(SPY).symbol == SPY
    assert made.pop(SPY, 1) == 1
    made.clear()
    assert not made


def test_python_dictionary_methods() -> None:
    made = bars()
    assert list(made.copy()) == [AAPL, SPY]
    assert made.fromkeys([SPY, "x"], 0)["x"] == 0
    assert made.setdefault(SPY, None) is made[SPY]
    with pytest.raises(NotSupportedException):
        made.popitem()
    other = TradeBars()
    other.update(made)
    assert len(other) == 2
