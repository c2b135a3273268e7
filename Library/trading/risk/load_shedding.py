"""Shedding load in steps when the machine is under pressure, and taking it on again step by step."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from enum import IntEnum

from trading.clock import Clock, in_utc, system_clock
from trading.monitoring.levels import Level
from trading.risk.config import SheddingConfig


class Shedding(IntEnum):
    """The steps; each does what those before it do as well."""

    NOTHING = 0
    FEWER_SCANS = 1
    FEWER_CONTRACTS = 2
    NO_NEW_POSITIONS = 3
    CLOSE_LEAST_PROFITABLE = 4


_DEEPEST = {
    Level.NORMAL: Shedding.NOTHING,
    Level.WARNING: Shedding.FEWER_CONTRACTS,
    Level.CRITICAL: Shedding.CLOSE_LEAST_PROFITABLE,
}
_AT_ONCE = {
    Level.NORMAL: Shedding.NOTHING,
    Level.WARNING: Shedding.FEWER_SCANS,
    Level.CRITICAL: Shedding.NO_NEW_POSITIONS,
}


class LoadShedding:
    """The step in force, from the resource monitor's level.

    A warning means fewer scans at once, and fewer contracts when it lasts; a critical level no new positions
    at once, and closing the least profitable, one at a time, when it lasts. The way back is taken a step at
    a time, each after a calm of `recovery_seconds`.

    >>> shedding = LoadShedding(SheddingConfig())
    >>> shedding.update(Level.CRITICAL)
    >>> shedding.level.name, shedding.scan_interval_factor, shedding.contract_limit(100), shedding.may_open
    ('NO_NEW_POSITIONS', 2, 50, False)
    """

    def __init__(self, config: SheddingConfig, *, clock: Clock = system_clock) -> None:
        """`clock` tells the present moment; in an algorithm ``lambda: self.utc_time``."""
        self._config = config
        self._clock = clock
        self._level = Shedding.NOTHING
        self._pressure = Level.NORMAL
        self._since: datetime | None = None  # of this step under this pressure
        self._closed: datetime | None = None

    @property
    def level(self) -> Shedding:
        """The step in force."""
        return self._level

    @property
    def scan_interval_factor(self) -> float:
        """How many times longer to wait between two scans."""
        return self._config.scan_interval_factor if self._level >= Shedding.FEWER_SCANS else 1.0

    def contract_limit(self, contracts: int) -> int:
        """How many of a chain's `contracts` to follow, at least one of any."""
        if self._level < Shedding.FEWER_CONTRACTS:
            return contracts
        return min(contracts, max(1, math.floor(contracts * self._config.contract_share_pct / 100)))

    @property
    def may_open(self) -> bool:
        """Whether new positions are allowed."""
        return self._level < Shedding.NO_NEW_POSITIONS

    @property
    def should_close(self) -> bool:
        """Whether to close the least profitable position now; tell by `record_close` that it was done."""
        if self._level < Shedding.CLOSE_LEAST_PROFITABLE:
            return False
        return self._closed is None or self._passed(self._closed, self._config.step_seconds)

    def record_close(self) -> None:
        """A position was closed to shed load: the next is due after another step's time."""
        self._closed = in_utc(self._clock())

    def update(self, pressure: Level) -> None:
        """Take in the resource monitor's level."""
        now = in_utc(self._clock())
        if pressure is not self._pressure or self._since is None or now < self._since:
            self._pressure, self._since = pressure, now
        if self._level < _AT_ONCE[pressure]:
            self._go_to(_AT_ONCE[pressure], now)
        elif self._level < _DEEPEST[pressure]:
            if self._passed(self._since, self._config.step_seconds):
                self._go_to(Shedding(self._level + 1), now)
        elif self._level > _DEEPEST[pressure] and self._passed(self._since, self._config.recovery_seconds):
            self._go_to(Shedding(self._level - 1), now)

    def _go_to(self, level: Shedding, now: datetime) -> None:
        self._level, self._since = level, now

    def _passed(self, since: datetime, seconds: float) -> bool:
        """Whether so many seconds have passed; a clock that was set back counts as if they had not."""
        return in_utc(self._clock()) - since >= timedelta(seconds=seconds)
