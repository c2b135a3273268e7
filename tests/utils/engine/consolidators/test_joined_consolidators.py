"""Identity, filters, sequences and consolidators written in an algorithm."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from utils.engine.consolidators.consolidator import PythonConsolidator, attach, detach
from utils.engine.consolidators.identity import FilteredIdentityDataConsolidator, IdentityDataConsolidator
from utils.engine.consolidators.quote_bar_consolidator import QuoteBarConsolidator
from utils.engine.consolidators.sequential import SequentialConsolidator
from utils.engine.consolidators.trade_bar_consolidator import TradeBarConsolidator
from utils.engine.data.bar import Bar
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.tick import Tick
from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.exceptions import ArgumentException, ArgumentNullException
from utils.engine.enums import SecurityType, TickType
from utils.engine.identity.symbol import Symbol

SPY = Symbol.create("SPY", SecurityType.EQUITY, "usa")
NINE = datetime(2013, 10, 7, 9)
DAY = timedelta(days=1)


def bar(start: datetime, period: timedelta = timedelta(minutes=1)) -> TradeBar:
    return TradeBar(start, SPY, 1, 2, 0.5, 1.5, 10, period)


def quote(start: datetime, price: float = 1.0) -> QuoteBar:
    side = Bar(price, price, price, price)
    return QuoteBar(start, SPY, side, 1, side, 1)


def collect(consolidator: Any) -> list[Any]:
    made: list[Any] = []
    consolidator.data_consolidated += lambda _, data: made.append(data)
    return made


def test_identity_passes_on_once_per_end_time() -> None:
    bars: Any = IdentityDataConsolidator
    consolidator = bars[TradeBar]()
    assert consolidator.input_type is consolidator.output_type is TradeBar
    assert bars[TradeBar] is bars[TradeBar]
    made = collect(consolidator)
    first, again, later = bar(NINE), bar(NINE), bar(NINE + DAY)
    for data in (first, again, later):
        consolidator.update(data)
    assert made == [first, later]
    assert made[0] is first
    with pytest.raises(ArgumentNullException):
        consolidator.update(quote(NINE))


def test_identity_passes_on_every_tick() -> None:
    consolidator = IdentityDataConsolidator.of(Tick)()
    made = collect(consolidator)
    for price in (1.0, 2.0):
        consolidator.update(Tick(NINE, SPY, "", "", 1, price))
    assert [tick.value for tick in made] == [1.0, 2.0]


def test_filter() -> None:
    consolidator = FilteredIdentityDataConsolidator.for_tick_type(TickType.TRADE)
    made = collect(consolidator)
    consolidator.update(Tick(NINE, SPY, 1.0, 2.0))
    consolidator.update(Tick(NINE, SPY, "", "", 1, 5.0))
    assert [tick.value for tick in made] == [5.0]
    generic: Any = FilteredIdentityDataConsolidator
    assert generic[TradeBar](lambda data: data.close > 1).input_type is TradeBar


def test_three_trading_days_of_minutes() -> None:
    daily, three = TradeBarConsolidator(DAY), TradeBarConsolidator(3)
    consolidator = SequentialConsolidator(daily, three)
    made = collect(consolidator)
    for day in (0, 1, 2, 3, 4, 7, 8):  # over a weekend
        for minute in range(3):
            consolidator.update(bar(NINE + day * DAY + timedelta(minutes=minute)))
    assert [(data.time, data.volume) for data in made] == [
        (datetime(2013, 10, 7), 90.0),
        (datetime(2013, 10, 10), 90.0),
    ]
    assert consolidator[0] is three.consolidated
    assert (consolidator.input_type, consolidator.output_type) == (TradeBar, TradeBar)
    consolidator.reset()
    assert consolidator.working_data is daily.working_data is None


def test_a_sequence_must_fit() -> None:
    with pytest.raises(ArgumentException, match="QuoteBar"):
        SequentialConsolidator(QuoteBarConsolidator(1), TradeBarConsolidator(1))


class AtTime(QuoteBarConsolidator):
    """Built on ours, with an `__init__` that does not call it."""

    def __init__(self, close_time: time) -> None:
        self.close_time = close_time
        self.working_bar: Any = None

    def update(self, data: Any) -> None:
        if self.working_bar is None:
            self.working_bar = QuoteBar(data.time, data.symbol, data.bid, 1, data.ask, 1)
        self.aggregate_bar(self.working_bar, data)

    def scan(self, current_local_time: datetime) -> None:
        if self.working_bar is not None and current_local_time.time() == self.close_time:
            self.working_bar.end_time = current_local_time
            self.on_data_consolidated(self.working_bar)
            self.working_bar = None


def test_an_algorithm_builds_on_our_consolidators() -> None:
    consolidator = AtTime(time(15, 10))
    made = collect(consolidator)
    heard: list[Any] = []
    attach(consolidator, lambda _, data: heard.append(data))
    for hours, price in enumerate((1.0, 3.0, 2.0)):
        consolidator.update(quote(NINE + timedelta(hours=hours), price))
    consolidator.scan(NINE.replace(hour=15, minute=9))
    assert made == []
    consolidator.scan(NINE.replace(hour=15, minute=10))
    assert made == heard == [consolidator.consolidated]
    assert (made[0].high, made[0].end_time) == (3.0, NINE.replace(hour=15, minute=10))
    assert consolidator[0] is made[0]


class FromScratch(PythonConsolidator):
    """In LEAN's older naming style."""

    def __init__(self, period: timedelta) -> None:
        self.InputType: type = QuoteBar
        self.OutputType: type = QuoteBar
        self.period = period

    def Update(self, data: Any) -> None:
        if self.working_data is None:
            self.working_data = data.clone()

    def Scan(self, now: datetime) -> None:
        if self.working_data is not None and now - self.working_data.time >= self.period:
            self.OnDataConsolidated(self, self.working_data)
            self.consolidated = self.working_data
            self.working_data = None


def test_an_algorithm_writes_its_own() -> None:
    consolidator = FromScratch(DAY)
    made = collect(consolidator)
    assert consolidator.input_type is consolidator.output_type is QuoteBar
    consolidator.update(quote(NINE))
    consolidator.scan(NINE + DAY)
    assert made == [consolidator.consolidated] == [consolidator[0]]


def test_attach_takes_any_class_and_detach_undoes_it() -> None:
    class Foreign:
        def __init__(self) -> None:
            from utils.engine.dotnet.event import Event

            self.data_consolidated = Event()

    heard: list[Any] = []

    def handler(_: object, data: object) -> None:
        heard.append(data)

    foreign = Foreign()
    for consolidator in (foreign, TradeBarConsolidator(1)):
        attach(consolidator, handler)
    foreign.data_consolidated(foreign, 1)
    detach(foreign, handler)
    foreign.data_consolidated(foreign, 2)
    assert heard == [1]
