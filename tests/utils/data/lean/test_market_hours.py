"""Sessions, holidays, early closes and late opens."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import exchange_calendars
import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from trading.simulation.instrument import SecurityType
from utils.data.lean.market_hours import DATABASE, MarketHours, market_hours
from utils.data.lean.series import LeanSeries
from utils.errors import UserError

NEW_YORK = ZoneInfo("America/New_York")
HOUR, MINUTE = 3_600_000_000_000, 60_000_000_000


def hours_of(folder: Path, text: str) -> MarketHours:
    return market_hours(folder, LeanSeries.parse(text))


def utc(*times: datetime) -> NDArray[np.int64]:
    return np.array([int(time.timestamp()) * 1_000_000_000 for time in times], np.int64)


def new_york(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=NEW_YORK)  # type: ignore[misc,arg-type]


def test_sessions_agree_with_the_exchanges_calendar(lean: Path) -> None:
    """Every date of 1999 to 2025; LEAN's database has the last day of 1999 open until four."""
    hours = hours_of(lean, "equity/usa/minute/spy")
    calendar = exchange_calendars.get_calendar("XNYS", start="1999-01-01")
    schedule = calendar.schedule.loc["1999-01-01":"2025-12-31"]
    opens = {row.Index.date(): (row.open, row.close) for row in schedule.itertuples()}
    different = []
    day = date(1999, 1, 1)
    while day <= date(2025, 12, 31):
        expected = opens.get(day)
        found = hours.session(day)
        if (found is None) != (expected is None) or (
            found and expected and (found[0], found[1]) != tuple(time.to_pydatetime() for time in expected)
        ):
            different.append(day)
        day += timedelta(days=1)
    assert different == [date(1999, 12, 31)]


def test_the_day_after_thanksgiving_ends_at_one(lean: Path) -> None:
    hours = hours_of(lean, "equity/usa/minute/spy")
    assert hours.session(date(2013, 11, 28)) is None
    assert hours.session(date(2013, 11, 29)) == (
        new_york(2013, 11, 29, 9, 30),
        new_york(2013, 11, 29, 13, 0),
    )
    ends = utc(*(new_york(2013, 11, 29, h, m) for h, m in ((9, 29), (9, 30), (12, 59), (13, 0), (15, 0))))
    assert hours.open_at(ends).tolist() == [False, True, True, False, False]
    assert hours.open_at(ends, extended=True).tolist() == [True, True, True, False, False]


def test_last_bar_of_the_session_waits_for_the_next_open(folder: Path) -> None:
    hours = hours_of(folder, "equity/usa/minute/spy")
    starts = utc(
        *(
            new_york(2013, 10, 7, h, m)
            for h, m in ((8, 0), (9, 28), (9, 29), (9, 30), (15, 58), (15, 59), (16, 0), (19, 59))
        ),
        new_york(2013, 11, 29, 12, 58),
        new_york(2013, 11, 29, 12, 59),
    )
    waits = hours.fills_next_open(starts, MINUTE, SecurityType.EQUITY)
    assert waits.tolist() == [True, True, False, False, False, True, True, True, False, True]
    hourly = utc(*(new_york(2013, 10, 7, h) for h in (8, 9, 14, 15, 16)))
    assert hours.fills_next_open(hourly, HOUR, SecurityType.EQUITY).tolist() == [
        True,
        False,
        False,
        True,
        True,
    ]
    assert hours.fills_next_open(hourly, 24 * HOUR, SecurityType.EQUITY).all()
    assert hours.fills_next_open(hourly, 24 * HOUR, SecurityType.INDEX).all()


@pytest.mark.parametrize("security_type", [SecurityType.CRYPTO, SecurityType.FOREX])
def test_crypto_and_forex_never_wait(folder: Path, security_type: SecurityType) -> None:
    hours = hours_of(folder, "forex/oanda/minute/eurusd")
    saturday = utc(datetime(2013, 10, 5, 12, tzinfo=ZoneInfo("UTC")))
    for period in (MINUTE, 24 * HOUR):
        assert not hours.fills_next_open(saturday, period, security_type).any()


def test_lunch_early_closes_and_late_opens(folder: Path) -> None:
    hours = hours_of(folder, "index/hkfe/minute/hsi")

    def spans(day: date) -> list[tuple[float, float]]:
        return [(segment.start / HOUR, segment.end / HOUR) for segment in hours.segments(day)]

    assert spans(date(2013, 12, 19)) == [(9.5, 12), (13, 16)]
    assert spans(date(2013, 12, 20)) == [(10.5, 12), (13, 16)]  # late open
    assert spans(date(2013, 12, 23)) == [(9.5, 11), (14, 16)]  # shut from 11 to 14
    assert spans(date(2013, 12, 24)) == [(9.5, 12)]  # early close
    assert spans(date(2013, 12, 21)) == []


