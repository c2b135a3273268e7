"""`self.universe_manager`: the universes of an algorithm."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from utils.engine.dotnet.key_value_pair import CallableList
from utils.engine.securities.keyed import SymbolKeyed
from utils.engine.universes.universe import Universe


class UniverseManager(SymbolKeyed[Universe]):  # LEAN's name
    """Universes by symbol.

    Attributes:
        added, removed: what came and went since the run last looked.
    """

    def __init__(self) -> None:
        self._universes: dict[Any, Universe] = {}
        self.added: list[Universe] = []
        self.removed: list[Universe] = []

    def _entries(self) -> Iterable[tuple[Any, Universe]]:
        return self._universes.items()

    def _find(self, symbol: Any) -> Universe | None:
        return self._universes.get(symbol)

    @property
    def universes(self) -> list[Universe]:
        """All of them."""
        return list(self._universes.values())

    def add(self, symbol: Any, universe: Universe) -> None:
        """Add a universe; another of the same symbol stays."""
        if symbol not in self._universes:
            self._universes[symbol] = universe
            self.added.append(universe)

    def remove(self, symbol: Any) -> bool:
        """Take a universe away; whether there was one."""
        universe = self._universes.pop(getattr(symbol, "symbol", symbol), None)
        if universe is None:
            return False
        if universe in self.added:
            self.added.remove(universe)
        else:
            self.removed.append(universe)
        return True

    @property
    def active_securities(self) -> CallableList[Any]:
        """Securities that any of them has."""
        found = {
            symbol: member.security
            for universe in self._universes.values()
            for symbol, member in universe.members_by_symbol.items()
        }
        return CallableList(found.values())
