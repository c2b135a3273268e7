"""How the start of a consolidated bar follows from a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Protocol

from utils.engine.consolidators.calendar import CalendarFunction
from utils.engine.dotnet.exceptions import ArgumentException

_ONE_DAY: Final = timedelta(days=1)
_ONE_WEEK: Final = timedelta(days=7)
_ORIGIN: Final = datetime.min
_NOTHING: Final = timedelta(0)
_PROBE: Final = datetime(2022, 1, 3, 10, 10, 10)


def round_down(time: datetime, interval: timedelta) -> datetime:
    """The last multiple of `interval` since year 1; the time itself for an interval of zero."""
    return time - (time - _ORIGIN) % interval if interval else time


def start_of_interval(period: timedelta, start_time: timedelta, time: datetime) -> datetime:
    """Start of the interval that holds `time`, counted from `start_time` of its day.

    Periods of a week and more count from the first of the month.
    """
    reference = datetime(time.year, time.month, time.day)
    if period >= _ONE_WEEK:
        reference = reference.replace(day=1)
    reference += start_time
    return reference + (time - reference) // period * period


class PeriodSpecification(Protocol):
    """`period` of the bar being built, and where a bar that holds a time starts."""

    period: timedelta | None

    def start_of(self, time: datetime) -> datetime:
        """Start of the bar that holds `time`; may set `period`."""
        ...


class AnyStart:
    """Bars that start with their first data: counted ones, with or without a longest period."""

    def __init__(self, period: timedelta | None = None) -> None:
        self.period = period

    def start_of(self, time: datetime) -> datetime:
        """The time."""
        return time


class FixedPeriod:
    """Bars of one length on a grid: midnight's, or one through `start_time`; longer than a day: no grid."""

    def __init__(self, period: timedelta, start_time: timedelta | None = None) -> None:
        self.period: timedelta | None = period
        self._length = period
        self._start_time = start_time

    def start_of(self, time: datetime) -> datetime:
        """The grid's last point up to `time`."""
        if self._start_time is not None:
            return start_of_interval(self._length, self._start_time, time)
        return time if self._length > _ONE_DAY else round_down(time, self._length)


class CalendarPeriod:
    """Bars whose start and length a function gives."""

    def __init__(self, function: CalendarFunction) -> None:
        """Take the function.

        Raises:
            ArgumentException: it puts the start of a bar after the time it was asked about.
        """
        if function(_PROBE).start > _PROBE:
            raise ArgumentException(
                "FuncPeriodSpecification: the function must give the start of the bar that holds a time; "
                "it gave a later time"
            )
        self.period: timedelta | None = None
        self._function = function

    def start_of(self, time: datetime) -> datetime:
        """The function's start; its period is kept."""
        info = self._function(time)
        self.period = info.period
        return info.start
