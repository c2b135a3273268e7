"""Wall clocks of time zones, for long arrays of times in order.

The same as `utils.data.lean.clock`, with the changes of each clock looked up once.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from typing import NamedTuple

import numpy as np

from utils.data.lean import clock
from utils.engine.feed.columns import Int64Array

# Where changes are looked up; the few times outside go the slow way.
_FIRST, _LAST = datetime(1995, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)
_STEP = timedelta(days=10)  # no clock changes twice so soon
_SECOND = timedelta(seconds=1)
_NANOSECONDS = 1_000_000_000


class _Changes(NamedTuple):
    """Offsets from UTC, nanoseconds, and when each but the first begins: in UTC, and on the clock."""

    offset: Int64Array
    utc: Int64Array
    wall: Int64Array


def to_wall(time: Int64Array, name: str) -> Int64Array:
    """What the clock of zone `name` shows at UTC times."""
    if name == "UTC" or not len(time):
        return time
    if not _known(time):
        return clock.to_wall(time, name)
    changes = _changes(name)
    return time + _spread(time, changes.utc, changes.offset)


def to_utc(wall: Int64Array, name: str) -> Int64Array:
    """UTC times at which the clock of zone `name` shows `wall`.

    A time shown twice is the first of the two; one never shown counts on from before the jump.
    """
    if name == "UTC" or not len(wall):
        return wall
    if not _known(wall):
        return clock.to_utc(wall, name)
    changes = _changes(name)
    return wall - _spread(wall, changes.wall, changes.offset)


def _known(times: Int64Array) -> bool:
    first, last = int(times.min()), int(times.max())
    return first > _nanoseconds(_FIRST) + clock.DAY and last < _nanoseconds(_LAST) - clock.DAY


def _spread(times: Int64Array, changes: Int64Array, offset: Int64Array) -> Int64Array:
    """The offset that holds at each time."""
    if len(times) > 1 and bool((times[1:] < times[:-1]).any()):
        return offset[np.searchsorted(changes, times, side="right")]
    first, last = np.searchsorted(changes, [times[0], times[-1]], side="right").tolist()
    if first == last:
        return offset[first : first + 1]
    counts = np.diff(np.searchsorted(times, changes[first:last]), prepend=0, append=len(times))
    return np.repeat(offset[first : last + 1], counts)


@cache
def _changes(name: str) -> _Changes:
    zone = clock.zone(name)
    offsets, times = [_offset(zone, _FIRST)], []
    moment = _FIRST
    while moment < _LAST:
        after = moment + _STEP
        if _offset(zone, after) != offsets[-1]:
            change = _first_after(zone, moment, after)
            times.append(_nanoseconds(change))
            offsets.append(_offset(zone, change))
        moment = after
    offset, utc = np.array(offsets, np.int64), np.array(times, np.int64)
    return _Changes(offset, utc, utc + np.maximum(offset[:-1], offset[1:]))


def _first_after(zone: tzinfo, before: datetime, after: datetime) -> datetime:
    """The second at which the offset changes."""
    old = _offset(zone, before)
    while after - before > _SECOND:
        middle = before + (after - before) // 2 // _SECOND * _SECOND
        if _offset(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: tzinfo, time: datetime) -> int:
    offset = time.astimezone(zone).utcoffset()
    return 0 if offset is None else offset // _SECOND * _NANOSECONDS


def _nanoseconds(time: datetime) -> int:
    return (time - datetime(1970, 1, 1, tzinfo=UTC)) // _SECOND * _NANOSECONDS
