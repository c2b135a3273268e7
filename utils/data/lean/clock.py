"""Wall clocks: nanoseconds since 1970-01-01 as a clock in some time zone shows them, to UTC and back.

LEAN's files state times on the wall clock of the data time zone, its market hours on that of the exchange.
"""

from __future__ import annotations

import re
from datetime import date, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from utils.errors import UserError

DAY = 86_400_000_000_000
"""Nanoseconds of a day on the clock."""

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
    """What the clock of zone `name` shows at UTC times."""
    if name == "UTC" or not len(time):
        return time
    shown = pd.DatetimeIndex(time.view("M8[ns]"), tz="UTC").tz_convert(zone(name)).tz_localize(None)
    return np.asarray(shown.asi8)


def to_utc(wall: NDArray[np.int64], name: str) -> NDArray[np.int64]:
    """UTC times at which the clock of zone `name` shows `wall`, as LEAN takes them.

    A time shown twice (the clock goes back) is the first of the two; one never shown (it goes forward) counts
    on from before the jump.
    """
    if name == "UTC" or not len(wall):
        return wall
    shown = pd.DatetimeIndex(wall.view("M8[ns]"))
    first = np.ones(len(wall), np.bool_)
    return np.asarray(shown.tz_localize(zone(name), ambiguous=first, nonexistent=pd.Timedelta(hours=1)).asi8)


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
