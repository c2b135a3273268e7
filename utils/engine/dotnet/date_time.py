"""System.DateTime: makes naive datetimes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from utils.engine.dotnet.timespan import TICKS_PER_MICROSECOND


class _IsDatetime(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, datetime)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, datetime)

    @property
    def utc_now(cls) -> datetime:
        """The machine's time in UTC."""
        return datetime.now(UTC).replace(tzinfo=None)

    @property
    def now(cls) -> datetime:
        """The machine's local time."""
        return datetime.now()

    @property
    def today(cls) -> datetime:
        """The machine's local date."""
        return cls.now.replace(hour=0, minute=0, second=0, microsecond=0)

    UtcNow = utc_now
    Now = now
    Today = today


class DateTime(metaclass=_IsDatetime):
    """`DateTime(y, m, d[, h, m, s[, ms]])`, `DateTime(ticks)` and the static members give a datetime."""

    MIN_VALUE = MinValue = min_value = datetime.min
    MAX_VALUE = MaxValue = max_value = datetime.max

    def __new__(cls, *parts: Any) -> Any:
        """A datetime."""
        if len(parts) <= 1:
            ticks = int(parts[0]) if parts else 0
            return datetime.min + timedelta(microseconds=ticks // TICKS_PER_MICROSECOND)
        numbers = [int(part) for part in parts]
        if len(numbers) > 6:
            numbers[6] *= 1000
        return datetime(*numbers[:7])  # type: ignore[arg-type]  # no time zone among seven numbers

    @staticmethod
    def parse(text: str, *_culture: object) -> datetime:
        """A date or a date and time in ISO's or the invariant culture's form.

        Raises:
            ValueError: another form.
        """
        for form in ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y", "%Y%m%d %H:%M:%S", "%Y%m%d"):
            try:
                return datetime.strptime(text, form)
            except ValueError:
                continue
        return datetime.fromisoformat(text).replace(tzinfo=None)

    @staticmethod
    def days_in_month(year: int, month: int) -> int:
        """How many days a month has."""
        first = datetime(year, month, 1)
        return (datetime(year + month // 12, month % 12 + 1, 1) - first).days

    @staticmethod
    def is_leap_year(year: int) -> bool:
        """Whether February has 29 days."""
        return DateTime.days_in_month(year, 2) == 29

    Parse = parse
    DaysInMonth = days_in_month
    IsLeapYear = is_leap_year
