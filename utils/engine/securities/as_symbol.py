"""The symbol something stands for."""

from __future__ import annotations

from typing import Any

from utils.engine.identity.symbol import Symbol
from utils.engine.identity.symbol_cache import SymbolCache


def as_symbol(key: Any) -> Any:
    """A symbol as it is, a security's, that of a ticker which was added; None for an unknown ticker."""
    if isinstance(key, Symbol):
        return key
    if isinstance(key, str):
        return SymbolCache.try_get_symbol(key)
    return getattr(key, "symbol", key)
