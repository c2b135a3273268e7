"""When consolidators are asked whether their bar is over although no data came."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from itertools import count
from typing import Any

from utils.engine.clock import SECOND, Clock, local_to_utc
from utils.engine.consolidators.consolidator import attach
from utils.engine.feed.config import SubscriptionDataConfig

NEVER = 1 << 62


class _Scanned:
    """One consolidator with its next scan, UTC nanoseconds; `span` is the length of its bars once known."""

    def __init__(self, consolidator: Any, config: SubscriptionDataConfig, clock: Clock, number: int) -> None:
        self.consolidator, self.config, self.number = consolidator, config, number
        self._clock = clock
        self.zone: tzinfo = config.exchange_time_zone
        self.minimum = max(SECOND, int(config.increment / timedelta(microseconds=1)) * 1000)
        self.span = 0
        self.due = 0
        self.removed = False
        attach(consolidator, self._on_consolidated)

    def _on_consolidated(self, _sender: Any, bar: Any) -> None:
        if not self.span:
            self.span = max(self.minimum, _nanoseconds(bar.end_time - bar.time))
        self.due = local_to_utc(bar.end_time, self.zone) + self.span

    def advance(self) -> None:
        """Set the next scan, when the one before is over."""
        now = self._clock.utc_ns
        if self.due > now:
            return
        if not self.span:
            working = getattr(self.consolidator, "working_data", None)
            ends = 0 if working is None else local_to_utc(working.end_time, self.zone)
            self.due = ends if ends > now else now + self.minimum
        else:
            self.due = now + self.span


def _nanoseconds(span: timedelta) -> int:
    return span // timedelta(microseconds=1) * 1000


class ScanSchedule:
    """Scans in the order of their time, then of registration.

    Attributes:
        next_due: time of the earliest scan, UTC nanoseconds.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._queue: list[tuple[int, int, _Scanned]] = []
        self._new: list[_Scanned] = []
        self._all: dict[int, _Scanned] = {}
        self._numbers = count()

    @property
    def next_due(self) -> int:
        """Time of the earliest scan, UTC nanoseconds."""
        if self._new:
            return 0
        return self._queue[0][0] if self._queue else NEVER

    def add(self, consolidator: Any, config: SubscriptionDataConfig) -> None:
        """Scan a consolidator from now on."""
        scanned = _Scanned(consolidator, config, self._clock, next(self._numbers))
        self._all[id(consolidator)] = scanned
        self._new.append(scanned)
        self._clock.interrupted = True

    def remove(self, consolidator: Any) -> None:
        """Scan a consolidator no longer."""
        scanned = self._all.pop(id(consolidator), None)
        if scanned is not None:
            scanned.removed = True

    def scan_past(self, until: int, set_time: Callable[[int], None]) -> None:
        """Carry out the scans before a time, each at its own."""
        for scanned in self._new:
            scanned.advance()
            heapq.heappush(self._queue, (scanned.due, scanned.number, scanned))
        self._new = []
        while self._queue and self._queue[0][0] < until:
            time, _, scanned = heapq.heappop(self._queue)
            if scanned.removed:
                continue
            if time > self._clock.utc_ns:
                set_time(time)
            if scanned.due <= time:
                scanned.consolidator.scan(self._clock.local(scanned.zone))
                scanned.advance()
            heapq.heappush(self._queue, (max(scanned.due, time + 1), scanned.number, scanned))

    def local_time(self, config: SubscriptionDataConfig) -> datetime:
        """Now on the exchange's wall clock."""
        return self._clock.local(config.exchange_time_zone)
