"""Wall clocks to UTC and back, against zoneinfo."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.data.lean.clock import show, to_utc, to_wall, zone
from utils.errors import UserError

ZONES = (
    "America/New_York",
    "America/Chicago",
    "Asia/Kolkata",
    "Europe/Berlin",
    "America/Sao_Paulo",
    "Africa/Casablanca",  # summer time stops for the month of fasting
    "Pacific/Apia",  # has no 30 December 2011
    "UTC",
)

EPOCH = datetime(1970, 1, 1)


def nanoseconds(time: datetime) -> int:
    return (time - EPOCH.replace(tzinfo=time.tzinfo)) // timedelta(microseconds=1) * 1_000


TIMES = st.lists(
    st.datetimes(datetime(1925, 1, 1), datetime(2090, 1, 1))
    | st.datetimes(datetime(2013, 3, 9), datetime(2013, 3, 12))
    | st.datetimes(datetime(2013, 11, 2), datetime(2013, 11, 5))
    | st.datetimes(datetime(2011, 12, 29), datetime(2012, 1, 1)),
    min_size=1,
    max_size=30,
).map(lambda times: [time.replace(fold=0) for time in times])


@pytest.mark.parametrize("name", ZONES)
@settings(deadline=None, max_examples=60)
@given(times=TIMES | TIMES.map(sorted))
def test_agrees_with_zoneinfo(name: str, times: list[datetime]) -> None:
    """zoneinfo's fold 0 is the first of two equal times, and counts on from before a jump, as LEAN does."""
    walls = np.array([nanoseconds(time) for time in times], np.int64)
    expected = [nanoseconds(time.replace(tzinfo=ZoneInfo(name)).astimezone(UTC)) for time in times]
    found = to_utc(walls, name)
    assert found.tolist() == expected
    local = [datetime.fromtimestamp(0, UTC) + timedelta(microseconds=time // 1_000) for time in expected]
    shown = [nanoseconds(time.astimezone(ZoneInfo(name)).replace(tzinfo=None, fold=0)) for time in local]
    assert to_wall(found, name).tolist() == shown


def test_a_time_shown_twice_is_the_first_and_one_never_shown_counts_on() -> None:
    walls = np.array(["2024-11-03T01:30", "2024-03-10T02:30"], "M8[ns]").astype(np.int64)
    expected = np.array(["2024-11-03T05:30", "2024-03-10T07:30"], "M8[ns]").astype(np.int64)
    assert to_utc(walls, "America/New_York").tolist() == expected.tolist()


def test_no_times() -> None:
    assert len(to_wall(np.empty(0, np.int64), "America/New_York")) == 0
    assert len(to_utc(np.empty(0, np.int64), "America/New_York")) == 0


def test_fixed_offsets() -> None:
    walls = np.array([0, 10**18], np.int64)
    assert (to_utc(walls, "UTC-05") - walls).tolist() == [5 * 3_600 * 10**9] * 2
    assert (to_utc(walls, "UTC+05:30") - walls).tolist() == [-19_800 * 10**9] * 2


@pytest.mark.parametrize("name", ["America/Gotham", "", "../etc/passwd", "UTC-5"])
def test_an_unknown_zone_is_named(name: str) -> None:
    with pytest.raises(UserError, match="time zone"):
        zone(name)


def test_shows_seconds_only_where_there_are() -> None:
    minute = nanoseconds(datetime(2013, 10, 7, 9, 30))
    assert show(minute) == "2013-10-07 09:30"
    assert show(minute + 5 * 10**9) == "2013-10-07 09:30:05"
