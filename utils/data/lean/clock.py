"""Wall clocks: nanoseconds since 1970-01-01 as a clock in some time zone shows them, to UTC and back.

LEAN's files state times on the wall clock of the data time zone, its market hours on that of the exchange.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from utils.errors import UserError

DAY = 86_400_000_000_000
"""Nanoseconds of a day on the clock."""

EPOCH = date(1970, 1, 1)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = 1_000_000_000
_STEP = 7 * 86_400  # seconds; no clock changes twice so soon
_OFFSET = re.compile(r"UTC([+-])(\d{2})(?::(\d{2}))?")


@cache
def zone(name: str) -> tzinfo:
    """The time zone of a tz database name, or of a fixed offset as in `UTC-05`.

    Raises:
        UserError: there is no such time zone.
    """
    fixed = _OFFSET.fullmatch(name)
    if fixed:
        ahead = timedelta(hours=int(fixed[2]), minutes=int(fixed[3] or 0))
        return timezone(ahead if fixed[1] == "+" else -ahead)
    try:
        return ZoneInfo(name)
    except (ValueError, OSError) as error:  # ZoneInfoNotFoundError is a KeyError of its own
        raise UserError(
            f"time zone: {name!r} is not a tz database name; write it like America/New_York"
        ) from error
    except KeyError as error:
        raise UserError(
            f"time zone: {name!r} is not known; install the package tzdata or correct it"
        ) from error


class _Changes(NamedTuple):
    """Offsets of a clock from UTC, nanoseconds, and when each but the first begins, in UTC and on it."""

    offset: NDArray[np.int64]
    utc: NDArray[np.int64]
    wall: NDArray[np.int64]


def to_wall(time: NDArray[np.int64], name: str) -> NDArray[np.int64]:
    """What the clock of zone `name` shows at UTC times, of shape (n,)."""
    if name == "UTC" or not len(time):
        return time
    changes = _changes_around(time, name)
    return np.asarray(time + _spread(time, changes.utc, changes.offset))


def to_utc(wall: NDArray[np.int64], name: str) -> NDArray[np.int64]:
    """UTC times at which the clock of zone `name` shows `wall`, of shape (n,), as LEAN takes them.

    A time shown twice (the clock goes back) is the first of the two; one never shown (it goes forward) counts
    on from before the jump.
    """
    if name == "UTC" or not len(wall):
        return wall
    changes = _changes_around(wall, name)
    return np.asarray(wall - _spread(wall, changes.wall, changes.offset))


def _spread(
    times: NDArray[np.int64], changes: NDArray[np.int64], offset: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The offset that holds at each time; times in order are many and changes few."""
    if len(times) > 1 and bool((times[1:] < times[:-1]).any()):
        return np.asarray(offset[np.searchsorted(changes, times, side="right")])
    first, last = np.searchsorted(changes, [times[0], times[-1]], side="right").tolist()
    if first == last:
        return offset[first : first + 1]
    counts = np.diff(np.searchsorted(times, changes[first:last]), prepend=0, append=len(times))
    return np.repeat(offset[first : last + 1], counts)


def _changes_around(times: NDArray[np.int64], name: str) -> _Changes:
    """Those of the years of some times: a wall clock is less than a day from UTC."""
    first, last = (
        EPOCH + timedelta(int(times.min()) // DAY - 1),
        EPOCH + timedelta(int(times.max()) // DAY + 1),
    )
    return _changes(name, first.year, last.year)


@cache
def _changes(name: str, first: int, last: int) -> _Changes:
    """Those of the years `first` to `last`."""
    found = [change for year in range(first, last + 1) for change in _changes_in(name, year)]
    before = _offset(zone(name), _new_year(first))
    offset = np.array([before, *(offset for _, offset in found)], np.int64) * _SECOND
    utc = np.array([second for second, _ in found], np.int64) * _SECOND
    return _Changes(offset, utc, utc + np.maximum(offset[:-1], offset[1:]))


@cache
def _changes_in(name: str, year: int) -> tuple[tuple[int, int], ...]:
    """When a clock changes in a year, UTC, and its offset from then on; seconds."""
    where, end = zone(name), _new_year(year + 1)
    seen = [*range(_new_year(year), end, _STEP), end]
    offsets = [_offset(where, second) for second in seen]
    found = []
    for (first, last), (before, after) in zip(pairwise(seen), pairwise(offsets), strict=True):
        if before != after:
            seconds = range(first, last + 1)
            place = bisect_left(seconds, True, key=lambda second: _offset(where, second) != before)
            found.append((seconds[place], after))
    return tuple(found)


def _new_year(year: int) -> int:
    return day_number(date(year, 1, 1)) * 86_400


def _offset(where: tzinfo, second: int) -> int:
    """How far a clock is ahead of UTC at a UTC time; both in seconds."""
    ahead = (_EPOCH + timedelta(seconds=second)).astimezone(where).utcoffset()
    return 0 if ahead is None else int(ahead.total_seconds())


def days(wall: NDArray[np.int64]) -> NDArray[np.int32]:
    """Dates on the clock as days since 1970-01-01."""
    return (wall // DAY).astype(np.int32)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def show(wall: int) -> str:
    """A wall clock time for a message: `2013-10-07 09:30`, seconds when there are any."""
    text = str(np.datetime64(int(wall), "ns").astype("M8[s]")).replace("T", " ")
    return text.removesuffix(":00")
