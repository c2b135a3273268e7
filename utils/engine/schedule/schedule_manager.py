"""`algorithm.schedule`: what is done at set times."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta, tzinfo
from typing import Any

from utils.engine.clock import Clock
from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.naming import DotNet
from utils.engine.exchange.security_exchange_hours import SecurityExchangeHours
from utils.engine.schedule.agenda import Agenda, RunAt
from utils.engine.schedule.date_rules import DateRules
from utils.engine.schedule.fluent import FluentScheduledEventBuilder
from utils.engine.schedule.rules import END_OF_TIME, HoursOf, midnight
from utils.engine.schedule.scheduled_event import ScheduledEvent
from utils.engine.schedule.time_rules import TimeRules

Action = Callable[[], object]


class ScheduleManager(DotNet):
    """Takes scheduled events and fires them as the time passes.

    Attributes:
        date_rules, time_rules: make rules.
    """

    date_rules: DateRules
    time_rules: TimeRules

    def __init__(
        self,
        hours_of: HoursOf,
        time_zone: Callable[[], tzinfo],
        clock: Clock,
        all_hours: Callable[[], Iterable[SecurityExchangeHours]] = tuple,
    ) -> None:
        """Args:
        hours_of: gives the exchange hours of a symbol.
        time_zone: gives the algorithm's time zone.
        all_hours: gives the exchange hours of every security.
        """
        self.date_rules = DateRules(hours_of, time_zone, clock)
        self.time_rules = TimeRules(hours_of, time_zone, clock, all_hours)
        self._hours_of = hours_of
        self._clock = clock
        self._agenda = Agenda()
        self._run_at: RunAt | None = None

    # What algorithms call

    def on(self, *terms: Any, **given: Any) -> ScheduledEvent:
        """`([name, ]date_rule, time_rule, callback)`: call a function, without arguments, by the rules."""
        has_name = "name" in given or (bool(terms) and isinstance(terms[0], str))
        names = ("name", "date_rule", "time_rule", "callback")
        given |= zip(names if has_name else names[1:], terms, strict=False)
        name, date_rule, time_rule, callback = (given.get(one) for one in names)
        if date_rule is None or time_rule is None or not callable(callback):
            raise ArgumentException(
                "schedule.on: give a date rule, a time rule and a function, in this order"
            )
        if name is None:
            name = f"{date_rule.name}: {time_rule.name}"
        return self.schedule(name, date_rule, time_rule, lambda _name, _time: callback())

    def training(self, date_rule: Any, time_rule: Any, training_code: Action) -> ScheduledEvent:
        """Train by the rules; in a backtest that is a plain call."""
        return self.on(date_rule, time_rule, training_code)

    def training_now(self, training_code: Action) -> ScheduledEvent:
        """Train as soon as the loop goes on."""
        utc = self._clock.utc
        name = f"Training: Now: {utc:%Y-%m-%dT%H:%M:%S.%f}0Z"
        return self.on(name, self.date_rules.today, self.time_rules.now, training_code)

    def event(self, name: str | None = None) -> FluentScheduledEventBuilder:
        """Begin a sentence: `schedule.event().every_day().at(9, 45).run(code)`."""
        return FluentScheduledEventBuilder(self, self._hours_of, name)

    def add(self, scheduled_event: ScheduledEvent) -> None:
        """Take an event; times that have passed count no more."""
        if self._run_at is not None:
            scheduled_event.skip_events_until(self._clock.utc_ns)
        self._agenda.add(scheduled_event)
        self._clock.interrupted = True

    def remove(self, scheduled_event: ScheduledEvent) -> None:
        """Take an event away."""
        self._agenda.remove(scheduled_event)
        self._clock.interrupted = True

    def schedule(
        self,
        name: str,
        date_rule: Any,
        time_rule: Any,
        callback: Callable[[str, datetime], object],
        where: Callable[[datetime], bool] | None = None,
    ) -> ScheduledEvent:
        """As `on`, with a function that takes name and time; `where` chooses among the UTC times."""
        times = time_rule.create_utc_event_times(self._dates(date_rule))
        if where is not None:
            times = filter(where, times)
        event = ScheduledEvent(name, times, callback)
        self.add(event)
        return event

    def _dates(self, rule: Any) -> Iterator[datetime]:
        """A rule's dates; the time is looked at when the first is asked for."""
        yesterday = midnight(self._clock.utc) - timedelta(days=1)
        yield from rule.get_dates(yesterday, END_OF_TIME)

    # What the run calls

    def start(self, begin_ns: int, _end_ns: int, run_at: RunAt) -> None:
        """Begin the run: times before its first moment pass.

        Args:
            begin_ns: first moment, UTC.
            run_at: calls a function at a moment.
        """
        self._agenda.skip_until(begin_ns)
        self._run_at = run_at

    @property
    def next_due(self) -> int:
        """When the next event fires, UTC nanoseconds; `NEVER` without one."""
        return self._agenda.next_due

    def scan_past(self, until_ns: int) -> None:
        """Fire events due before a moment, each at its own time."""
        assert self._run_at is not None
        self._agenda.fire(until_ns - 1, self._run_at)

    def advance_to(self, now_ns: int) -> None:
        """Fire events due by now."""
        assert self._run_at is not None
        self._agenda.fire(now_ns, self._run_at, now_ns)
