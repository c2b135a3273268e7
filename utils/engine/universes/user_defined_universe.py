"""Securities by the tickers that a function of the algorithm's gives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from utils.engine.algorithm.settings import UniverseSettings
from utils.engine.clock import local_to_utc, to_datetime, utc_to_local
from utils.engine.enums import SecurityType
from utils.engine.identity.symbol import Symbol
from utils.engine.universes.universe import Universe


class UserDefinedUniverse(Universe):
    """Selects at its start, and then each time an interval begins in which the exchange opens or is open.

    Args:
        symbol: names the universe; its securities are of the same kind and market.
        interval: time between two selections, e.g. a day: then it is at midnight.
        hours: of the exchange.
        selector: takes the time in the exchange's zone, gives tickers, or `Universe.UNCHANGED`.
    """

    def __init__(
        self,
        symbol: Symbol,
        settings: UniverseSettings,
        interval: timedelta,
        hours: Any,
        selector: Callable[[datetime], Any],
    ) -> None:
        super().__init__(symbol, settings)
        self._interval, self._hours, self._selector = interval, hours, selector

    def moments(self, start: int, end: int) -> list[int]:
        """As `Universe.moments`."""
        zone = self._hours.time_zone
        time, last = (to_datetime(utc_to_local(moment, zone)) for moment in (start, end))
        found = [start]
        time += self._interval
        while time < last:
            if self._hours.is_open(time, time + self._interval, False):
                found.append(local_to_utc(time, zone))
            time += self._interval
        return found

    def select(self, utc_ns: int) -> list[Any] | None:
        """As `Universe.select`."""
        chosen = self._selector(to_datetime(utc_to_local(utc_ns, self._hours.time_zone)))
        return None if chosen is Universe.UNCHANGED else [self._symbol_of(ticker) for ticker in chosen]

    def _symbol_of(self, ticker: str) -> Symbol:
        return Symbol.create(ticker, SecurityType(self.symbol.security_type), self.symbol.id.market)
