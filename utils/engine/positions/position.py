"""A quantity of a security, as part of a group."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from utils.engine.dotnet.money import text
from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.surface import read_only_float_of


class Position(DotNet):
    """Signed quantity of a security; `unit_quantity` of it go into one unit of its group."""

    symbol: Any
    quantity = read_only_float_of("exact_quantity")
    unit_quantity = read_only_float_of("exact_unit_quantity")

    def __init__(self, symbol: Any, quantity: Decimal, unit_quantity: Decimal) -> None:
        self.symbol, self.exact_quantity, self.exact_unit_quantity = symbol, quantity, unit_quantity

    @staticmethod
    def of_security(security: Any, quantity: Decimal | None = None) -> Position:
        """A quantity of a security, what is held by default, in its lots."""
        held = security.holdings.exact_quantity if quantity is None else quantity
        return Position(security.symbol, held, security.symbol_properties.exact_lot_size)

    def with_lots(self, lots: Decimal) -> Position:
        """As many units of the same side; below zero of the other."""
        side = -1 if self.exact_quantity < 0 else 1
        return Position(self.symbol, lots * self.exact_unit_quantity * side, self.exact_unit_quantity)

    def __str__(self) -> str:
        return f"{self.symbol}: {text(self.exact_quantity)}"


def combined(positions: Iterable[Position]) -> dict[Any, Position]:
    """Positions by symbol, those of one symbol added up."""
    found: dict[Any, Position] = {}
    for one in positions:
        known = found.get(one.symbol)
        if known is not None:
            unit = min(known.exact_unit_quantity, one.exact_unit_quantity)
            one = Position(one.symbol, known.exact_quantity + one.exact_quantity, unit)  # noqa: PLW2901
        found[one.symbol] = one
    return found
