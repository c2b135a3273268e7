"""Alerts: one for each change of a resource's level, never one name more often than it may come."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from trading.monitoring.levels import Level

KEPT: Final = 1_000


class Severity(StrEnum):
    """How bad it is, in the words that a log is searched for."""

    INFO = "INFO"
    WARNING = "WARNING"
    CRITICAL = "CRITICAL"


_OF_LEVEL: Final = {
    Level.NORMAL: Severity.INFO,
    Level.WARNING: Severity.WARNING,
    Level.CRITICAL: Severity.CRITICAL,
}


@dataclass(frozen=True)
class Alert:
    """Something that somebody should know.

    Attributes:
        time: when, in UTC.
        name: what, such as ``memory_warning`` or ``memory_normal``.
        severity: how bad.
        message: one line with figures.
    """

    time: datetime
    name: str
    severity: Severity
    message: str

    def __str__(self) -> str:
        return f"{self.severity} {self.name}: {self.message}"


class AlertLog:
    """Decides what is said, and keeps the latest thousand alerts."""

    def __init__(self, interval: timedelta) -> None:
        """`interval` passes between two alerts of one name."""
        self.counts: Counter[Severity] = Counter()
        self._interval = interval
        self._recent: deque[Alert] = deque(maxlen=KEPT)
        self._said: dict[str, Level] = {}  # resource -> the level last told of
        self._last: dict[str, datetime] = {}  # name -> its last alert

    def level(self, resource: str, level: Level, message: str, now: datetime) -> Alert | None:
        """The alert that a resource's level calls for, if any.

        What comes too soon after an alert of its name is said later, if it is still true by then.
        """
        if self._said.get(resource, Level.NORMAL) == level:
            return None
        alert = self.say(f"{resource}_{level.name.lower()}", _OF_LEVEL[level], message, now)
        if alert is not None:
            self._said[resource] = level
        return alert

    def pending(self, resource: str) -> bool:
        """Whether the last told of a resource is worse than normal: its end has still to be told."""
        return self._said.get(resource, Level.NORMAL) != Level.NORMAL

    def say(self, name: str, severity: Severity, message: str, now: datetime) -> Alert | None:
        """An alert, or None when the last of its name is too recent."""
        last = self._last.get(name)
        if last is not None and timedelta() <= now - last < self._interval:
            return None
        alert = Alert(now, name, severity, message)
        self._last[name] = now
        self._recent.append(alert)
        self.counts[severity] += 1
        return alert

    def recent(self, limit: int) -> list[Alert]:
        """The latest alerts, the latest last."""
        return list(self._recent)[-limit:] if limit > 0 else []
