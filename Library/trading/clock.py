"""Time as it comes from outside: an algorithm's own in a backtest, the system's elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""The present moment. One without a time zone is UTC, as LEAN's `utc_time`."""


def system_clock() -> datetime:
    """The system's time."""
    return datetime.now(UTC)


def in_utc(moment: datetime) -> datetime:
    """The same moment with UTC as its time zone."""
    if moment.tzinfo is UTC:
        return moment
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
