"""Positions in groups that share margin: each security is a group of its own here."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from utils.engine.dotnet.money import ZERO
from utils.engine.dotnet.naming import DotNet
from utils.engine.models.buying_power.parameters import (
    HasSufficientBuyingPowerForOrderParameters,
    HasSufficientBuyingPowerForOrderResult,
)


class SecurityPositionGroupModel(DotNet):
    """What an account's positions tie up, group by group.

    Option strategies will group several positions; all that asks for margin comes through here.
    """

    def __init__(self, securities: Any) -> None:
        self._securities = securities

    def quantity_changed(self, security: Any) -> None:
        """A position changed: groups of several securities would be made anew."""

    def exact_reserved_buying_power(self, portfolio: Any) -> Decimal:
        """What all positions tie up, in the account's currency."""
        used = ZERO
        for security in self._securities.active():
            if security.holdings.exact_quantity:
                used += portfolio.exact_reserved_buying_power(security)
        return used

    def has_sufficient_buying_power_for_orders(self, portfolio: Any, orders: list[Any]) -> Any:
        """Whether the account can carry these orders; the first that it cannot decides."""
        for order in orders:
            security = self._securities[order.symbol]
            terms = HasSufficientBuyingPowerForOrderParameters(portfolio, security, order)
            result = security.buying_power_model.has_sufficient_buying_power_for_order(terms)
            if not result.is_sufficient:
                return result
        return HasSufficientBuyingPowerForOrderResult(True)
