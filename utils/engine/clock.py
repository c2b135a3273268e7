"""The simulated time of a run."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

UTC: Final = ZoneInfo("UTC")
EPOCH: Final = datetime(1970, 1, 1)

MICROSECOND: Final = 1_000
SECOND: Final = 1_000_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

_ONE_MICROSECOND: Final = timedelta(microseconds=1)


def to_datetime(ns: int) -> datetime:
    """Nanoseconds since 1970 as a naive datetime of the same zone."""
    return EPOCH + timedelta(microseconds=ns // MICROSECOND)


def to_ns(time: datetime) -> int:
    """A naive datetime as nanoseconds since 1970 of the same zone."""
    naive = time if time.tzinfo is None else time.replace(tzinfo=None)
    return (naive - EPOCH) // _ONE_MICROSECOND * MICROSECOND


@lru_cache(maxsize=4096)
def _offset(zone: tzinfo, quarter_hour: int) -> int:
    """UTC offset in nanoseconds; zones change theirs on quarter hours only."""
    utc = (EPOCH + timedelta(minutes=15 * quarter_hour)).replace(tzinfo=UTC)
    offset = utc.astimezone(zone).utcoffset()
    return 0 if offset is None else offset // _ONE_MICROSECOND * MICROSECOND


def utc_to_local(ns: int, zone: tzinfo) -> int:
    """UTC nanoseconds as those of a zone's wall clock."""
    return ns + _offset(zone, ns // (15 * MINUTE))


def local_to_utc(time: datetime, zone: tzinfo) -> int:
    """UTC nanoseconds of a wall-clock time; one that a clock change skips counts from before the change."""
    return to_ns(time.replace(tzinfo=zone).astimezone(UTC))


class Clock:
    """Now. The run loop sets `utc_ns`; all else follows from it.

    Attributes:
        utc_ns: nanoseconds since 1970, UTC.
        step: index of the present step on the present stretch of the time line; data up to it is visible.
        consolidated: index of the last step whose data went on to consolidators and indicators. It follows
            `step` within a moment: orders and scheduled events come before.
        interrupted: set by whatever the loop has to look at before it goes on to the next step: an order, a
            new subscription, schedule or consolidator, the wish to stop.
    """

    __slots__ = ("consolidated", "interrupted", "step", "utc_ns")

    def __init__(self, utc_ns: int = 0) -> None:
        self.utc_ns = utc_ns
        self.step = self.consolidated = -1
        self.interrupted = False

    @property
    def utc(self) -> datetime:
        """Now as a naive UTC time."""
        return EPOCH + timedelta(microseconds=self.utc_ns // MICROSECOND)

    def local(self, zone: tzinfo) -> datetime:
        """Now as a naive time of a zone."""
        ns = self.utc_ns
        return EPOCH + timedelta(microseconds=(ns + _offset(zone, ns // (15 * MINUTE))) // MICROSECOND)
