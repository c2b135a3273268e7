"""Consolidators that know the market's hours, here weekdays from 9:30 to 16:00."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from utils.engine.consolidators.market_hour_aware import MarketHourAwareConsolidator
from utils.engine.data.base_data import BaseData
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.tick import Tick
from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.exceptions import ArgumentNullException
from utils.engine.enums import Resolution, SecurityType, TickType
from utils.engine.identity.data_folder import use_data_folder
from utils.engine.identity.symbol import Symbol

SPY = Symbol.create("SPY", SecurityType.EQUITY, "usa")
EURUSD = Symbol.create("EURUSD", SecurityType.FOREX, "oanda")
MONDAY = datetime(2013, 10, 7)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
OPEN, CLOSE = time(9, 30), time(16)


class Hours:
    """Answers what a consolidator asks."""

    is_market_always_open = False

    def is_open(self, start: datetime, end: datetime | bool, extended: bool = False) -> bool:  # noqa: ARG002
        if start.weekday() > 4:
            return False
        if isinstance(end, bool):
            return OPEN <= start.time() < CLOSE
        return start.time() < CLOSE and end.time() > OPEN

    def get_first_daily_market_open(self, moment: datetime, extended: bool) -> datetime:  # noqa: ARG002
        return moment.replace(hour=9, minute=30, second=0, microsecond=0)

    def get_last_daily_market_close(self, moment: datetime, extended: bool) -> datetime:  # noqa: ARG002
        return moment.replace(hour=16, minute=0, second=0, microsecond=0)

    def get_previous_market_open(self, moment: datetime, extended: bool) -> datetime:
        opened = self.get_first_daily_market_open(moment, extended)
        return opened if opened < moment else opened - DAY

    def get_next_market_close(self, moment: datetime, extended: bool) -> datetime:
        return self.get_last_daily_market_close(moment, extended)


class Known(MarketHourAwareConsolidator):
    """With the hours above."""

    def initialize(self, data: Any) -> None:
        self._hours = Hours()
        self._uses_strict_end_time = self.use_strict_end_time(data.symbol)


def collect(consolidator: Any) -> list[Any]:
    made: list[Any] = []
    consolidator.data_consolidated += lambda _, data: made.append(data)
    return made


def minute_bars(consolidator: Any, start: datetime, end: datetime, symbol: Symbol = SPY) -> None:
    """A bar of volume 1 each minute, each scanned at its end."""
    moment = start
    while moment < end:
        consolidator.update(TradeBar(moment, symbol, 1, 1, 1, 1, 1))
        moment += MINUTE
        consolidator.scan(moment)


def test_strict_daily_bars_go_from_open_to_close() -> None:
    consolidator = Known(True, Resolution.DAILY, TradeBar, TickType.TRADE, False)
    made = collect(consolidator)
    minute_bars(consolidator, MONDAY + 4 * HOUR, MONDAY + 16 * HOUR)
    (bar,) = made
    assert (bar.time, bar.end_time) == (MONDAY + 9.5 * HOUR, MONDAY + 16 * HOUR)
    assert bar.volume == 390.0
    assert consolidator.consolidated is consolidator[0] is bar


def test_daily_bars_without_strict_end_times_go_to_midnight() -> None:
    consolidator = Known(False, Resolution.DAILY, TradeBar, TickType.TRADE, False)
    made = collect(consolidator)
    minute_bars(consolidator, MONDAY + 4 * HOUR, MONDAY + 20 * HOUR)
    assert made == []
    consolidator.scan(MONDAY + DAY)
    (bar,) = made
    assert (bar.time, bar.end_time, bar.volume) == (MONDAY, MONDAY + DAY, 390.0)


def test_forex_has_no_strict_end() -> None:
    consolidator = Known(True, Resolution.DAILY, TradeBar, TickType.TRADE, True)
    minute_bars(consolidator, MONDAY, MONDAY + 2 * MINUTE, EURUSD)
    assert consolidator.working_data.end_time == MONDAY + DAY


def test_the_hour_bar_of_the_open_counts() -> None:
    consolidator = Known(True, Resolution.DAILY, TradeBar, TickType.TRADE, False)
    made = collect(consolidator)
    for hour in range(8, 17):
        start = MONDAY + hour * HOUR
        consolidator.update(TradeBar(start, SPY, 1, 1, 1, 1, 1, HOUR))
        consolidator.scan(start + HOUR)
    assert [(bar.time, bar.volume) for bar in made] == [(MONDAY + 9.5 * HOUR, 7.0)]


def test_a_period_of_its_own_begins_at_the_open_and_ends_at_the_close() -> None:
    consolidator = Known(True, 40 * MINUTE, TradeBar, TickType.TRADE, False)
    made = collect(consolidator)
    minute_bars(consolidator, MONDAY + 9 * HOUR, MONDAY + 17 * HOUR)
    assert [bar.time for bar in made] == [MONDAY + 9.5 * HOUR + n * 40 * MINUTE for n in range(10)]
    assert [bar.volume for bar in made] == [40.0] * 9 + [30.0]
    assert made[-1].end_time == MONDAY + 16 * HOUR


def test_extended_hours_are_in_when_asked_for() -> None:
    consolidator = Known(True, Resolution.HOUR, TradeBar, TickType.TRADE, True)
    made = collect(consolidator)
    minute_bars(consolidator, MONDAY + 8 * HOUR, MONDAY + 10 * HOUR)
    assert [bar.volume for bar in made] == [60.0, 60.0]


@pytest.mark.parametrize(
    ("data", "ticks", "output"),
    [
        (Tick, TickType.TRADE, TradeBar),
        (Tick, TickType.QUOTE, QuoteBar),
        (QuoteBar, TickType.QUOTE, QuoteBar),
    ],
)
def test_types(data: type, ticks: TickType, output: type) -> None:
    consolidator = MarketHourAwareConsolidator(True, Resolution.DAILY, data, ticks, False)
    assert (consolidator.input_type, consolidator.output_type) == (data, output)


def test_other_data_is_refused() -> None:
    with pytest.raises(ArgumentNullException, match="BaseData"):
        MarketHourAwareConsolidator(True, Resolution.DAILY, BaseData, TickType.TRADE, False)


def test_reset_and_dispose() -> None:
    consolidator = Known(True, Resolution.DAILY, TradeBar, TickType.TRADE, False)
    made = collect(consolidator)
    minute_bars(consolidator, MONDAY + 10 * HOUR, MONDAY + 11 * HOUR)
    consolidator.reset()
    assert consolidator.working_data is None
    consolidator.dispose()
    minute_bars(consolidator, MONDAY + 10 * HOUR, MONDAY + 16 * HOUR)
    assert made == []


@pytest.fixture
def new_york(tmp_path: Path) -> Iterator[None]:
    """A data folder whose market hours close early after Thanksgiving."""
    day = [
        {"start": "04:00:00", "end": "09:30:00", "state": "premarket"},
        {"start": "09:30:00", "end": "16:00:00", "state": "market"},
        {"start": "16:00:00", "end": "20:00:00", "state": "postmarket"},
    ]
    days = ("monday", "tuesday", "wednesday", "thursday", "friday")
    entry: dict[str, object] = {
        "dataTimeZone": "America/New_York",
        "exchangeTimeZone": "America/New_York",
        "sunday": [],
        **dict.fromkeys(days, day),
        "saturday": [],
        "holidays": ["11/28/2013"],
        "earlyCloses": {"11/29/2013": "13:00:00"},
        "lateOpens": {},
    }
    folder = tmp_path / "market-hours"
    folder.mkdir()
    (folder / "market-hours-database.json").write_text(json.dumps({"entries": {"Equity-usa-[*]": entry}}))
    use_data_folder(tmp_path)
    yield
    use_data_folder(None)


@pytest.mark.usefixtures("new_york")
def test_the_market_hours_database_is_asked() -> None:
    consolidator = MarketHourAwareConsolidator(True, Resolution.DAILY, TradeBar, TickType.TRADE, False)
    made = collect(consolidator)
    for date in (datetime(2013, 11, 27), datetime(2013, 11, 29)):
        minute_bars(consolidator, date + 4 * HOUR, date + 16 * HOUR)
    assert [(bar.time, bar.end_time, bar.volume) for bar in made] == [
        (datetime(2013, 11, 27, 9, 30), datetime(2013, 11, 27, 16), 390.0),
        (datetime(2013, 11, 29, 9, 30), datetime(2013, 11, 29, 13), 210.0),
    ]


@pytest.mark.usefixtures("new_york")
def test_the_last_intraday_bar_ends_at_an_early_close() -> None:
    consolidator = MarketHourAwareConsolidator(True, 100 * MINUTE, TradeBar, TickType.TRADE, False)
    made = collect(consolidator)
    minute_bars(consolidator, datetime(2013, 11, 29, 9), datetime(2013, 11, 29, 14))
    assert len(made) == 2
    # It is told of when the grid's next bar would begin.
    consolidator.scan(datetime(2013, 11, 29, 14, 30))
    assert [bar.volume for bar in made] == [100.0, 100.0, 10.0]
    assert made[-1].end_time == datetime(2013, 11, 29, 13)
