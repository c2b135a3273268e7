"""How much pressure a resource is under: levels that are not left as easily as they are reached."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from enum import IntEnum

_AT_ONCE = timedelta()


class Level(IntEnum):
    """Pressure on a resource; the greater, the worse."""

    NORMAL = 0
    WARNING = 1
    CRITICAL = 2


class _Tripwire:
    """On when a figure has been at the threshold or above for a while; off when it falls below its margin."""

    def __init__(self, threshold: float, release: float, sustained: timedelta) -> None:
        self.on = False
        self._threshold = threshold
        self._release = release
        self._sustained = sustained
        self._since: datetime | None = None

    def update(self, value: float, now: datetime) -> None:
        if value >= self._threshold:
            if self._since is None or now < self._since:  # a clock that was set back starts anew
                self._since = now
            self.on = self.on or now - self._since >= self._sustained
        else:
            self._since = None
            self.on = self.on and value >= self._release


class Watch:
    """The level of one resource, from its readings; `level` is that after the last."""

    def __init__(
        self, warning: float, critical: float, hysteresis_pct: float, sustained: timedelta = _AT_ONCE
    ) -> None:
        """Thresholds in the readings' unit; a level ends `hysteresis_pct` percent below its threshold."""
        self.warning = warning
        self.critical = critical
        share = 1 - hysteresis_pct / 100
        self.level = Level.NORMAL
        self._calm = True  # nothing is on, nor about to be: the usual case costs one comparison
        self._warning = _Tripwire(warning, warning * share, sustained)
        self._critical = _Tripwire(critical, critical * share, sustained)

    def update(self, value: float, now: datetime) -> Level:
        """Take in a reading, and say the level after it. NaN, nothing measured, leaves it as it is."""
        if self._calm and value < self.warning:
            return self.level
        if not math.isnan(value):
            self._warning.update(value, now)
            self._critical.update(value, now)
            above = Level.WARNING if self._warning.on else Level.NORMAL
            self.level = Level.CRITICAL if self._critical.on else above
            self._calm = self.level is Level.NORMAL and value < self.warning
        return self.level
