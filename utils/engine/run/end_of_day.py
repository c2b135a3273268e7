"""Schedules the calls of `on_end_of_day`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from utils.engine.algorithm.qc_algorithm import QCAlgorithm
from utils.engine.schedule.end_of_day import algorithm_end_of_days, security_end_of_days
from utils.engine.schedule.scheduled_event import ScheduledEvent
from utils.engine.securities.security import Security


class EndOfDay:
    """`on_end_of_day(symbol)` is called before each security's close; one without argument once a day.

    Args:
        algorithm: whose method it is.
        end: of the run, UTC.
    """

    def __init__(self, algorithm: QCAlgorithm, end: datetime) -> None:
        self._algorithm, self._end = algorithm, end
        self._known: dict[Any, ScheduledEvent | None] = {}
        own = type(algorithm).on_end_of_day is not QCAlgorithm.on_end_of_day
        self._callback: Callable[..., Any] | None = algorithm.on_end_of_day if own else None

    def schedule(self, securities: Iterable[Security]) -> None:
        """Add the events of securities that have none yet."""
        new = [security for security in securities if security.symbol not in self._known]
        if self._callback is None or not new:
            return
        first = not self._known
        self._known.update((security.symbol, None) for security in new)
        start = self._algorithm.utc_time
        if inspect.signature(self._callback).parameters:
            for security in new:
                extended = security.is_extended_market_hours
                times = security_end_of_days(security.exchange.hours, extended, start, self._end)
                name = f"{security.symbol}.EndOfDay"
                self._known[security.symbol] = self._add(name, times, self._callback, security.symbol)
        elif first:
            exchanges = [security.exchange.hours for security in new]
            times = algorithm_end_of_days(exchanges, self._algorithm._zone, start, self._end)
            self._add("Algorithm.EndOfDay", times, self._callback)

    def forget(self, securities: Iterable[Security]) -> None:
        """Take away the events of securities that are followed no longer."""
        for security in securities:
            event = self._known.get(security.symbol)
            if event is not None:
                del self._known[security.symbol]
                self._algorithm.schedule.remove(event)

    def _add(
        self, name: str, times: Iterable[datetime], callback: Callable[..., Any], *terms: Any
    ) -> ScheduledEvent:
        event = ScheduledEvent(name, times, lambda _name, _time: callback(*terms))
        self._algorithm.schedule.add(event)
        return event
