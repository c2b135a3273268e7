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

ZONES = ("America/New_York", "America/Chicago", "Asia/Kolkata", "Europe/Berlin", "America/Sao_Paulo", "UTC")

EPOCH = datetime(1970, 1, 1)


def nanoseconds(time: datetime) -> int:
    return (time - EPOCH.replace(tzinfo=time.tzinfo)) // timedelta(microseconds=1) * 1_000


TIMES = st.lists(
    st.datetimes(datetime(1995, 1, 1), datetime(2030, 1, 1))
    | st.datetimes(datetime(2013, 3, 9), datetime(2013, 3, 12))
    | st.datetimes(datetime(2013, 11, 2), datetime(2013, 11, 5)),
    min_size=1,
    max_size=30,
).map(lambda times: sorted(time.replace(fold=0) for time in times))


@pytest.mark.parametrize("name", ZONES)
@settings(deadline=None, max_examples=60)
@given(times=TIMES)
def test_agrees_with_zoneinfo(name: str, times: list[datetime]) -> None:
    """zoneinfo's fold 0 is the first of two equal times, and counts on from before a jump, as LEAN does."""
    walls = np.array([nanoseconds(time) for time in times], np.int64)
    expected = [nanoseconds(time.replace(tzinfo=ZoneInfo(name)).astimezone(UTC)) for time in times]
    found = to_utc(walls, name)
    assert found.tolist() == expected
    local = [datetime.fromtimestamp(0, UTC) + timedelta(microseconds=time // 1_000) for time in expected]
    shown = [nanoseconds(time.astimezone(ZoneInfo(name)).replace(tzinfo=None, fold=0)) for time in local]
    assert to_wall(found, name).tolist() == shown


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
