"""A warm-up in bars of another length."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.utils.engine.feed.feed_folder import Feed, local, make_config
from utils.engine.clock import local_to_utc
from utils.engine.dotnet.money import text
from utils.engine.enums import Resolution, SecurityType, TickType
from utils.engine.feed.data_folder import DataFolder
from utils.engine.feed.warm_up import WarmedUpStream

MINUTE, DAILY = Resolution.MINUTE, Resolution.DAILY
FRIDAY, MONDAY = datetime(2013, 10, 4), datetime(2013, 10, 7)


def test_daily_bars_then_minutes(feed: Feed) -> None:
    daily = make_config(SecurityType.EQUITY, DAILY)
    config = make_config(SecurityType.EQUITY, MINUTE)
    days = [FRIDAY - timedelta(days=1), FRIDAY, MONDAY]
    feed.write(daily, [(day, f"{n}0000,{n}0000,{n}0000,{n}0000,5") for n, day in enumerate(days, start=1)])
    minute = timedelta(minutes=1)
    first = MONDAY + timedelta(hours=9, minutes=32)
    feed.write(config, [(first + n * minute, f"9{n}0000,9{n}0000,9{n}0000,9{n}0000,7") for n in range(3)])
    zone = config.exchange_time_zone
    begin, start, end = (local_to_utc(time, zone) for time in (days[0], MONDAY, first + 3 * minute))
    stream = WarmedUpStream(config, begin, start, end, DataFolder(feed.root), MINUTE, DAILY)
    rows = stream.advance(end)
    close = timedelta(hours=16)
    assert local(config, rows.end_time) == [
        *(day + close for day in days[:2]),
        *(first + n * minute for n in (-1, 0, 1, 2, 3)),
    ]
    assert rows.close.tolist() == [1.0, 2.0, 2.0, 2.0, 90.0, 91.0, 92.0]
    assert rows.fill_forward.tolist() == [False, False, True, True, False, False, False]
    assert text(rows.exact_price(1, "close")) == "2.0000"
    assert text(rows.exact_price(4, "close")) == "90.0000"
    assert stream.events(end) == []


def test_in_two_stretches(feed: Feed) -> None:
    config = make_config(SecurityType.CRYPTO, MINUTE)
    hourly = make_config(SecurityType.CRYPTO, Resolution.HOUR)
    feed.write(
        hourly, [(FRIDAY + timedelta(hours=n), f"{n}.50,{n}.50,{n}.50,{n}.50,1") for n in range(1, 24)]
    )
    feed.write(config, [(FRIDAY + timedelta(days=1, minutes=2), "7.10,7.10,7.10,7.10,1")])
    zone = config.exchange_time_zone
    day = timedelta(days=1)
    begin, start, end = (local_to_utc(time, zone) for time in (FRIDAY, FRIDAY + day, FRIDAY + 2 * day))
    stream = WarmedUpStream(config, begin, start, end, DataFolder(feed.root), MINUTE, Resolution.HOUR)
    before = stream.advance(start - 1)
    after = stream.advance(start + 3 * 60 * 10**9)
    assert local(config, before.end_time) == [FRIDAY + timedelta(hours=n) for n in range(2, 24)]
    minutes = [FRIDAY + day + timedelta(minutes=n) for n in range(4)]
    assert local(config, after.end_time) == minutes
    assert [text(after.exact_price(row, "close")) for row in range(4)] == ["23.50", "23.50", "23.50", "7.10"]


def test_quotes_of_equities_have_no_daily_warm_up(feed: Feed) -> None:
    config = make_config(SecurityType.EQUITY, MINUTE, TickType.QUOTE)
    line = "10000,10000,10000,10000,1,20000,20000,20000,20000,1"
    feed.write(config, [(MONDAY + timedelta(hours=10), line)])
    zone = config.exchange_time_zone
    begin, start, end = (local_to_utc(time, zone) for time in (FRIDAY, MONDAY, MONDAY + timedelta(days=1)))
    stream = WarmedUpStream(config, begin, start, end, DataFolder(feed.root), MINUTE, DAILY)
    assert local(config, stream.advance(end).end_time[:1]) == [MONDAY + timedelta(hours=10, minutes=1)]