def test_open_at_agrees_with_the_segments_minute_by_minute(folder: Path) -> None:
    """Across a change of the clock, a holiday and an early close."""
    for text in ("equity/usa/minute/spy", "index/usa/minute/dxy", "index/hkfe/minute/hsi"):
        hours = hours_of(folder, text)
        zone = ZoneInfo(hours.exchange_zone)
        start = int(datetime(2013, 11, 1, tzinfo=ZoneInfo("UTC")).timestamp())
        times = np.arange(start, start + 40 * 86_400, 420, np.int64) * 1_000_000_000
        for extended in (False, True):
            found = hours.open_at(times, extended)
            for time, is_open in zip(times[::7].tolist(), found[::7].tolist(), strict=True):
                local = datetime.fromtimestamp(time // 1_000_000_000, zone)
                clock = (local.hour * 60 + local.minute) * MINUTE + local.second * 1_000_000_000
                assert is_open == any(
                    segment.start <= clock < segment.end and (segment.regular or extended)
                    for segment in hours.segments(local.date())
                )


def test_an_entry_of_its_own_adds_to_the_markets(folder: Path, lean: Path) -> None:
    ndx = hours_of(folder, "index/usa/minute/ndx")
    assert (ndx.data_zone, ndx.exchange_zone) == ("America/Chicago", "America/New_York")
    assert {date(2013, 11, 28), date(2013, 12, 25)} <= ndx.holidays
    assert ndx.early_closes[date(2013, 11, 29)] == 12.25 * HOUR
    spx = hours_of(lean, "index/usa/minute/spx")
    assert len(spx.holidays) > 200
    assert hours_of(lean, "index/usa/minute/unheardof").week[0] != ()


def test_always_open(folder: Path) -> None:
    assert hours_of(folder, "crypto/coinbase/minute/btcusd").always_open
    assert hours_of(folder, "index/usa/minute/dxy").always_open
    assert not hours_of(folder, "equity/usa/minute/spy").always_open
    assert not hours_of(folder, "forex/oanda/minute/eurusd").always_open


def test_fixed_offsets_and_daily_times(folder: Path) -> None:
    assert hours_of(folder, "forex/fxcm/minute/eurusd").data_zone == "UTC-05"
    days = np.array([date(2013, 7, 1).toordinal(), date(2013, 12, 2).toordinal()], np.int32) - 719_163
    fixed = pd.DatetimeIndex(hours_of(folder, "forex/fxcm/minute/eurusd").daily_time(days))
    assert [str(time) for time in fixed] == ["2013-07-01 05:00:00", "2013-12-02 05:00:00"]
    moving = pd.DatetimeIndex(hours_of(folder, "equity/usa/minute/spy").daily_time(days))
    assert [str(time) for time in moving] == ["2013-07-01 04:00:00", "2013-12-02 05:00:00"]


def test_every_entry_of_the_sample_can_be_read(lean: Path) -> None:
    entries = json.loads((lean / DATABASE).read_text())["entries"]
    seen = 0
    for key in entries:
        security_type, market, symbol = key.split("-", 2)
        if security_type.lower() in set(SecurityType):
            name = "zzz" if symbol == "[*]" else symbol
            hours = hours_of(lean, f"{security_type.lower()}/{market}/minute/{name}")
            assert len(hours.week) == 7
            seen += 1
    assert seen > 100


def test_a_changed_database_is_read_again(folder: Path) -> None:
    before = hours_of(folder, "equity/usa/minute/spy")
    path = folder / DATABASE
    text = path.read_text().replace('"11/28/2013"', '"11/28/2013", "11/27/2013"', 1)
    path.write_text(text)
    after = hours_of(folder, "equity/usa/minute/spy")
    assert after.holidays - before.holidays == {date(2013, 11, 27)}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("", ""), "no entry crypto-kraken-"),
        (('"entries"', '"lost"'), "not a market hours database"),
        (("{", ""), "not a market hours database"),
        (('"09:30:00"', '"half past nine"'), "entry Equity-usa-.*half past nine"),
        (('"11/28/2013"', '"28.11.2013"'), "entry Equity-usa-"),
        (("America/New_York", "America/Gotham"), "America/Gotham"),
    ],
)
def test_a_damaged_database_is_named(folder: Path, change: tuple[str, str], named: str) -> None:
    path = folder / DATABASE
    path.write_text(path.read_text().replace(*change))
    series = "crypto/kraken/minute/btcusd" if change[0] == "" else "equity/usa/minute/spy"
    with pytest.raises(UserError, match=named) as caught:
        hours_of(folder, series)
    assert "\n" not in str(caught.value)


def test_a_missing_database_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"market-hours-database\.json: no market hours.*data\.py sample"):
        hours_of(tmp_path, "equity/usa/minute/spy")
