"""System.TimeSpan: makes timedeltas."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

TICKS_PER_MICROSECOND: Final = 10
_MAXIMUM_TICKS: Final = 2**63 - 1


class _IsTimedelta(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, timedelta)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, timedelta)


def _microseconds(ticks: int) -> timedelta:
    return timedelta(microseconds=ticks // TICKS_PER_MICROSECOND)


class TimeSpan(metaclass=_IsTimedelta):
    """`TimeSpan(h, m, s)`, `TimeSpan(d, h, m, s[, ms])`, `TimeSpan(ticks)` and `from_…` give a timedelta."""

    ZERO = Zero = zero = timedelta(0)
    MAX_VALUE = MaxValue = max_value = _microseconds(_MAXIMUM_TICKS)
    MIN_VALUE = MinValue = min_value = -_microseconds(_MAXIMUM_TICKS)
    TICKS_PER_MILLISECOND = TicksPerMillisecond = 10_000
    TICKS_PER_SECOND = TicksPerSecond = 10_000_000
    TICKS_PER_MINUTE = TicksPerMinute = 600_000_000
    TICKS_PER_HOUR = TicksPerHour = 36_000_000_000
    TICKS_PER_DAY = TicksPerDay = 864_000_000_000

    def __new__(cls, *parts: Any) -> Any:
        """A timedelta."""
        if len(parts) <= 1:
            return _microseconds(int(parts[0])) if parts else cls.ZERO
        if len(parts) == 3:
            parts = (0, *parts)
        names = ("days", "hours", "minutes", "seconds", "milliseconds", "microseconds")
        return timedelta(**dict(zip(names, parts, strict=False)))

    @staticmethod
    def from_days(value: float) -> timedelta:
        """Days."""
        return timedelta(days=value)

    @staticmethod
    def from_hours(value: float) -> timedelta:
        """Hours."""
        return timedelta(hours=value)

    @staticmethod
    def from_minutes(value: float) -> timedelta:
        """Minutes."""
        return timedelta(minutes=value)

    @staticmethod
    def from_seconds(value: float) -> timedelta:
        """Seconds."""
        return timedelta(seconds=value)

    @staticmethod
    def from_milliseconds(value: float) -> timedelta:
        """Milliseconds."""
        return timedelta(milliseconds=value)

    @staticmethod
    def from_ticks(value: int) -> timedelta:
        """Units of 100 nanoseconds; rounded down to microseconds."""
        return _microseconds(value)

    @staticmethod
    def parse(text: str) -> timedelta:
        """`[d.]hh:mm[:ss[.fffffff]]`, or a number of days."""
        sign = -1 if text.startswith("-") else 1
        head, *rest = text.strip().lstrip("-").split(":")
        if not rest:
            return sign * timedelta(days=int(head))
        days, _, hours = head.rpartition(".")
        minutes, seconds = rest[0], rest[1] if len(rest) > 1 else "0"
        whole, _, fraction = seconds.partition(".")
        return sign * timedelta(
            days=int(days or 0),
            hours=int(hours),
            minutes=int(minutes),
            seconds=int(whole),
            microseconds=int(f"{fraction:0<6}"[:6]),
        )

    FromDays = from_days
    FromHours = from_hours
    FromMinutes = from_minutes
    FromSeconds = from_seconds
    FromMilliseconds = from_milliseconds
    FromTicks = from_ticks
    Parse = parse
