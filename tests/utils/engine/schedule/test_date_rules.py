"""Date rules: dates of known months and years."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.data.lean.clock import zone
from utils.engine.clock import Clock, local_to_utc
from utils.engine.dotnet.exceptions import ArgumentOutOfRangeException
from utils.engine.enums import DayOfWeek, SecurityType
from utils.engine.exchange.market_hours_database import MarketHoursDatabase
from utils.engine.identity.symbol import Symbol
from utils.engine.identity.symbol_cache import SymbolCache
from utils.engine.schedule.date_rules import DateRules

NEW_YORK = zone("America/New_York")
SPY = Symbol.create("SPY", SecurityType.EQUITY, "usa")
BTC = Symbol.create("BTCUSD", SecurityType.CRYPTO, "coinbase")
EUR = Symbol.create("EURUSD", SecurityType.FOREX, "fxcm")
SYMBOLS = {"SPY": SPY, "BTC": BTC, "EUR": EUR, None: None}


@pytest.fixture
def rules(sample_data: Path) -> Iterator[DateRules]:
    database = MarketHoursDatabase.from_data_folder(sample_data / "lean")
    SymbolCache.clear()
    yield DateRules(
        lambda symbol: database.get_exchange_hours(symbol.id.market, symbol, symbol.security_type),
        lambda: NEW_YORK,
        Clock(local_to_utc(datetime(2013, 10, 7, 22), NEW_YORK)),
    )
    SymbolCache.clear()


def days(rule: Any, first: str, last: str) -> list[int]:
    return [one.day for one in rule.get_dates(datetime.fromisoformat(first), datetime.fromisoformat(last))]


def dates(rule: Any, first: str, last: str) -> list[str]:
    found = rule.get_dates(datetime.fromisoformat(first), datetime.fromisoformat(last))
    return [f"{one:%Y-%m-%d}" for one in found]


@pytest.mark.parametrize(
    ("symbol", "offset", "expected"),
    [
        (None, 0, [1, 1, 1, 1, 1, 1]),
        (None, 5, [6, 6, 6, 6, 6, 6]),
        ("SPY", 0, [3, 1, 1, 3, 1, 1]),
        ("SPY", 5, [10, 8, 8, 10, 8, 8]),
        ("SPY", 12, [20, 17, 17, 19, 17, 19]),  # 17 January 2000 was a holiday
        ("SPY", 25, [31, 29, 31, 28, 31, 30]),  # more days than the months have
        ("BTC", 5, [6, 6, 6, 6, 6, 6]),
        ("EUR", 5, [7, 7, 7, 7, 7, 7]),
    ],
)
def test_month_start(rules: DateRules, symbol: str | None, offset: int, expected: list[int]) -> None:
    assert days(rules.month_start(SYMBOLS[symbol], offset), "2000-01-01", "2000-06-30") == expected


@pytest.mark.parametrize(
    ("symbol", "offset", "expected"),
    [
        (None, 0, [31, 29, 31, 30, 31, 30]),
        ("SPY", 0, [31, 29, 31, 28, 31, 30]),
        ("SPY", 5, [24, 22, 24, 20, 23, 23]),  # Good Friday and Memorial Day
        ("SPY", 12, [12, 10, 15, 11, 12, 14]),
        ("SPY", 25, [3, 1, 1, 3, 1, 1]),
        ("BTC", 5, [26, 24, 26, 25, 26, 25]),
        ("EUR", 5, [25, 23, 26, 24, 25, 25]),
    ],
)
def test_month_end(rules: DateRules, symbol: str | None, offset: int, expected: list[int]) -> None:
    assert days(rules.month_end(SYMBOLS[symbol], offset), "2000-01-01", "2000-06-30") == expected


@pytest.mark.parametrize(
    ("symbol", "offset", "expected"),
    [
        ("SPY", 5, [10, 9, 9, 9, 9]),
        ("SPY", 12, [20, 19, 18, 21, 21]),
        ("SPY", 348, [29, 31, 31, 31, 31]),
        ("BTC", 5, [6, 6, 6, 6, 6]),
    ],
)
def test_year_start(rules: DateRules, symbol: str, offset: int, expected: list[int]) -> None:
    assert days(rules.year_start(SYMBOLS[symbol], offset), "2000-01-01", "2004-12-31") == expected


@pytest.mark.parametrize(
    ("symbol", "offset", "expected"),
    [
        ("SPY", 5, [21, 21, 23, 23, 23]),
        ("SPY", 19, [1, 3, 3, 3, 3]),
        ("EUR", 5, [25, 25, 25, 25, 26]),
    ],
)
def test_year_end(rules: DateRules, symbol: str, offset: int, expected: list[int]) -> None:
    assert days(rules.year_end(SYMBOLS[symbol], offset), "2000-01-01", "2004-12-31") == expected


def test_quarters(rules: DateRules) -> None:
    assert dates(rules.quarter_start(), "2013-01-15", "2013-12-31") == [
        "2013-04-01",
        "2013-07-01",
        "2013-10-01",
    ]
    assert dates(rules.quarter_end(SPY), "2013-01-15", "2013-12-31") == [
        "2013-03-28",  # Good Friday was the 29th
        "2013-06-28",
        "2013-09-30",
        "2013-12-31",
    ]


@pytest.mark.parametrize(
    ("symbol", "offset", "expected"),
    [
        (None, 0, [3, 10, 17, 24, 31]),
        (None, 6, [2, 9, 16, 23, 30]),
        ("SPY", 0, [3, 10, 18, 24, 31]),
        ("SPY", 2, [5, 12, 20, 26]),
        ("BTC", 0, [2, 9, 16, 23, 30]),
        ("EUR", 2, [4, 11, 18, 25]),
    ],
)
def test_week_start(rules: DateRules, symbol: str | None, offset: int, expected: list[int]) -> None:
    assert days(rules.week_start(SYMBOLS[symbol], offset), "2000-01-01", "2000-01-31") == expected


def test_week_end(rules: DateRules) -> None:
    assert days(rules.week_end(), "2000-01-01", "2000-01-31") == [7, 14, 21, 28]
    assert days(rules.week_end(1), "2000-01-01", "2000-01-31") == [6, 13, 20, 27]
    assert dates(rules.week_end("SPY"), "2013-03-25", "2013-04-06") == ["2013-03-28", "2013-04-05"]


def test_tickers_stand_for_the_security_added_else_for_the_us_equity(rules: DateRules) -> None:
    SymbolCache.set("BTCUSD", BTC)
    assert days(rules.every_day("BTCUSD"), "2013-10-04", "2013-10-07") == [4, 5, 6, 7]
    assert days(rules.every_day("AAPL"), "2013-10-04", "2013-10-07") == [4, 7]
    assert SymbolCache.get_symbol("AAPL").security_type == SecurityType.EQUITY


def test_days(rules: DateRules) -> None:
    assert days(rules.every_day(), "2013-10-04", "2013-10-07") == [4, 5, 6, 7]
    assert days(rules.every_day(SPY), "2013-11-27", "2013-12-02") == [27, 29, 2]
    weekdays = rules.every(DayOfWeek.MONDAY, DayOfWeek.FRIDAY)
    assert days(weekdays, "2013-10-01", "2013-10-14") == [4, 7, 11, 14]
    assert weekdays.name == "Monday,Friday"
    assert days(rules.every([DayOfWeek.SUNDAY]), "2013-10-01", "2013-10-07") == [6]


def test_given_dates(rules: DateRules) -> None:
    assert dates(rules.on(2013, 10, 7), "2013-10-01", "2013-10-31") == ["2013-10-07"]
    assert dates(rules.on(2013, 10, 7), "2013-10-08", "2013-10-31") == []
    several = rules.on(datetime(2013, 10, 7, 12), date(2013, 10, 9))
    assert dates(several, "2013-10-01", "2013-10-31") == ["2013-10-07", "2013-10-09"]
    assert dates(rules.on([datetime(2013, 10, 7)]), "2013-10-01", "2013-10-31") == ["2013-10-07"]
    assert several.name == "10/07/2013,10/09/2013"


def test_today_is_of_the_algorithms_zone(rules: DateRules) -> None:
    # 22:00 in New York is the next day in UTC.
    assert dates(rules.today, "2013-10-06", "2050-12-31") == ["2013-10-07"]
    assert dates(rules.tomorrow, "2013-10-06", "2050-12-31") == ["2013-10-08"]
    rules.set_default_time_zone("UTC")
    assert dates(rules.today, "2013-10-06", "2050-12-31") == ["2013-10-08"]


def test_names(rules: DateRules) -> None:
    assert rules.every_day().name == "EveryDay"
    assert rules.every_day(SPY).name == "SPY: EveryDay"
    assert rules.month_start(SPY, 3).name == "SPY: MonthStart+3"
    assert rules.month_end(3).name == "MonthEnd-3"
    assert rules.week_end(SPY).Name == "SPY: WeekEnd"
    assert rules.tomorrow.name == "TomorrowOnly"


@pytest.mark.parametrize(("kind", "offset"), [("month", 31), ("month", -1), ("year", 366), ("week", 7)])
def test_offsets_have_limits(rules: DateRules, kind: str, offset: int) -> None:
    with pytest.raises(ArgumentOutOfRangeException, match="offset must be between 0 and"):
        getattr(rules, f"{kind}_start")(offset)
    with pytest.raises(ArgumentOutOfRangeException, match="between 0 and 4"):
        rules.week_end(SPY, 5)


@given(
    start=st.dates(date(1999, 1, 1), date(2030, 1, 1)),
    length=st.integers(0, 400),
    offset=st.integers(0, 30),
    kind=st.sampled_from(["month_start", "month_end"]),
)
def test_months_count_calendar_days_without_a_symbol(
    start: date, length: int, offset: int, kind: str
) -> None:
    rules = DateRules(lambda _symbol: None, lambda: NEW_YORK)  # type: ignore[arg-type, return-value]  # no symbol
    first = datetime(start.year, start.month, start.day)
    last = datetime.fromordinal(start.toordinal() + length)
    found = list(getattr(rules, kind)(offset).get_dates(first, last))
    wanted = []
    for number in range(first.toordinal(), last.toordinal() + 1):
        one = datetime.fromordinal(number)
        following = datetime(one.year + one.month // 12, one.month % 12 + 1, 1)
        size = (following - datetime(one.year, one.month, 1)).days
        place = min(offset + 1, size) if kind == "month_start" else max(size - offset, 1)
        if one.day == place:
            wanted.append(one)
    assert found == wanted
