"""Calendar periods for consolidators."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Final

from utils.engine.dotnet.naming import DotNet


class CalendarInfo(DotNet):
    """The bar that a time falls into: `start` and `period`; dates count from midnight."""

    __slots__ = ("period", "start")
    start: datetime
    period: timedelta

    def __init__(self, start: date, period: timedelta) -> None:
        self.start = start if isinstance(start, datetime) else datetime(start.year, start.month, start.day)
        self.period = period

    @property
    def end(self) -> datetime:
        """End of the bar."""
        return self.start + self.period

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CalendarInfo):
            return NotImplemented
        return self.start == other.start and self.period == other.period

    def __hash__(self) -> int:
        return hash((self.start, self.period))

    def to_string(self) -> str:
        """The text."""
        return str(self)

    def __str__(self) -> str:
        return f"{self.start} {self.period}"


CalendarFunction = Callable[[datetime], CalendarInfo]


def _midnight(time: datetime) -> datetime:
    return time.replace(hour=0, minute=0, second=0, microsecond=0)


def _weekly(time: datetime) -> CalendarInfo:
    return CalendarInfo(_midnight(time) - timedelta(days=time.weekday()), timedelta(days=7))


def _monthly(time: datetime) -> CalendarInfo:
    return _of_months(time.year, time.month, 1)


def _quarterly(time: datetime) -> CalendarInfo:
    return _of_months(time.year, time.month - (time.month - 1) % 3, 3)


def _yearly(time: datetime) -> CalendarInfo:
    return _of_months(time.year, 1, 12)


def _of_months(year: int, month: int, months: int) -> CalendarInfo:
    start = datetime(year, month, 1)
    last = month - 1 + months
    return CalendarInfo(start, datetime(year + last // 12, last % 12 + 1, 1) - start)


class Calendar:
    """Functions from a time to its week (Monday first), month, quarter or year."""

    WEEKLY = Weekly = weekly = staticmethod(_weekly)
    MONTHLY = Monthly = monthly = staticmethod(_monthly)
    QUARTERLY = Quarterly = quarterly = staticmethod(_quarterly)
    YEARLY = Yearly = yearly = staticmethod(_yearly)


EXPORTS: Final[dict[str, Any]] = {"Calendar": Calendar, "CalendarInfo": CalendarInfo}
