"""Longer bars from shorter ones, against pandas."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trading.bars import Bars, always_open_bars
from trading.simulation.instrument import SecurityType
from utils.data.lean.series import Resolution
from utils.data.resample import coarser, duration, resample, resolution_of
from utils.data.sessions import in_sessions
from utils.errors import UserError

MINUTE = 60_000_000_000
HOW = {"open": "first", "high": "max", "low": "min", "close": "last", "volume": "sum"}


def bars_at(time: pd.DatetimeIndex, period: int = MINUTE, seed: int = 0) -> Bars:
    stamps = time.tz_convert("UTC").tz_localize(None).to_numpy("datetime64[ns]").astype(np.int64)
    random = np.random.default_rng(seed)
    open_, close = random.uniform(10, 20, (2, len(stamps)))
    high = np.maximum(open_, close) + random.uniform(0, 1, len(stamps))
    low = np.minimum(open_, close) - random.uniform(0, 1, len(stamps))
    volume = random.integers(0, 100, len(stamps)).astype(np.float64)
    return always_open_bars(stamps, open_, high, low, close, volume, period, "X")


def frame_of(bars: Bars, timezone: str = "UTC") -> pd.DataFrame:
    index = pd.to_datetime(bars.time, utc=True).tz_convert(timezone)
    return pd.DataFrame({name: getattr(bars, name) for name in HOW}, index=index)


def assert_equals(bars: Bars, oracle: pd.DataFrame) -> None:
    stamps = pd.DatetimeIndex(oracle.index).tz_convert("UTC").tz_localize(None)
    assert bars.time.tolist() == stamps.to_numpy("datetime64[ns]").astype(np.int64).tolist()
    for name in HOW:
        assert getattr(bars, name).tolist() == oracle[name].tolist()


@settings(max_examples=50, deadline=None)
@given(st.sets(st.integers(0, 4_000), min_size=1, max_size=200), st.sampled_from(["hour", "daily"]))
def test_always_open_bars_with_gaps_are_pandas_groups(minutes: set[int], resolution: str) -> None:
    start = pd.Timestamp("2025-03-01 13:37", tz="UTC")
    bars = bars_at(start + pd.to_timedelta(sorted(minutes), unit="min"))
    oracle = frame_of(bars).resample("1h" if resolution == "hour" else "1D").agg(HOW).dropna()
    end = pd.Timestamp(int(bars.time[-1]) + MINUTE, tz="UTC")
    if end < oracle.index[-1] + pd.Timedelta(Resolution(resolution).period):
        oracle = oracle[:-1]
    if oracle.empty:
        with pytest.raises(UserError, match=f"do not fill one {resolution} bar"):
            resample(bars, resolution)
        return
    longer = resample(bars, resolution)
    assert_equals(longer, oracle)
    assert longer.period == Resolution(resolution).period
    assert longer.day.tolist() == [
        (stamp.normalize() - pd.Timestamp(0, tz="UTC")).days for stamp in oracle.index
    ]
    assert not longer.fills_next_open.any()


def session_minutes() -> Bars:
    """US sessions around a clock change, Thanksgiving's half day in the middle."""
    days = pd.date_range("2024-10-30", "2024-12-03", tz="America/New_York")
    times = [
        pd.date_range(day + pd.Timedelta("9h30min"), day + pd.Timedelta("15h59min"), freq="min")
        for day in days
    ]
    every = pd.DatetimeIndex(times[0].append(times[1:]))
    return in_sessions(bars_at(every), SecurityType.EQUITY, "usa", "UTC")


def test_exchange_days_begin_at_the_exchanges_midnight() -> None:
    bars = session_minutes()
    daily = resample(bars, "daily", "America/New_York")
    oracle = frame_of(bars, "America/New_York").resample("1D").agg(HOW).dropna()
    assert_equals(daily, oracle)
    assert daily.fills_next_open.all()
    counts = np.bincount(bars.day - bars.day[0])
    assert set(counts[counts > 0]) == {390, 210}


