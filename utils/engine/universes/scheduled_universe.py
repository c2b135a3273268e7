"""Securities that a function of the algorithm's gives on a schedule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Any

from utils.engine.algorithm.settings import UniverseSettings
from utils.engine.clock import to_datetime, to_ns
from utils.engine.enums import SecurityType
from utils.engine.errors import NotSupportedByEngine
from utils.engine.identity.market import Market
from utils.engine.identity.symbol import Symbol
from utils.engine.universes.universe import Universe


class ScheduledUniverse(Universe):
    """`ScheduledUniverse(date_rule, time_rule, selector[, settings])`.

    The selector takes the time in UTC and gives symbols, or `Universe.UNCHANGED`. Without settings they are
    the algorithm's.

    Raises:
        NotSupportedByEngine: a time zone is given.
    """

    def __init__(
        self,
        date_rule: Any,
        time_rule: Any,
        selector: Callable[[datetime], Any],
        settings: UniverseSettings | None = None,
    ) -> None:
        if isinstance(date_rule, tzinfo):
            raise NotSupportedByEngine("ScheduledUniverse with a time zone")
        name = f"{date_rule.name}_{time_rule.name}".replace("|", "_").replace(" ", "_")
        symbol = Symbol.create(name, SecurityType.BASE, Market.USA)
        super().__init__(symbol, UniverseSettings() if settings is None else settings)
        self.follows_algorithm = settings is None
        self._date_rule, self._time_rule, self._selector = date_rule, time_rule, selector

    def moments(self, start: int, end: int) -> list[int]:
        """As `Universe.moments`."""
        dates = self._date_rule.get_dates(to_datetime(start), to_datetime(end))
        times = (to_ns(time.replace(tzinfo=None)) for time in self._time_rule.create_utc_event_times(dates))
        return [time for time in times if start <= time <= end]

    def select(self, utc_ns: int) -> list[Any] | None:
        """As `Universe.select`."""
        chosen = self._selector(to_datetime(utc_ns))
        return None if chosen is Universe.UNCHANGED else list(chosen)
