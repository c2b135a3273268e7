"""Wall clocks: nanoseconds since 1970-01-01 as a clock in some time zone shows them, to UTC and back.

LEAN's files state times on the wall clock of the data time zone, its market hours on that of the exchange.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta, timezone, tzinfo
from functools import cache, partial
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from utils.errors import UserError

DAY = 86_400_000_000_000
"""Nanoseconds of a day on the clock."""

NOON = DAY // 2

EPOCH = date(1970, 1, 1)

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


def to_wall(time: NDArray[np.int64], name: str) -> NDArray[np.int64]:
    """What the clock of zone `name` shows at UTC times, of shape (n,)."""
    return time if name == "UTC" else _by_day(time, partial(_shown, zone(name)))


def to_utc(wall: NDArray[np.int64], name: str) -> NDArray[np.int64]:
    """UTC times at which the clock of zone `name` shows `wall`, of shape (n,), as LEAN takes them.

    A time shown twice (the clock goes back) is the first of the two; one never shown (it goes forward) counts
    on from before the jump.
    """
    return wall if name == "UTC" else _by_day(wall, partial(_localized, zone(name)))


def _by_day(
    times: NDArray[np.int64], convert: Callable[[NDArray[np.int64]], NDArray[np.int64]]
) -> NDArray[np.int64]:
    """`convert(times)`, one conversion a date where no clock change is near: pandas is slow at each time."""
    number, row = np.unique(times // DAY, return_inverse=True)
    noons = (number - 1) * DAY + NOON, (number + 1) * DAY + NOON
    before, after = (convert(noon) - noon for noon in noons)
    converted: NDArray[np.int64] = times + before[row]
    changing = (before != after)[row]
    converted[changing] = convert(times[changing])
    return converted


def _shown(where: tzinfo, time: NDArray[np.int64]) -> NDArray[np.int64]:
    import pandas as pd  # noqa: PLC0415 - slow to import, and not all readers need it

    return np.asarray(
        pd.DatetimeIndex(time.view("M8[ns]"), tz="UTC").tz_convert(where).tz_localize(None).asi8
    )


def _localized(where: tzinfo, wall: NDArray[np.int64]) -> NDArray[np.int64]:
    import pandas as pd  # noqa: PLC0415 - as above

    first = np.ones(len(wall), np.bool_)
    shown = pd.DatetimeIndex(wall.view("M8[ns]"))
    return np.asarray(shown.tz_localize(where, ambiguous=first, nonexistent=pd.Timedelta(hours=1)).asi8)


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