def test_exchange_hours_begin_at_whole_hours_and_keep_the_sessions_end() -> None:
    bars = session_minutes()
    hourly = resample(bars, "hour", "America/New_York")
    oracle = frame_of(bars, "America/New_York").resample("1h").agg(HOW).dropna()
    assert_equals(hourly, oracle)
    wall = pd.to_datetime(hourly.time, utc=True).tz_convert("America/New_York")
    assert set(wall.minute) == {0}
    assert set(wall.hour[hourly.fills_next_open]) == {15, 12}
    assert hourly.fills_next_open.sum() == len(np.unique(bars.day))


def test_hours_that_a_clock_shows_twice_stay_apart() -> None:
    night = pd.date_range("2025-11-02 00:00", "2025-11-02 04:00", freq="5min", tz="America/New_York")
    hourly = resample(bars_at(night[:-1], 5 * MINUTE), "hour", "America/New_York")
    assert (np.diff(hourly.time) == 60 * MINUTE).all()
    assert len(hourly) == 5


def test_hours_are_those_of_the_exchanges_clock() -> None:
    morning = pd.date_range("2025-07-01 09:00", periods=120, freq="min", tz="Asia/Kolkata")  # UTC + 5:30
    hourly = resample(bars_at(morning), "hour", "Asia/Kolkata")
    assert (
        hourly.time.tolist()
        == morning[[0, 60]].tz_convert("UTC").tz_localize(None).as_unit("ns").asi8.tolist()
    )


def test_the_first_part_of_a_period_is_kept_and_the_last_left_out() -> None:
    times = pd.date_range("2025-07-01 00:30", "2025-07-01 03:29", freq="min", tz="UTC")
    hourly = resample(bars_at(times), "hour")
    assert len(hourly) == 3
    assert hourly.open[0] == bars_at(times).open[0]


def test_quotes_are_the_last_ones() -> None:
    bars = bars_at(pd.date_range("2025-07-01", periods=120, freq="min", tz="UTC"))
    quoted = replace(bars, bid_close=bars.close - 1, ask_close=bars.close + 1)
    hourly = resample(quoted, "hour")
    assert hourly.bid_close is not None
    assert hourly.ask_close is not None
    assert hourly.bid_close.tolist() == (hourly.close - 1).tolist()
    assert hourly.ask_close.tolist() == (hourly.close + 1).tolist()


def test_bars_of_the_resolution_come_back_as_they_are() -> None:
    bars = bars_at(pd.date_range("2025-07-01", periods=3, freq="h", tz="UTC"), 60 * MINUTE)
    assert resample(bars, "hour") is bars


@pytest.mark.parametrize(
    ("period", "resolution", "message"),
    [
        (5 * MINUTE, "minute", "bars of 5 minutes do not make up minute bars; use hour"),
        (7 * MINUTE, "hour", "bars of 7 minutes do not make up hour bars; use the bars as they are"),
        (45 * MINUTE, "hour", "bars of 45 minutes do not make up hour bars; use daily"),
        (1440 * MINUTE, "hour", "bars of 1 day do not make up hour bars; use daily"),
        (MINUTE, "second", "'second' is unknown; use minute, hour, daily"),
    ],
)
def test_what_cannot_be_made_is_refused(period: int, resolution: str, message: str) -> None:
    bars = bars_at(pd.date_range("2025-07-01", periods=20, freq=f"{period // MINUTE}min", tz="UTC"), period)
    with pytest.raises(UserError, match=message):
        resample(bars, resolution)


def test_names_of_lengths() -> None:
    assert resolution_of(MINUTE) == "minute"
    assert resolution_of(5 * MINUTE) is None
    assert coarser(5 * MINUTE) == "hour"
    assert coarser(11 * MINUTE) is None
    assert [duration(n * MINUTE) for n in (1, 5, 60, 90, 1440)] == [
        "1 minute",
        "5 minutes",
        "1 hour",
        "90 minutes",
        "1 day",
    ]
    assert duration(MINUTE // 4) == "15 seconds"
