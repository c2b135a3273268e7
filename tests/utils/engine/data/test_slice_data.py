"""The slice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from utils.engine.data.auxiliary import Delisting, Dividend, MarginInterestRate, Split, SymbolChangedEvent
from utils.engine.data.bar import Bar
from utils.engine.data.base_data import BaseData
from utils.engine.data.python_data import PythonData
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.slice import Slice
from utils.engine.data.tick import OpenInterest, Tick
from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.exceptions import InvalidOperationException, NotSupportedException
from utils.engine.enums import SecurityType, TickType
from utils.engine.identity.symbol import Symbol
from utils.engine.identity.symbol_cache import SymbolCache

SPY = Symbol.create("SPY", SecurityType.EQUITY, "usa")
AAPL = Symbol.create("AAPL", SecurityType.EQUITY, "usa")
BTC = Symbol.create("BTCUSD", SecurityType.CRYPTO, "coinbase")
TIME = datetime(2013, 10, 7, 9, 31)
UTC = TIME + timedelta(hours=4)


@pytest.fixture(autouse=True)
def tickers() -> Iterator[None]:
    SymbolCache.set("SPY", SPY)
    yield
    SymbolCache.clear()


class Rain(PythonData):
    """An algorithm's own data."""


def trade(symbol: Symbol = SPY) -> TradeBar:
    return TradeBar(TIME - timedelta(minutes=1), symbol, 1, 2, 0.5, 1.5, 100)


def quote(symbol: Symbol = SPY) -> QuoteBar:
    side = Bar(1, 1, 1, 1)
    return QuoteBar(TIME - timedelta(minutes=1), symbol, side, 1, side, 1)


def slice_of(*data: BaseData) -> Any:
    return Slice(TIME, list(data), UTC)


def test_bars_by_symbol_and_ticker() -> None:
    bar = trade()
    data = slice_of(bar)
    assert data[SPY] is data["SPY"] is data.bars[SPY] is data.Bars["SPY"] is bar
    assert data.get(SPY) is data.Get(SPY) is bar
    assert SPY in data
    assert data.ContainsKey("SPY")
    assert (data.time, data.UtcTime, data.has_data, data.count) == (TIME, UTC, True, 1)


def test_by_type() -> None:
    rain = Rain()
    rain.symbol = SPY
    points: list[BaseData] = [
        quote(),
        trade(),
        rain,
        Tick(TIME, SPY, "", "", 1, 1.1),
        Split(SPY, TIME, 1, 1),
        Delisting(SPY, TIME, 1),
        Dividend(SPY, TIME, 1, 1),
        SymbolChangedEvent(SPY, TIME, "A", "B"),
        MarginInterestRate(SPY, TIME, 0.08),
        OpenInterest(TIME, SPY, 1),
    ]
    data = slice_of(*points)
    for point in points:
        assert data.get(type(point))[SPY] is point
        assert data.get[type(point)]()[SPY] is point
        assert data.get(type(point), SPY) is point
        assert data.try_get(type(point), SPY, None) == (True, point)
        assert data.try_get(type(point), AAPL, None) == (False, None)


def test_an_equity_is_its_trades() -> None:
    data = slice_of(quote())
    assert not data.has_data
    assert SPY not in data
    assert list(data) == []
    assert SPY in data.quote_bars
    assert not slice_of(Tick(TIME, SPY, 1.0, 2.0)).has_data


def test_of_crypto_the_last_kind_is_given() -> None:
    first, second = trade(BTC), quote(BTC)
    data = slice_of(first, second)
    assert data[BTC] is second
    assert data.bars[BTC] is first


def test_iterating_gives_pairs_and_ticks_one_by_one() -> None:
    ticks = [Tick(TIME, SPY, "", "", size, 1.1) for size in (1, 2)]
    data = slice_of(*ticks, trade(AAPL))
    assert [(pair.key, type(pair.value)) for pair in data] == [(AAPL, TradeBar), (SPY, Tick), (SPY, Tick)]
    assert data[SPY] == data.ticks[SPY] == ticks
    assert data.keys() == data.Keys == [AAPL, SPY]
    assert len(data.values()) == len(data.get_values()) == 3


def test_of_ticks_the_last_of_a_kind_is_given_by_type() -> None:
    trades = [Tick(TIME, SPY, "", "", size, 1.1) for size in (1, 2)]
    data = slice_of(*trades, OpenInterest(TIME, SPY, 9))
    assert data.get(Tick)[SPY] is trades[1]
    assert data.get(OpenInterest)[SPY].tick_type == TickType.OPEN_INTEREST


def test_a_split_alone_is_a_key_without_value() -> None:
    data = slice_of(Split(SPY, TIME, 1, 0.5))
    assert SPY in data
    assert data[SPY] is None
    assert data.get(SPY) is None
    assert list(data) == []
    assert data.splits[SPY].split_factor == 0.5
    assert data.all_data == data.AllData


def test_nothing() -> None:
    data = slice_of()
    assert not data.has_data
    assert data
    assert data.get(SPY) is None
    assert data.get(SPY, 0) == 0
    assert not data.option_chains
    assert not data.FuturesChains
    with pytest.raises(KeyError, match="SPY"):
        data[SPY]
    with pytest.raises(KeyError, match="XYZ"):
        data["XYZ"]


def test_it_is_read_only() -> None:
    with pytest.raises(NotSupportedException):
        slice_of()[SPY] = trade()


def test_merging_keeps_what_is_there() -> None:
    mine, other, more = trade(SPY), trade(SPY), trade(AAPL)
    data = slice_of(mine)
    assert SPY in data
    data.merge_slice(slice_of(other, more))
    assert data[SPY] is data.bars[SPY] is mine
    assert data[AAPL] is more
    with pytest.raises(InvalidOperationException):
        data.merge_slice(Slice(TIME, [], UTC + timedelta(minutes=1)))


def test_a_subclass_gives_its_own_collections() -> None:
    from utils.engine.data.data_dictionary import TradeBars

    class Lazy(Slice):
        @property
        def bars(self) -> TradeBars:
            made = TradeBars(self.time)
            made[SPY] = trade()
            return made

    data: Any = Lazy(TIME, [], UTC)
    assert data.Bars[SPY].close == data.get(TradeBar)[SPY].close == 1.5


def test_nothing_can_be_taken_away() -> None:
    data = slice_of(trade())
    assert data.pop(AAPL, 3) == 3
    assert data.setdefault(SPY).close == 1.5
    for change in (lambda: data.pop(SPY), lambda: data.remove(SPY), data.clear):
        with pytest.raises(InvalidOperationException):
            change()
    with pytest.raises(KeyError):
        data.setdefault(AAPL, 1)
