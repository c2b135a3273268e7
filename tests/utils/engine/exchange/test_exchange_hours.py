"""Exchange hours: opens and closes on known dates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.data.lean.clock import zone
from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.enums import DayOfWeek, SecurityType
from utils.engine.exchange.local_market_hours import LocalMarketHours
from utils.engine.exchange.market_hours_database import MarketHoursDatabase
from utils.engine.exchange.market_hours_segment import MarketHoursSegment, MarketHoursState
from utils.engine.exchange.security_exchange import SecurityExchange
from utils.engine.exchange.security_exchange_hours import SecurityExchangeHours

NEW_YORK = zone("America/New_York")
FRIDAY = datetime(2020, 7, 3)
WEEKDAYS = (DayOfWeek.MONDAY, DayOfWeek.TUESDAY, DayOfWeek.WEDNESDAY, DayOfWeek.THURSDAY, DayOfWeek.FRIDAY)


def clock(text: str) -> timedelta:
    hours, minutes = (int(part) for part in text.split(":"))
    return timedelta(hours=hours, minutes=minutes)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.fixture(scope="module")
def spy(sample_data: Path) -> SecurityExchangeHours:
    database = MarketHoursDatabase.from_data_folder(sample_data / "lean")
    hours: SecurityExchangeHours = database.get_exchange_hours("usa", "SPY", SecurityType.EQUITY)
    return hours


@pytest.fixture(scope="module")
def euro(sample_data: Path) -> SecurityExchangeHours:
    database = MarketHoursDatabase.from_data_folder(sample_data / "lean")
    hours: SecurityExchangeHours = database.get_exchange_hours("oanda", "EURUSD", SecurityType.FOREX)
    return hours


@pytest.fixture(scope="module")
def es(sample_data: Path) -> SecurityExchangeHours:
    """E-mini futures: regular hours from 9:30 to 17:00, all others from 18:00 on."""
    database = MarketHoursDatabase.from_data_folder(sample_data / "lean")
    hours: SecurityExchangeHours = database.get_exchange_hours("cme", "ES", SecurityType.FUTURE)
    return hours


@pytest.mark.parametrize(
    ("time", "regular", "extended"),
    [
        ("2013-10-07 09:29:59", False, True),
        ("2013-10-07 09:30", True, True),
        ("2013-10-07 15:59:59.999999", True, True),
        ("2013-10-07 16:00", False, True),
        ("2013-10-07 20:00", False, False),
        ("2013-10-05 12:00", False, False),  # Saturday
        ("2013-11-28 12:00", False, False),  # Thanksgiving
        ("2013-11-29 12:59", True, True),  # closes at 13:00
        ("2013-11-29 13:00", False, False),
        ("2012-10-29 12:00", False, False),  # a hurricane
    ],
)
def test_open_at_an_instant(spy: SecurityExchangeHours, time: str, regular: bool, extended: bool) -> None:
    assert spy.is_open(day(time), False) is regular
    assert spy.is_open(day(time), True) is extended
    assert spy.is_open(day(time), day(time), False) is regular


@pytest.mark.parametrize(
    ("start", "end", "is_open"),
    [
        ("2013-10-07 08:00", "2013-10-07 09:30", False),
        ("2013-10-07 08:00", "2013-10-07 09:31", True),
        ("2013-10-07 16:00", "2013-10-08 09:30", False),
        ("2013-10-07 16:00", "2013-10-08 09:31", True),
        ("2013-10-05 00:00", "2013-10-07 00:00", False),
        ("2013-10-05 00:00", "2013-10-09 00:00", True),
    ],
)
def test_open_at_some_time_of_a_span(spy: SecurityExchangeHours, start: str, end: str, is_open: bool) -> None:
    assert spy.is_open(day(start), day(end), False) is is_open


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("2013-10-07 09:29", "2013-10-07 09:30"),
        ("2013-10-07 09:30", "2013-10-08 09:30"),  # the open itself is not after it
        ("2013-11-27 17:00", "2013-11-29 09:30"),  # Thanksgiving
        ("2013-11-29 14:00", "2013-12-02 09:30"),
        ("2012-10-26 16:00", "2012-10-31 09:30"),  # weekend, then two days of a hurricane
    ],
)
def test_next_open(spy: SecurityExchangeHours, time: str, expected: str) -> None:
    assert spy.get_next_market_open(day(time), False) == day(expected)


@pytest.mark.parametrize(
    ("time", "extended", "expected"),
    [
        ("2013-10-07 08:00", False, "2013-10-07 16:00"),
        ("2013-10-07 16:00", False, "2013-10-08 16:00"),
        ("2013-10-07 16:00", True, "2013-10-07 20:00"),
        ("2013-11-29 10:00", False, "2013-11-29 13:00"),
        ("2013-11-29 10:00", True, "2013-11-29 13:00"),
        ("2013-11-29 13:00", False, "2013-12-02 16:00"),
        ("2013-07-03 12:00", False, "2013-07-03 13:00"),
    ],
)
def test_next_close(spy: SecurityExchangeHours, time: str, extended: bool, expected: str) -> None:
    assert spy.get_next_market_close(day(time), extended) == day(expected)


@pytest.mark.parametrize(
    ("time", "extended", "expected"),
    [
        ("2022-01-01", False, "2022-01-03 09:30"),
        ("2022-01-03 08:00", False, "2022-01-03 09:30"),
        ("2022-01-02 18:00", True, "2022-01-03 18:00"),
        ("2022-01-03 12:00", True, "2022-01-03 18:00"),
        ("2022-01-01", True, "2022-01-02 18:00"),
    ],
)
def test_hours_that_go_on_do_not_open_again(
    es: SecurityExchangeHours, time: str, extended: bool, expected: str
) -> None:
    assert es.get_next_market_open(day(time), extended) == day(expected)


def test_hours_that_go_on_over_midnight_do_not_close(euro: SecurityExchangeHours) -> None:
    # Oanda pauses at 16:58 on weekdays from 17:03 on; Friday's close lasts until Sunday.
    assert euro.get_next_market_close(day("2018-05-01 20:00"), False) == day("2018-05-02 16:58")
    assert euro.get_next_market_open(day("2018-05-05"), False) == day("2018-05-06 17:03")
    assert euro.get_last_daily_market_close(day("2018-05-02"), False) == day("2018-05-03")
    assert not euro.is_market_always_open


def test_previous_open(spy: SecurityExchangeHours, es: SecurityExchangeHours) -> None:
    assert spy.get_previous_market_open(day("2013-10-07 10:00"), False) == day("2013-10-07 09:30")
    assert spy.get_previous_market_open(day("2013-10-07 09:29"), False) == day("2013-10-04 09:30")
    assert spy.get_previous_market_open(day("2013-10-07 10:00"), True) == day("2013-10-07 04:00")
    assert spy.get_first_daily_market_open(day("2013-10-07 23:59"), False) == day("2013-10-07 09:30")
    assert es.get_previous_market_open(day("2022-01-04 12:00"), True) == day("2022-01-03 18:00")
    assert es.get_first_daily_market_open(day("2022-01-04 12:00"), True) == day("2022-01-04")


def test_trading_days(spy: SecurityExchangeHours, es: SecurityExchangeHours) -> None:
    assert spy.get_previous_trading_day(day("2013-09-03")) == day("2013-08-30")  # Labor Day
    assert spy.get_next_trading_day(day("2013-07-03 12:00")) == day("2013-07-05 12:00")
    assert not spy.is_date_open(day("2013-12-25"))
    assert not es.is_date_open(day("2022-01-02"))  # Sunday has extended hours only
    assert es.is_date_open(day("2022-01-02"), True)
    assert day("2013-12-25") in spy.holidays
    assert spy.early_closes[day("2013-12-24")] == clock("13:00")


def test_regular_duration_is_the_most_common(spy: SecurityExchangeHours) -> None:
    assert spy.regular_market_duration == timedelta(hours=6.5)


def test_always_open() -> None:
    hours = SecurityExchangeHours.always_open(zone("UTC"))
    assert hours.is_market_always_open
    assert hours.regular_market_duration == timedelta(days=1)
    assert hours.is_open(day("2020-02-29 23:59:59"), False)
    with pytest.raises(ArgumentException, match="always open"):
        hours.get_next_market_close(day("2020-01-01"), False)
    with pytest.raises(ArgumentException, match="always open"):
        hours.get_next_market_open(day("2020-01-01 10:00"), False)


SEGMENTS = [
    MarketHoursSegment(MarketHoursState.PRE_MARKET, clock("0:00"), clock("8:30")),
    MarketHoursSegment(MarketHoursState.MARKET, clock("8:30"), clock("16:00")),
]


@pytest.mark.parametrize(
    ("close", "reopen", "expected"),
    [
        (None, None, ["pre 0:00 8:30", "8:30 16:00"]),
        ("12:00", None, ["pre 0:00 8:30", "8:30 12:00"]),
        ("7:00", None, ["pre 0:00 7:00"]),
        ("17:00", None, ["pre 0:00 8:30", "8:30 16:00"]),
        ("8:30", None, ["pre 0:00 8:30"]),
        (None, "10:00", ["10:00 16:00"]),
        (None, "7:00", ["pre 7:00 8:30", "8:30 16:00"]),
        (None, "17:00", ["pre 0:00 8:30", "8:30 16:00"]),
        (None, "16:00", ["16:00 16:00"]),
        ("12:00", "13:00", ["pre 0:00 8:30", "8:30 12:00", "13:00 16:00"]),
        ("15:00", "14:00", ["14:00 15:00"]),
        ("7:00", "14:00", ["pre 0:00 7:00", "14:00 16:00"]),
        ("7:00", "6:00", ["pre 6:00 7:00"]),
        ("13:00", "13:00", ["pre 0:00 8:30", "8:30 13:00", "13:00 13:00"]),
    ],
)
def test_early_closes_and_late_opens(close: str | None, reopen: str | None, expected: list[str]) -> None:
    week = {weekday: LocalMarketHours(weekday, SEGMENTS) for weekday in WEEKDAYS}
    closes = {FRIDAY: clock(close)} if close else {}
    opens = {FRIDAY: clock(reopen)} if reopen else {}
    hours = SecurityExchangeHours(NEW_YORK, [], week, closes, opens).get_market_hours(FRIDAY)
    states = {"pre": MarketHoursState.PRE_MARKET, "": MarketHoursState.MARKET}
    made = []
    for line in expected:
        *state, start, end = line.split()
        made.append(MarketHoursSegment(states["".join(state)], clock(start), clock(end)))
    assert list(hours.segments) == made


@given(
    st.lists(st.integers(0, 86_400 * 365 * 3), min_size=1, max_size=40),
    st.booleans(),
)
def test_array_of_times_is_open_when_each_time_is(seconds: list[int], extended: bool) -> None:
    week = {
        weekday: LocalMarketHours(weekday, *map(clock, ("4:00", "9:30", "16:00", "20:00")))
        for weekday in WEEKDAYS
    }
    hours = SecurityExchangeHours(
        NEW_YORK, [datetime(2013, 11, 28)], week, {datetime(2013, 11, 29): clock("13:00")}, {}
    )
    utc = [datetime(2012, 1, 1, tzinfo=UTC) + timedelta(seconds=second) for second in seconds]
    wanted = [hours.is_open(time.astimezone(NEW_YORK).replace(tzinfo=None), extended) for time in utc]
    mask = hours.open_mask(np.array([int(time.timestamp()) * 10**9 for time in utc], np.int64), extended)
    assert mask.tolist() == wanted


def test_exchange_knows_the_time(spy: SecurityExchangeHours) -> None:
    now = day("2013-10-07 15:45")
    exchange = SecurityExchange(spy, lambda: now)
    assert exchange.exchange_open
    assert exchange.ExchangeOpen
    assert not exchange.is_closing_soon(10)
    assert exchange.is_closing_soon(15)
    now = day("2013-10-07 15:50")
    assert exchange.closing_soon
    assert exchange.local_time == now
    assert exchange.date_is_open(now)
    assert not exchange.date_time_is_open(day("2013-10-07 16:00"))
    assert exchange.is_open_during_bar(day("2013-10-07 09:00"), day("2013-10-07 10:00"), False)


def test_hours_of_one_exchange_may_be_changed(spy: SecurityExchangeHours) -> None:
    exchange = SecurityExchange(spy, lambda: day("2013-10-07 17:00"))
    exchange.set_market_hours([MarketHoursSegment.open_all_day()], DayOfWeek.MONDAY)
    assert exchange.exchange_open
    assert not spy.is_open(day("2013-10-07 17:00"), False)
    assert not exchange.date_time_is_open(day("2013-10-08 17:00"))


def test_segments_say_what_they_are(spy: SecurityExchangeHours) -> None:
    assert str(spy.get_market_hours(day("2013-11-29"))) == (
        "Friday: PreMarket: 04:00:00-09:30:00 | Market: 09:30:00-13:00:00"
    )
    assert str(spy.get_market_hours(day("2013-11-30"))) == "Closed All Day"
    with pytest.raises(ArgumentException, match="order"):
        LocalMarketHours(DayOfWeek.MONDAY, clock("16:00"), clock("9:30"))
