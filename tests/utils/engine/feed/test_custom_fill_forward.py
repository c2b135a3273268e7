"""Custom data filled forward, against the way bars are: both are LEAN's."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from tests.utils.engine.feed.fill_forward_oracle import Bar, FillForwardOracle, Market
from utils.engine.data.python_data import PythonData
from utils.engine.enums import SecurityType
from utils.engine.errors import NotSupportedByEngine
from utils.engine.exchange.market_hours_database import MarketHoursDatabase
from utils.engine.exchange.security_exchange_hours import SecurityExchangeHours
from utils.engine.feed.custom_fill_forward import CustomFillForward

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# Days with a change of the clock, and a holiday and an early close.
FIRST_DAYS = [datetime(2013, 11, 1), datetime(2013, 11, 27)]
EQUITY, FOREX = SecurityType.EQUITY, SecurityType.FOREX
CASES = [
    (EQUITY, HOUR, HOUR, False),
    (EQUITY, HOUR, HOUR, True),
    (EQUITY, DAY, DAY, False),
    (EQUITY, DAY, HOUR, False),
    (EQUITY, HOUR, 30 * MINUTE, True),
    (FOREX, HOUR, HOUR, False),
    (FOREX, HOUR, 30 * MINUTE, False),
]


def point(begin: datetime, end: datetime, number: int) -> PythonData:
    made = PythonData()
    made.time, made.end_time, made.value = begin, end, float(number)
    return made


@pytest.mark.parametrize("first", FIRST_DAYS, ids=lambda day: f"{day:%Y-%m-%d}")
@pytest.mark.parametrize(("kind", "length", "shortest", "extended"), CASES, ids=str)
def test_bars_are_repeated_where_lean_s_are(
    sample_data: Path,
    first: datetime,
    kind: SecurityType,
    length: timedelta,
    shortest: timedelta,
    extended: bool,
) -> None:
    database = sample_data / "lean" / "market-hours" / "market-hours-database.json"
    name = "Equity-usa-[*]" if kind == EQUITY else "Forex-oanda-[*]"
    entry = json.loads(database.read_text(encoding="utf-8-sig"))["entries"][name]
    _, market_name, _ = name.split("-")
    hours = MarketHoursDatabase.from_file(database).get_entry(market_name, "", kind).exchange_hours
    # The data has the exchange's clock.
    market = Market(entry | {"dataTimeZone": entry["exchangeTimeZone"]}, extended)
    random = Random(f"{first}{length}{shortest}")
    local = [first + n * length for n in range(5 * DAY // length)]
    begins = sorted(random.sample(local, min(6, len(local))))
    bars = [
        Bar(start, start + length, n)
        for n, begin in enumerate(begins)
        if market.is_open(start := market.floor(market.utc(begin), length), start + length)
    ]
    end = first + 5 * DAY - timedelta(seconds=1)
    fill = CustomFillForward(hours, market.zone, length, shortest, extended, end)
    points = [point(market.local(bar.start), market.local(bar.end), bar.source) for bar in bars]
    found = [
        (one.end_time, int(one.value), one.is_fill_forward)
        for one in fill.filled(points)
        if hours.is_open(one.time, one.end_time, extended)
    ]
    oracle = FillForwardOracle(market, length, shortest, strict=False)
    expected = [(market.local(b.end), b.source, b.filled) for b in oracle.run(bars, market.utc(end))]
    assert found == expected


def test_a_day_of_25_hours_is_refused() -> None:
    # LEAN repeats the bar that ends at 23:00 for ever.
    new_york = ZoneInfo("America/New_York")
    hours = SecurityExchangeHours.always_open(new_york)
    fill = CustomFillForward(hours, new_york, DAY, DAY, True, datetime(2013, 11, 10))
    first = point(datetime(2013, 11, 1), datetime(2013, 11, 2), 1)
    with pytest.raises(NotSupportedByEngine, match="fill_forward of custom data over 2013-11-03"):
        list(fill.filled([first]))
