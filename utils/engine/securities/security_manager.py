"""The securities of an algorithm."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from utils.engine.dotnet.key_value_pair import CallableList
from utils.engine.securities.keyed import SymbolKeyed
from utils.engine.securities.security import Security


class SecurityManager(SymbolKeyed[Security]):  # LEAN's name
    """Securities the algorithm follows now; by symbol, and in `total`, those it once followed too.

    Attributes:
        on_change: set by the portfolio: called when a security comes or goes.
    """

    def __init__(self) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self._active: dict[Any, Security] = {}
        self._all: dict[Any, Security] = {}

    def _entries(self) -> Iterable[tuple[Any, Security]]:
        return self._active.items()

    def _find(self, symbol: Any) -> Security | None:
        return self._all.get(symbol)

    def _missing(self, symbol: Any) -> str:
        return (
            f"This asset symbol ({symbol}) was not found in your security list. "
            "Please add this security or check it exists before using it with "
            "'Securities.ContainsKey(\"SYMBOL\")'"
        )

    def add(self, symbol: Any, security: Security | None = None) -> None:
        """Follow a security."""
        security = security if security is not None else symbol
        assert security is not None
        self._active[security.symbol] = security
        self._all[security.symbol] = security
        self.on_change()

    def remove(self, symbol: Any) -> bool:
        """Follow a security no longer."""
        removed = self._active.pop(symbol, None)
        self.on_change()
        return removed is not None

    def known(self, symbol: Any) -> Security | None:
        """A security that is or once was followed."""
        return self._all.get(symbol)

    def is_active(self, symbol: Any) -> bool:
        """Whether a security is followed now."""
        return symbol in self._active

    @property
    def total(self) -> CallableList[Security]:
        """Securities that are or once were followed."""
        return CallableList(self.ever())

    def ever(self) -> Iterable[Security]:
        """Securities that are or once were followed."""
        return self._all.values()

    def active(self) -> list[Security]:
        """Securities followed now."""
        return list(self._active.values())

    def __len__(self) -> int:
        return len(self._active)
