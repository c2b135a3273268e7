"""Symbols as LEAN's JSON."""

from __future__ import annotations

from typing import Any


def symbol_fields(symbol: Any) -> dict[str, object]:
    """A symbol as LEAN writes it."""
    fields: dict[str, object] = {"value": symbol.value, "id": str(symbol.id), "permtick": symbol.value}
    underlying = symbol.underlying
    if underlying is not None:
        fields["underlying"] = symbol_fields(underlying)
    return fields
