"""A leg of a combo order."""

from __future__ import annotations

from typing import Any

from utils.engine.dotnet.naming import DotNet
from utils.engine.securities.as_symbol import as_symbol


class Leg(DotNet):
    """A leg of a combo: symbol, ratio, and its limit if it has one of its own."""

    symbol: Any
    quantity: int
    order_price: float | None

    @staticmethod
    def create(symbol: Any, quantity: int, limit_price: float | None = None) -> Leg:
        """A leg."""
        leg = Leg()
        leg.symbol, leg.quantity, leg.order_price = as_symbol(symbol), quantity, limit_price
        return leg
