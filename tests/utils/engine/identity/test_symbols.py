"""Symbols and the tickers they were added under."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from utils.engine.dotnet.exceptions import InvalidOperationException
from utils.engine.enums import OptionRight, OptionStyle, SecurityType
from utils.engine.errors import NotSupportedByEngine
from utils.engine.identity.market import Market
from utils.engine.identity.security_identifier import SecurityIdentifier
from utils.engine.identity.symbol import Symbol
from utils.engine.identity.symbol_cache import SymbolCache

SPY = Symbol(SecurityIdentifier.generate_equity(datetime(1998, 1, 2), "SPY", "usa"), "SPY")
BTC = Symbol.create("BTCUSD", SecurityType.CRYPTO, Market.COINBASE)


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    SymbolCache.clear()
    yield
    SymbolCache.clear()


def test_symbols_are_equal_when_their_identifiers_are() -> None:
    renamed = Symbol(SPY.id, "OTHER")
    assert renamed == SPY
    assert hash(renamed) == hash(SPY)
    assert {SPY: 1}[renamed] == 1
    assert renamed.value == "OTHER"
    assert SPY != BTC
    assert Symbol.__eq__(SPY, SPY.id)


def test_texts_are_equal_to_the_symbol_added_under_them() -> None:
    assert SPY != "SPY"
    SymbolCache.set("SPY", SPY)
    assert SPY == "SPY"
    assert SPY == "spy"
    assert SPY == "SPY R735QTJ8XC9X"
    assert BTC != "SPY"
    assert BTC != "a b"


def test_text_is_the_ticker_it_was_added_under_else_the_identifier() -> None:
    assert str(BTC) == f"{BTC}" == "BTCUSD 2XR"
    SymbolCache.set("BTCUSD", BTC)
    assert str(BTC) == f"{BTC:>8}".strip() == "BTCUSD"


def test_symbols_do_not_change() -> None:
    with pytest.raises(AttributeError, match="do not change"):
        SPY.value = "X"
    assert copy.deepcopy(SPY) is SPY
    assert pickle.loads(pickle.dumps(SPY)) == SPY


def test_both_names_of_each_member() -> None:
    assert SPY.ID is SPY.id
    assert SPY.Value == "SPY"
    assert SPY.SecurityType == SecurityType.EQUITY
    lean: Any = Symbol
    assert lean.Create("BTCUSD", SecurityType.CRYPTO, "coinbase") == BTC


def test_empty_symbol_is_like_none() -> None:
    empty: Any = Symbol.EMPTY
    assert empty == None  # noqa: E711 - what an algorithm may write
    assert SPY != None  # noqa: E711
    lean: Any = Symbol
    assert lean.Empty is lean.empty is Symbol.EMPTY
    assert Symbol.NONE.value == "NONE"


def test_symbols_order_by_ticker_whatever_the_capitals() -> None:
    assert sorted([SPY, BTC]) == [BTC, SPY]
    assert SPY > "abc"
    assert SPY.compare_to("spy") == 0


def test_option_symbols() -> None:
    option = Symbol.create_option(
        SPY, "usa", OptionStyle.AMERICAN, OptionRight.PUT, 195.5, datetime(2015, 9, 18)
    )
    assert option.value == "SPY   150918P00195500"
    assert option.underlying is SPY
    assert option.has_underlying_symbol(SPY)
    assert not option.is_canonical()
    assert option.canonical.value == "?SPY"
    assert option.canonical.is_canonical()
    assert option.canonical == Symbol.create_canonical_option(SPY)
    assert Symbol(SecurityIdentifier.parse(str(option.id)), "").value == option.value


def test_symbols_that_stand_for_all_of_a_kind() -> None:
    assert Symbol.create("SPX", SecurityType.INDEX_OPTION, "usa").value == "?SPX"
    assert Symbol.create("SPX", SecurityType.INDEX_OPTION, "usa").id.option_style == OptionStyle.EUROPEAN
    assert Symbol.create("ES", SecurityType.FUTURE, "cme").value == "/ES"
    with pytest.raises(InvalidOperationException, match="no canonical"):
        _ = SPY.canonical


def test_custom_data_is_named_after_its_type() -> None:
    class Weather:
        pass

    made = Symbol.create_base(Weather, SPY)
    assert made.id.symbol == "SPY.Weather"
    assert made.underlying is SPY
    assert made.id.date == datetime(1998, 1, 2)
    assert made.value == "SPY"


def test_new_ticker_same_security() -> None:
    renamed = SPY.update_mapped_symbol("NEW")
    assert renamed == SPY
    assert (renamed.value, SPY.value) == ("NEW", "SPY")
    assert BTC.update_mapped_symbol("NEW").value == "BTCUSD"


def test_what_is_not_supported_is_named() -> None:
    with pytest.raises(NotSupportedByEngine, match="Commodity"):
        Symbol.create("X", SecurityType.COMMODITY, "usa")


def test_cache_finds_custom_data_by_its_ticker() -> None:
    first = Symbol.create("BTC.Bitcoin", SecurityType.BASE, "usa")
    assert SymbolCache.try_get_symbol("BTC") is None
    SymbolCache.set("BTC.Bitcoin", first)
    assert SymbolCache.get_symbol("btc") is first
    SymbolCache.clear()
    SymbolCache.set("BTC.Bitcoin", first)
    SymbolCache.set("BTC.Other", Symbol.create("BTC.Other", SecurityType.BASE, "usa"))
    assert SymbolCache.try_get_symbol("BTC") is None
    with pytest.raises(InvalidOperationException, match=r"BTC\.BITCOIN, BTC\.OTHER"):
        SymbolCache.get_symbol("BTC")


def test_cache_forgets() -> None:
    SymbolCache.set("SPY", SPY)
    assert SymbolCache.try_remove("SPY")
    assert not SymbolCache.try_remove(SPY)
    with pytest.raises(InvalidOperationException, match="'SPY'"):
        SymbolCache.get_symbol("SPY")


def test_markets_have_numbers() -> None:
    assert (Market.encode("usa"), Market.encode("coinbase"), Market.encode("binance")) == (1, 38, 16)
    assert Market.decode(12) == "coinbase"  # once gdax
    assert Market.encode("nowhere") is None
    assert Market.BINANCE_US == Market.BinanceUS == "binanceus"
