"""Days and sessions of bars from files, against the exchange's calendar."""

from __future__ import annotations

import exchange_calendars
import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from trading.bars import Bars, always_open_bars
from trading.simulation.instrument import SecurityType
from utils.data.sessions import exchange_timezone, in_sessions
from utils.errors import UserError

MINUTE = 60_000_000_000
NEW_YORK = "America/New_York"


def bars_at(time: pd.DatetimeIndex, period: int) -> Bars:
    stamps = time.tz_convert("UTC").tz_localize(None).to_numpy("datetime64[ns]").astype(np.int64)
    ones = np.ones(len(stamps))
    return always_open_bars(stamps, ones, ones, ones, ones, ones, period)


def dates(day: NDArray[np.int32]) -> list[str]:
    return [str(np.datetime64(int(value), "D")) for value in day]


def test_exchange_bars_keep_to_the_sessions_and_mark_each_ones_last() -> None:
    every = pd.date_range("2024-11-01", "2024-12-31", freq="5min", tz=NEW_YORK)
    bars = in_sessions(bars_at(every, 5 * MINUTE), SecurityType.EQUITY, "usa", "UTC")
    calendar = exchange_calendars.get_calendar("XNYS", start="2024-10-01", end="2025-01-31")
    minutes = calendar.minutes_in_range("2024-11-01 00:00", "2024-12-30 23:59")
    fives = minutes[minutes.minute % 5 == 0].tz_localize(None)
    assert bars.time.tolist() == fives.to_numpy("datetime64[ns]").astype(np.int64).tolist()
    sessions = calendar.sessions_in_range("2024-11-01", "2024-12-30")
    assert dates(np.unique(bars.day)) == [str(session.date()) for session in sessions]
    closes = calendar.closes[sessions].dt.tz_localize(None).to_numpy("datetime64[ns]").astype(np.int64)
    assert (bars.time[bars.fills_next_open] + bars.period).tolist() == closes.tolist()


def test_a_session_that_ends_early_in_the_data_does_not_wait_for_the_next_open() -> None:
    times = pd.DatetimeIndex(["2024-11-25 15:40", "2024-11-26 09:30", "2024-11-26 15:59"], tz=NEW_YORK)
    bars = in_sessions(bars_at(times, MINUTE), SecurityType.EQUITY, None, "UTC")
    assert bars.fills_next_open.tolist() == [False, False, True]


def test_hours_that_hold_the_open_are_kept() -> None:
    times = pd.date_range("2024-11-25 08:00", "2024-11-25 17:00", freq="h", tz=NEW_YORK)
    bars = in_sessions(bars_at(times, 60 * MINUTE), SecurityType.INDEX, "usa", "UTC")
    wall = pd.to_datetime(bars.time, utc=True).tz_convert(NEW_YORK)
    assert wall.hour.tolist() == [9, 10, 11, 12, 13, 14, 15]
    assert bars.fills_next_open.tolist() == [False] * 6 + [True]


@pytest.mark.parametrize("zone", ["UTC", NEW_YORK, "Asia/Tokyo"])
def test_daily_bars_are_dated_as_written(zone: str) -> None:
    written = pd.date_range("2024-03-06", "2024-03-14", freq="B", tz=zone)
    bars = in_sessions(bars_at(written, 1440 * MINUTE), SecurityType.EQUITY, "usa", zone)
    assert dates(bars.day) == [str(stamp.date()) for stamp in written]
    starts = pd.to_datetime(bars.time, utc=True).tz_convert(NEW_YORK)
    assert set(starts.hour) == {0}
    assert [str(stamp.date()) for stamp in starts] == dates(bars.day)
    assert bars.fills_next_open.all()


def test_two_daily_bars_of_one_date_are_refused() -> None:
    times = pd.DatetimeIndex(["2024-03-05", "2024-03-06", "2024-03-06 12:00", "2024-03-07"], tz="UTC")
    with pytest.raises(UserError, match="two daily bars on 2024-03-06"):
        in_sessions(bars_at(times, 1440 * MINUTE), SecurityType.INDEX, "usa", "UTC")


def test_crypto_and_unnamed_markets_never_close() -> None:
    bars = bars_at(pd.date_range("2024-11-25", periods=300, freq="5min", tz="UTC"), 5 * MINUTE)
    for kind in (SecurityType.CRYPTO, None):
        assert in_sessions(bars, kind, "coinbase", "UTC") is bars


def test_forex_days_are_new_yorks_and_orders_fill_at_once() -> None:
    times = pd.date_range("2024-11-25", periods=48, freq="h", tz="UTC")
    bars = in_sessions(bars_at(times, 60 * MINUTE), SecurityType.FOREX, "oanda", "UTC")
    assert dates(bars.day) == [str(stamp.tz_convert(NEW_YORK).date()) for stamp in times]
    assert not bars.fills_next_open.any()
    daily = bars_at(pd.date_range("2024-11-25", periods=3, tz="UTC"), 1440 * MINUTE)
    placed = in_sessions(daily, SecurityType.FOREX, "oanda", "UTC")
    assert dates(placed.day) == ["2024-11-25", "2024-11-26", "2024-11-27"]


def test_other_exchanges_have_their_own_hours() -> None:
    times = pd.date_range("2024-11-25 05:00", "2024-11-25 20:00", freq="min", tz="UTC")
    bars = in_sessions(bars_at(times, MINUTE), SecurityType.EQUITY, "xetr", "UTC")
    assert len(bars) == 510
    assert exchange_timezone(SecurityType.EQUITY, "xetr") == "Europe/Berlin"


def test_an_unknown_exchange_and_a_wrong_time_zone_are_refused() -> None:
    night = bars_at(pd.date_range("2024-11-25 01:00", periods=60, freq="min", tz=NEW_YORK), MINUTE)
    with pytest.raises(UserError, match="market: nowhere has no trading calendar; use usa"):
        in_sessions(night, SecurityType.EQUITY, "nowhere", "UTC")
    with pytest.raises(UserError, match="no bar lies in the trading hours of XNYS; check the time zone"):
        in_sessions(night, SecurityType.EQUITY, "usa", "UTC")


def test_bars_from_before_a_calendar_begins_are_refused() -> None:
    times = pd.date_range("1950-01-04 03:00", periods=3, freq="h", tz="UTC")
    with pytest.raises(UserError, match="market: The XKRX holidays are only recorded back to the year 1956"):
        in_sessions(bars_at(times, 60 * MINUTE), SecurityType.EQUITY, "xkrx", "UTC")


def test_old_bars_have_sessions_too() -> None:
    old = bars_at(pd.date_range("1985-01-02 09:00", "1985-01-02 17:00", freq="h", tz=NEW_YORK), 60 * MINUTE)
    bars = in_sessions(old, SecurityType.EQUITY, "usa", "UTC")
    assert bars.fills_next_open.sum() == 1
