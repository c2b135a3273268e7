"""Time rules: UTC times of known dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from utils.data.lean.clock import zone
from utils.engine.clock import Clock, local_to_utc
from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.enums import SecurityType
from utils.engine.exchange.market_hours_database import MarketHoursDatabase
from utils.engine.exchange.time_zones import TimeZones
from utils.engine.identity.symbol import Symbol
from utils.engine.identity.symbol_cache import SymbolCache
from utils.engine.schedule.time_rules import TimeRules

NEW_YORK = zone("America/New_York")
SPY = Symbol.create("SPY", SecurityType.EQUITY, "usa")
SPX = Symbol.create("SPX", SecurityType.INDEX, "usa")
BTC = Symbol.create("BTCUSD", SecurityType.CRYPTO, "coinbase")
NOW = datetime(2013, 10, 7, 14)


@pytest.fixture
def rules(sample_data: Path) -> Iterator[TimeRules]:
    database = MarketHoursDatabase.from_data_folder(sample_data / "lean")

    def hours_of(symbol: Symbol) -> Any:
        return database.get_exchange_hours(symbol.id.market, symbol, symbol.security_type)

    SymbolCache.clear()
    SymbolCache.set("SPY", SPY)
    yield TimeRules(
        hours_of,
        lambda: NEW_YORK,
        Clock(local_to_utc(NOW, zone("UTC"))),
        lambda: [hours_of(SPX), hours_of(BTC)],
    )
    SymbolCache.clear()


def times(rule: Any, *days: str) -> list[str]:
    found = rule.create_utc_event_times([datetime.fromisoformat(day) for day in days])
    return [f"{time:%m-%d %H:%M:%S}" for time in found]


def test_times_of_day(rules: TimeRules) -> None:
    assert times(rules.at(12, 0), "2000-01-03", "2000-07-03") == ["01-03 17:00:00", "07-03 16:00:00"]
    assert times(rules.at(9, 30, 15), "2000-01-03") == ["01-03 14:30:15"]
    assert times(rules.at(timedelta(hours=9, minutes=30)), "2000-01-03") == ["01-03 14:30:00"]
    assert times(rules.at(9, 30, TimeZones.CHICAGO), "2000-01-03") == ["01-03 15:30:00"]
    assert times(rules.at(9, 30, 5, TimeZones.UTC), "2000-01-03") == ["01-03 09:30:05"]
    assert times(rules.at(timedelta(hours=1), "Europe/London"), "2000-07-03") == ["07-03 00:00:00"]
    assert times(rules.at(hour=12, minute=1, time_zone=TimeZones.UTC), "2000-01-03") == ["01-03 12:01:00"]


def test_default_time_zone_of_later_rules(rules: TimeRules) -> None:
    before = rules.at(12, 0)
    rules.set_default_time_zone(TimeZones.UTC)
    assert times(before, "2000-01-03") == ["01-03 17:00:00"]
    assert times(rules.at(12, 0), "2000-01-03") == ["01-03 12:00:00"]


def test_clock_changes(rules: TimeRules) -> None:
    # 10 March 2013: 2:30 is skipped; 3 November: 1:30 comes twice, the first counts.
    assert times(rules.at(2, 30), "2013-03-10") == ["03-10 07:30:00"]
    assert times(rules.at(1, 30), "2013-11-03") == ["11-03 05:30:00"]
    assert times(rules.midnight, "2013-03-10", "2013-03-11") == ["03-10 05:00:00", "03-11 04:00:00"]
    # Noon is twelve hours after midnight, whatever the clock shows then.
    assert times(rules.noon, "2013-03-10", "2013-03-11") == ["03-10 17:00:00", "03-11 16:00:00"]


def test_intervals(rules: TimeRules) -> None:
    assert times(rules.every(timedelta(hours=8)), "2000-01-03") == [
        "01-03 05:00:00",
        "01-03 13:00:00",
        "01-03 21:00:00",
    ]
    assert len(times(rules.every(timedelta(minutes=1)), "2000-01-03", "2000-01-04")) == 2880
    assert times(rules.every(timedelta(hours=12)), "2013-03-10") == ["03-10 05:00:00", "03-10 16:00:00"]
    with pytest.raises(ArgumentException, match="zero or less"):
        rules.every(timedelta(0))


@pytest.mark.parametrize(
    ("day", "minutes", "extended", "expected"),
    [
        ("2000-01-03", 0, False, ["01-03 14:30:00"]),
        ("2000-01-03", 30, False, ["01-03 15:00:00"]),
        ("2000-01-03", -30, False, ["01-03 14:00:00"]),
        ("2000-01-03", 0, True, ["01-03 09:00:00"]),
        ("2000-01-03", 0.5, False, ["01-03 14:30:30"]),
        ("2013-10-07", 0, False, ["10-07 13:30:00"]),  # summer
        ("2013-10-05", 0, False, []),
        ("2013-11-28", 0, True, []),
    ],
)
def test_after_the_open(
    rules: TimeRules, day: str, minutes: float, extended: bool, expected: list[str]
) -> None:
    assert times(rules.after_market_open(SPY, minutes, extended), day) == expected
    assert times(rules.before_market_open("SPY", -minutes, extended), day) == expected


@pytest.mark.parametrize(
    ("day", "minutes", "extended", "expected"),
    [
        ("2013-10-07", 0, False, ["10-07 20:00:00"]),
        ("2013-10-07", 10, False, ["10-07 19:50:00"]),
        ("2013-10-07", 0, True, ["10-08 00:00:00"]),
        ("2013-11-29", 10, False, ["11-29 17:50:00"]),  # closes at 13:00
        ("2013-11-28", 0, False, []),
    ],
)
def test_before_the_close(
    rules: TimeRules, day: str, minutes: float, extended: bool, expected: list[str]
) -> None:
    assert times(rules.before_market_close(SPY, minutes, extended), day) == expected
    assert times(rules.after_market_close(SPY, -minutes, extended), day) == expected


def test_what_is_always_open_never_opens_but_ends_its_day_at_midnight(rules: TimeRules) -> None:
    with pytest.raises(ArgumentException, match="always open"):
        times(rules.after_market_open(BTC), "2013-10-07")
    assert times(rules.before_market_close(BTC, 1), "2013-10-07") == ["10-07 23:59:00"]


def test_without_a_symbol_the_first_open_and_the_last_close(rules: TimeRules) -> None:
    # SPX: 8:30 to 15:15 in Chicago; what is always open does not count.
    assert times(rules.after_market_open(10), "2013-10-07") == ["10-07 13:40:00"]
    assert times(rules.before_market_close(10), "2013-10-07") == ["10-07 20:05:00"]
    assert times(rules.after_market_open(0, True), "2013-10-07") == ["10-07 08:00:00"]
    assert times(rules.after_market_open(), "2013-10-05") == []


def test_now_whatever_the_date(rules: TimeRules) -> None:
    assert times(rules.now, "2000-01-03") == ["10-07 14:00:00"]


def test_rule_names(rules: TimeRules) -> None:
    assert rules.at(9, 31).name == "9.52"
    assert rules.at(12, 0).name == "12"
    assert rules.every(timedelta(minutes=10)).name == "Every 10 min"
    assert rules.every(timedelta(seconds=100)).name == "Every 1.67 min"
    assert rules.after_market_open(SPY, 1.5).name == "SPY: 1.5 min after MarketOpen"
    assert rules.before_market_open(SPY, 30, True).name == "SPY: 30 min before ExtendedMarketOpen"
    assert rules.before_market_close(SPY, 10).name == "SPY: 10 min before MarketClose"
    assert rules.before_market_close(SPY).name == "SPY: 0 min after MarketClose"
    assert rules.after_market_open(5).name == "5 min after MarketOpen"
    assert rules.midnight.Name == "Midnight"
