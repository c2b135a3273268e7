"""Bars of quotes and of ticks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from utils.engine.consolidators.base_data_consolidator import BaseDataConsolidator, DynamicDataConsolidator
from utils.engine.consolidators.quote_bar_consolidator import QuoteBarConsolidator
from utils.engine.consolidators.tick_consolidator import (
    OpenInterestConsolidator,
    TickConsolidator,
    TickQuoteBarConsolidator,
)
from utils.engine.data.bar import Bar
from utils.engine.data.python_data import PythonData
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.tick import Tick
from utils.engine.data.trade_bar import TradeBar
from utils.engine.enums import SecurityType
from utils.engine.identity.symbol import Symbol

SPY = Symbol.create("SPY", SecurityType.EQUITY, "usa")
TEN = datetime(2015, 4, 13, 10)
MINUTE = timedelta(minutes=1)


def collect(consolidator: Any) -> list[Any]:
    made: list[Any] = []
    consolidator.data_consolidated += lambda _, bar: made.append(bar)
    return made


def prices(side: Bar | None) -> tuple[float, ...]:
    assert side is not None
    return side.open, side.high, side.low, side.close


def quote(minutes: int, bid: Bar | None, ask: Bar | None, size: float = 1.0) -> QuoteBar:
    return QuoteBar(TEN + minutes * MINUTE, SPY, bid, size, ask, size)


def test_both_sides_of_quotes() -> None:
    consolidator = QuoteBarConsolidator(3)
    made = collect(consolidator)
    consolidator.update(quote(0, Bar(1, 2, 0.75, 1.25), None, 3.0))
    consolidator.update(quote(1, Bar(1.1, 2.2, 0.9, 2.1), Bar(2.2, 4.4, 3.3, 3.3), 4.0))
    consolidator.update(quote(2, None, Bar(2.5, 5, 2, 2.5), 5.0))
    (bar,) = made
    assert prices(bar.bid) == (1.0, 2.2, 0.75, 2.1)
    assert prices(bar.ask) == (2.2, 5.0, 2.0, 2.5)
    assert (bar.last_bid_size, bar.last_ask_size) == (4.0, 5.0)
    assert (bar.time, bar.end_time) == (TEN, TEN + 3 * MINUTE)
    assert bar.value == 2.5


def test_a_bar_opens_where_the_one_before_closed() -> None:
    consolidator = QuoteBarConsolidator(timedelta(minutes=2))
    made = collect(consolidator)
    for minutes, price in enumerate((1.0, 2.0, 5.0, 6.0, 7.0)):
        side = Bar(price, price, price, price)
        consolidator.update(quote(minutes, side, side))
    first, second = made
    assert prices(first.bid) == (1.0, 2.0, 1.0, 2.0)
    assert prices(second.bid) == (2.0, 6.0, 2.0, 6.0)


def test_trade_ticks() -> None:
    consolidator = TickConsolidator(timedelta(minutes=1))
    made = collect(consolidator)
    consolidator.update(Tick(TEN, SPY, 1.0, 2.0))  # a quote
    for seconds, price, size in ((0, 5.0, 10), (20, 7.0, 1), (40, 4.0, 2), (61, 6.0, 3)):
        consolidator.update(Tick(TEN + timedelta(seconds=seconds), SPY, "", "", size, price))
    (bar,) = made
    assert (bar.open, bar.high, bar.low, bar.close, bar.volume) == (5.0, 7.0, 4.0, 4.0, 13.0)
    assert (bar.time, bar.period) == (TEN, MINUTE)
    assert type(bar) is TradeBar


def test_counted_ticks_end_with_the_last() -> None:
    consolidator = TickConsolidator(2)
    made = collect(consolidator)
    for seconds in (0, 30):
        consolidator.update(Tick(TEN + timedelta(seconds=seconds), SPY, "", "", 1, 1.0))
    assert (made[0].time, made[0].end_time) == (TEN, TEN + timedelta(seconds=30))


def test_quote_ticks() -> None:
    consolidator = TickQuoteBarConsolidator(timedelta(minutes=1))
    made = collect(consolidator)
    consolidator.update(Tick(TEN, SPY, "", "", 1, 9.0))  # a trade
    for seconds, bid, ask in ((0, 5.0, 6.0), (20, 4.0, 0.0), (40, 4.5, 6.5), (60, 8.0, 9.0)):
        consolidator.update(Tick(TEN + timedelta(seconds=seconds), SPY, 1, bid, 1 if ask else 0, ask))
    (bar,) = made
    assert prices(bar.bid) == (5.0, 5.0, 4.0, 4.5)
    assert prices(bar.ask) == (6.0, 6.5, 6.0, 6.5)


def test_open_interest_is_the_last_of_each_hour() -> None:
    consolidator = OpenInterestConsolidator(timedelta(hours=1))
    made = collect(consolidator)
    for minutes, value in ((0, 10), (30, 11), (70, 12)):
        consolidator.update(Tick(TEN + minutes * MINUTE, SPY, value))
    assert [(bar.time, bar.value) for bar in made] == [(TEN + 30 * MINUTE, 11.0)]


def test_values_of_any_data() -> None:
    consolidator = BaseDataConsolidator(timedelta(minutes=2))
    made = collect(consolidator)
    for minutes, price in enumerate((1.0, 3.0, 2.0)):
        consolidator.update(TradeBar(TEN + minutes * MINUTE, SPY, 0, 9, 0, price, 5))
    (bar,) = made
    assert (bar.open, bar.high, bar.low, bar.close, bar.volume) == (1.0, 3.0, 1.0, 3.0, 0.0)
    assert bar.period == timedelta(minutes=2)


class Ohlc(PythonData):
    """Data with fields."""


def test_fields_of_custom_data() -> None:
    consolidator = DynamicDataConsolidator(timedelta(minutes=2))
    made = collect(consolidator)
    for minutes, fields in enumerate(
        ({"Open": 1.0, "high": 5.0, "volume": 3}, {"Low": 0.5, "volume": 4}, {})
    ):
        data: Any = Ohlc()
        data.symbol, data.time, data.value = SPY, TEN + minutes * MINUTE, 2.0
        for name, value in fields.items():
            data[name] = value
        consolidator.update(data)
    (bar,) = made
    assert (bar.open, bar.high, bar.low, bar.close, bar.volume) == (1.0, 5.0, 0.5, 2.0, 7.0)
