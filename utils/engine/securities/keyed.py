"""Collections keyed by symbol, as Python algorithms see LEAN's dictionaries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Generic, TypeVar

from utils.engine.dotnet.key_value_pair import CallableList, KeyValuePair
from utils.engine.dotnet.naming import DotNet
from utils.engine.securities.as_symbol import as_symbol

V = TypeVar("V")


class SymbolKeyed(DotNet, Generic[V]):
    """Looked up by symbol, by security or by ticker; iterates in pairs with `key` and `value`."""

    def _entries(self) -> Iterable[tuple[Any, V]]:
        """What there is, in order."""
        raise NotImplementedError

    def _find(self, symbol: Any) -> V | None:
        """The entry of a symbol."""
        raise NotImplementedError

    def _missing(self, symbol: Any) -> str:
        """What to say about a symbol without entry."""
        return f"'{symbol}' wasn't found"

    @staticmethod
    def symbol_of(key: Any) -> Any:
        """The symbol a key stands for: itself, a security's, a ticker's; None for an unknown ticker."""
        return as_symbol(key)

    def __getitem__(self, key: Any) -> V:
        symbol = self.symbol_of(key)
        found = None if symbol is None else self._find(symbol)
        if found is None:
            raise KeyError(self._missing(key))
        return found

    def __contains__(self, key: object) -> bool:
        symbol = self.symbol_of(key)
        return symbol is not None and self._find(symbol) is not None

    def contains_key(self, key: Any) -> bool:
        """Whether there is an entry."""
        return key in self

    def get(self, key: Any, default: Any = None) -> Any:
        """The entry of a symbol, or the default."""
        symbol = self.symbol_of(key)
        found = None if symbol is None else self._find(symbol)
        return default if found is None else found

    def try_get_value(self, key: Any, _out: Any = None) -> tuple[bool, V | None]:
        """Whether there is an entry, and the entry."""
        found = self.get(key)
        return found is not None, found

    def __len__(self) -> int:
        return sum(1 for _ in self._entries())

    @property
    def count(self) -> int:
        """Number of entries."""
        return len(self)

    @property
    def keys(self) -> CallableList[Any]:
        """Symbols."""
        return CallableList(symbol for symbol, _ in self._entries())

    @property
    def values(self) -> CallableList[V]:
        """Entries."""
        return CallableList(value for _, value in self._entries())

    def items(self) -> list[tuple[Any, V]]:
        """Symbols with entries."""
        return list(self._entries())

    def __iter__(self) -> Iterator[Any]:
        return iter([KeyValuePair(symbol, value) for symbol, value in self._entries()])
