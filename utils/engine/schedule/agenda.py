"""Scheduled events by the time they are due next."""

from __future__ import annotations

from collections.abc import Callable

from utils.engine.schedule.scheduled_event import NEVER, ScheduledEvent

RunAt = Callable[[int, Callable[[], None]], None]
"""Calls a function with the algorithm's time at a moment (UTC ns)."""


class Agenda:
    """Keeps events in the order they fire: by time, then by when they were added.

    An event added or removed by a callback counts from the next scan on.
    """

    def __init__(self) -> None:
        self._events: dict[ScheduledEvent, None] = {}
        self._sorted: list[ScheduledEvent] = []
        self._is_sorted = True

    def add(self, event: ScheduledEvent) -> None:
        """Add an event."""
        self._events[event] = None
        self._is_sorted = False

    def remove(self, event: ScheduledEvent) -> None:
        """Take an event away."""
        self._events.pop(event, None)
        self._is_sorted = False

    def skip_until(self, utc_ns: int) -> None:
        """Let every time before a moment pass."""
        for event in self._events:
            event.skip_events_until(utc_ns)
        self._is_sorted = False

    @property
    def next_due(self) -> int:
        """The earliest time (UTC ns) of any event; far away without one."""
        if not self._is_sorted:
            self._sort()
        return self._sorted[0].next_utc_ns if self._sorted else NEVER

    def fire(self, until: int, run_at: RunAt, now: int | None = None) -> None:
        """Fire what is due up to a moment, included, in order.

        Args:
            now: the algorithm's time while events fire; None: each event's own.
        """
        if self.next_due > until:
            return
        events = self._sorted
        while events and (due := events[0].next_utc_ns) <= until:
            event, moment = events[0], due if now is None else now

            def scan(event: ScheduledEvent = event, moment: int = moment) -> None:
                event.scan(moment)

            run_at(moment, scan)
            _sort_first(events)

    def _sort(self) -> None:
        self._is_sorted = True
        # A new list: one that is being gone through stays as it is.
        self._sorted = sorted(self._events, key=lambda event: event.next_utc_ns)


def _sort_first(events: list[ScheduledEvent]) -> None:
    """Put the first event where its next time belongs."""
    due = events[0].next_utc_ns
    if len(events) > 1 and due > events[1].next_utc_ns:
        event = events.pop(0)
        events.insert(_place(events, due), event)


def _place(events: list[ScheduledEvent], due: int) -> int:
    """Where an event of a time goes.

    Behind the first one of the same time that halving comes across: it decides the order of three events of
    one time, so it has to be LEAN's.
    """
    lower, upper = 0, len(events) - 1
    while lower <= upper:
        middle = (lower + upper) // 2
        time = events[middle].next_utc_ns
        if time == due:
            return middle + 1
        lower, upper = (lower, middle - 1) if due < time else (middle + 1, upper)
    return lower
