"""Something done at set times."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final

from utils.engine.clock import to_datetime, to_ns
from utils.engine.dotnet.event import Event
from utils.engine.dotnet.naming import DotNet

NEVER: Final = 2**63 - 1

Callback = Callable[[str, datetime], object]


class ScheduledEvent(DotNet):
    """Calls a function at UTC times, which are made one by one as they come.

    Attributes:
        name: what the log calls it.
        enabled: while it is not, its times pass without a call.
        event_fired: handlers called with name and time as well.
    """

    name: str
    enabled: bool
    event_fired: Event

    def __init__(
        self, name: str, times: datetime | Iterable[datetime], callback: Callback | None = None
    ) -> None:
        """Args:
        times: naive UTC times, in order.
        callback: takes name and time.
        """
        self.name = name
        self.enabled = True
        self.event_fired = Event()
        self._times: Iterator[datetime] = iter([times] if isinstance(times, datetime) else times)
        self._callback = callback
        self._next: int | None = None

    @property
    def next_utc_ns(self) -> int:
        """The next time, nanoseconds; `NEVER` after the last."""
        if self._next is None:
            # Not made before it is asked for: a rule may depend on the time the run begins at.
            time = next(self._times, None)
            self._next = NEVER if time is None else to_ns(time)
        return self._next

    @property
    def next_event_utc_time(self) -> datetime:
        """The next time; the largest there is after the last."""
        ns = self.next_utc_ns
        return datetime.max if ns == NEVER else to_datetime(ns)

    def skip_events_until(self, utc_ns: int) -> None:
        """Let the times before a moment pass without a call."""
        while self.next_utc_ns < utc_ns:
            self._next = None

    def scan(self, utc_ns: int) -> None:
        """Call the function for each time up to a moment, the moment included."""
        while (due := self.next_utc_ns) <= utc_ns and due != NEVER:
            self._fire(to_datetime(due))
            self._next = None

    def _fire(self, time: datetime) -> None:
        if not self.enabled:
            return
        if self._callback is not None:
            self._callback(self.name, time)
        self.event_fired(self.name, time)

    def __str__(self) -> str:
        return self.name
