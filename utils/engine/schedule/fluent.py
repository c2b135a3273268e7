"""Scheduling in a sentence: `schedule.event("name").every_day().at(9, 45).run(code)`."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from utils.engine.dotnet.exceptions import InvalidOperationException
from utils.engine.dotnet.naming import DotNet
from utils.engine.schedule.rules import CompositeTimeRule, HoursOf
from utils.engine.schedule.scheduled_event import ScheduledEvent

if TYPE_CHECKING:
    from utils.engine.schedule.schedule_manager import ScheduleManager

Predicate = Callable[[datetime], bool]


class FluentScheduledEventBuilder(DotNet):
    """Dates first, then times, then `run`; several time rules add up."""

    def __init__(self, schedule: ScheduleManager, hours_of: HoursOf, name: str | None = None) -> None:
        self._schedule, self._hours_of, self._name = schedule, hours_of, name
        self._date_rule: Any = None
        self._time_rules: list[Any] = []
        self._predicates: list[Predicate] = []

    # Dates

    def on(self, *dates: Any) -> FluentScheduledEventBuilder:
        """As `date_rules.on`."""
        return self._on_dates(self._schedule.date_rules.on(*dates))

    def every_day(self, symbol: Any = None) -> FluentScheduledEventBuilder:
        """As `date_rules.every_day`."""
        return self._on_dates(self._schedule.date_rules.every_day(symbol))

    def month_start(self, symbol: Any = None) -> FluentScheduledEventBuilder:
        """As `date_rules.month_start`."""
        return self._on_dates(self._schedule.date_rules.month_start(symbol))

    def every(self, *terms: Any) -> FluentScheduledEventBuilder:
        """Days of the week as `date_rules.every`, or an interval as `time_rules.every`."""
        if terms and isinstance(terms[0], timedelta):
            return self._at_times(self._schedule.time_rules.every(terms[0]))
        return self._on_dates(self._schedule.date_rules.every(*terms))

    def _on_dates(self, rule: Any) -> FluentScheduledEventBuilder:
        self._date_rule = rule
        return self

    # Times

    def at(self, *terms: Any) -> FluentScheduledEventBuilder:
        """As `time_rules.at`."""
        return self._at_times(self._schedule.time_rules.at(*terms))

    def after_market_open(
        self, symbol: Any, minutes_after_open: float = 0, extended_market_open: bool = False
    ) -> FluentScheduledEventBuilder:
        """As `time_rules.after_market_open`."""
        rules = self._schedule.time_rules
        return self._at_times(rules.after_market_open(symbol, minutes_after_open, extended_market_open))

    def before_market_close(
        self, symbol: Any, minute_before_close: float = 0, extended_market_close: bool = False
    ) -> FluentScheduledEventBuilder:
        """As `time_rules.before_market_close`."""
        rules = self._schedule.time_rules
        return self._at_times(rules.before_market_close(symbol, minute_before_close, extended_market_close))

    def _at_times(self, rule: Any) -> FluentScheduledEventBuilder:
        self._time_rules.append(rule)
        return self

    # Conditions

    def where(self, predicate: Predicate) -> FluentScheduledEventBuilder:
        """Only at UTC times that a function accepts."""
        self._predicates.append(predicate)
        return self

    def during_market_hours(self, symbol: Any, extended_market: bool = False) -> FluentScheduledEventBuilder:
        """Only while a symbol's exchange is open."""
        hours = self._hours_of(symbol)

        def is_open(time: datetime) -> bool:
            local = time.replace(tzinfo=UTC).astimezone(hours.time_zone).replace(tzinfo=None)
            return bool(hours.is_open(local, extended_market))

        return self.where(is_open)

    def run(self, callback: Callable[..., object]) -> ScheduledEvent:
        """Schedule a function that takes nothing, the UTC time, or name and UTC time.

        Raises:
            InvalidOperationException: no dates or no times were said.
        """
        if self._date_rule is None or not self._time_rules:
            raise InvalidOperationException("schedule.event: say on which dates and at which times, then run")
        rules = self._time_rules
        rule = rules[0] if len(rules) == 1 else CompositeTimeRule(*rules)
        name = self._name or f"{self._date_rule.name}: {rule.name}"
        where = (lambda time: all(accept(time) for accept in self._predicates)) if self._predicates else None
        return self._schedule.schedule(name, self._date_rule, rule, _takes_name_and_time(callback), where)


def _takes_name_and_time(callback: Callable[..., object]) -> Callable[[str, datetime], object]:
    wanted = [
        parameter
        for parameter in inspect.signature(callback).parameters.values()
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        and parameter.default is parameter.empty
    ]
    if len(wanted) == 2:
        return callback
    return (lambda _name, time: callback(time)) if wanted else (lambda _name, _time: callback())
