"""A holding to strive for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from utils.engine.dotnet.money import ZERO, exact, text
from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.surface import read_only_float_of
from utils.engine.securities.as_symbol import as_symbol


class PortfolioTarget(DotNet):
    """A symbol with a quantity, or with a fraction of the portfolio for `set_holdings`."""

    symbol: Any
    tag: str
    quantity = read_only_float_of("exact_quantity")

    def __init__(self, symbol: Any, quantity: float | Decimal = ZERO, tag: str = "") -> None:
        self.symbol = as_symbol(symbol)
        self.exact_quantity = exact(quantity) if isinstance(quantity, (int, float, Decimal)) else ZERO
        self.tag = tag

    @staticmethod
    def percent(
        algorithm: Any, symbol: Any, percent: float, return_delta_quantity: bool = False, tag: str = ""
    ) -> PortfolioTarget | None:
        """The target that brings a symbol to a fraction of the portfolio; None when it cannot be told.

        With `return_delta_quantity` the quantity is what is to be ordered, else what is to be held.
        """
        security = algorithm.securities.get(symbol)
        quantity = algorithm.exact_order_quantity(symbol, exact(percent))
        if quantity is None or security is None:
            return None
        held = ZERO if return_delta_quantity else security.holdings.exact_quantity
        return PortfolioTarget(security.symbol, quantity + held, tag)

    def __str__(self) -> str:
        return f"{self.symbol}: {text(self.exact_quantity)}"
