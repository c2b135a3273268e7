"""The fast clock against the plain one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.data.lean import clock
from utils.engine.feed import wall_clock

HOUR = 3_600_000_000_000
ZONES = ["America/New_York", "Europe/London", "Asia/Hong_Kong", "Asia/Kolkata", "UTC", "UTC-05"]


@pytest.mark.parametrize("zone", ZONES)
@given(
    hours=st.lists(st.integers(-400_000, 1_500_000) | st.integers(474_900, 481_000), min_size=1, max_size=50),
    part=st.integers(0, HOUR - 1),
    ordered=st.booleans(),
)
def test_both_clocks_show_the_same(zone: str, hours: list[int], part: int, ordered: bool) -> None:
    times = np.array(sorted(hours) if ordered else hours, np.int64) * HOUR + part
    np.testing.assert_array_equal(wall_clock.to_wall(times, zone), clock.to_wall(times, zone))
    np.testing.assert_array_equal(wall_clock.to_utc(times, zone), clock.to_utc(times, zone))


def test_no_times() -> None:
    assert len(wall_clock.to_wall(np.empty(0, np.int64), "America/New_York")) == 0


def test_a_time_shown_twice_is_the_first_and_one_never_shown_counts_on() -> None:
    walls = np.array(["2024-11-03T01:30", "2024-03-10T02:30"], "M8[ns]").astype(np.int64)
    expected = np.array(["2024-11-03T05:30", "2024-03-10T07:30"], "M8[ns]").astype(np.int64)
    np.testing.assert_array_equal(wall_clock.to_utc(walls, "America/New_York"), expected)
