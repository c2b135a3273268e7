"""What LEAN's databases call a symbol."""

from __future__ import annotations

from typing import Any, Final

from utils.engine.enums import SecurityType

WILDCARD: Final = "[*]"
"""In place of a symbol: all of a market and a kind that have no entry of their own."""

SECURITY_TYPES: Final = {str(kind).lower(): kind for kind in SecurityType}
"""By the name the databases have, in small letters."""


def database_symbol(symbol: Any) -> str:
    """The name a symbol, a ticker or None has in the databases."""
    if symbol is None:
        return ""
    if isinstance(symbol, str):
        return symbol
    kind = symbol.security_type
    if kind == SecurityType.OPTION:
        return str(symbol.underlying.value) if symbol.underlying else ""
    if kind in (SecurityType.INDEX_OPTION, SecurityType.FUTURE_OPTION):
        return str(symbol.id.symbol) if symbol.underlying else ""
    if kind in (SecurityType.BASE, SecurityType.FUTURE):
        return str(symbol.id.symbol)
    return str(symbol.value)


def key_of(market: str, symbol: str, security_type: int) -> tuple[str, str, int]:
    """A key of the databases; capitals do not matter, no symbol is the wildcard."""
    return (market or WILDCARD).lower(), (symbol or WILDCARD).lower(), int(security_type)
