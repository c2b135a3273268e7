"""`self.add_universe` for universes that a function of the algorithm's selects."""

from __future__ import annotations

from typing import Any

from utils.engine.algorithm.options import Options
from utils.engine.consolidators.period_count import RESOLUTION_SPANS
from utils.engine.enums import Resolution, SecurityType
from utils.engine.errors import NotSupportedByEngine
from utils.engine.identity.market import Market
from utils.engine.identity.symbol import Symbol
from utils.engine.universes.scheduled_universe import ScheduledUniverse
from utils.engine.universes.universe import Universe
from utils.engine.universes.user_defined_universe import UserDefinedUniverse

_FULL = ("security_type", "name", "resolution", "market", "universe_settings", "selector")
_NAMED = ("name", "resolution", "selector")
_SHORT = ("name", "selector")


class UserUniverses(Options):
    """Universes of the user's own."""

    def add_universe(self, *terms: Any, **named: Any) -> Universe:
        """Follow what a function selects.

        `add_universe(name[, resolution], selector)` calls `selector(time)` for tickers of US shares, daily or
        as often as the resolution says; `add_universe(security_type, name, resolution, market, settings,
        selector)` for tickers of another kind. A `ScheduledUniverse` is added as it is.

        Raises:
            NotSupportedByEngine: universes by fundamental or custom data.
        """
        first = terms[0] if terms else next(iter(named.values()), None)
        if isinstance(first, Universe):
            if isinstance(first, ScheduledUniverse) and first.follows_algorithm:
                first.universe_settings = self.universe_settings
            return self._begin(first)
        names = _FULL if isinstance(first, SecurityType) else _NAMED if len(terms) > 2 else _SHORT
        given = dict(zip(names, terms, strict=False)) | {_renamed(key): value for key, value in named.items()}
        if not isinstance(given.get("name"), str) or not callable(given.get("selector")):
            raise NotSupportedByEngine("add_universe")
        kind = given.get("security_type", SecurityType.EQUITY)
        market = given.get("market", Market.USA)
        symbol = Symbol.create(given["name"], kind, market)
        hours = self._environment.data.market_hours.get_exchange_hours(market, symbol, kind)
        interval = RESOLUTION_SPANS[given.get("resolution", Resolution.DAILY)]
        if not interval:
            raise NotSupportedByEngine("add_universe of Resolution.TICK")
        settings = given.get("universe_settings", self.universe_settings)
        return self._begin(UserDefinedUniverse(symbol, settings, interval, hours, given["selector"]))

    def _begin(self, universe: Universe) -> Universe:
        self.universe_manager.add(universe.symbol, universe)
        self._clock.interrupted = True
        return universe


def _renamed(name: str) -> str:
    return "selector" if name in ("py_selector", "pySelector") else name
