"""Symbols and tickers as keys."""

from __future__ import annotations

from typing import Any

from utils.engine.dotnet.exceptions import KeyNotFoundException
from utils.engine.identity.symbol import Symbol
from utils.engine.identity.symbol_cache import SymbolCache


def symbol_of(key: Any) -> Symbol | None:
    """The symbol a key stands for: itself, or the one added under a ticker; None when there is none."""
    if not isinstance(key, str):
        return key  # type: ignore[no-any-return]  # a Symbol, or None
    return SymbolCache.try_get_symbol(key)


def missing_key(collection: str, key: Any) -> KeyNotFoundException:
    """The complaint about a key without data."""
    if isinstance(key, str) and symbol_of(key) is None:
        return KeyNotFoundException(
            f"{collection}: no security was added under the ticker {key}; use its Symbol"
        )
    return KeyNotFoundException(
        f"{collection}: no data of {key} at this time; ask `symbol in data` first, or use data.get(symbol)"
    )
