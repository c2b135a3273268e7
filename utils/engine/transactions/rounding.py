"""Quantities in lots, prices in ticks."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from utils.engine.dotnet.money import round_half_even, text
from utils.engine.enums import OrderType
from utils.engine.orders.order import Order

# Prices of an order that are prices of the security, by attribute, with LEAN's name of the field.
_NAMES = {
    "exact_limit_price": "LimitPrice",
    "exact_stop_price": "StopPrice",
    "exact_trigger_price": "TriggerPrice",
    "exact_trailing_amount": "TrailingAmount",
}


class OrderRounding:
    """Rounds orders as brokerages want them; warns once of each kind."""

    def __init__(self, warn: Callable[[str], None]) -> None:
        self._warn = warn
        self._warned_of_lots = self._warned_of_prices = False

    def quantity(self, order: Order, security: Any) -> None:
        """Cut the quantity toward zero to whole lots."""
        lot = security.symbol_properties.exact_lot_size
        rest = order.exact_quantity % lot
        if not rest:
            return
        order.exact_quantity -= rest
        if not self._warned_of_lots:
            self._warned_of_lots = True
            self._warn(
                "Warning: Due to brokerage limitations, orders will be rounded to the nearest lot size of "
                f"{text(lot)}"
            )

    def prices(self, order: Order, security: Any, legs: list[tuple[Order, Any]] | None) -> None:
        """Round prices to ticks; a combo's limit to the finest of its legs', once all are there."""
        for name in order.PRICES:
            if name == "exact_trailing_amount" and getattr(order, "trailing_as_percentage", False):
                continue
            price = getattr(order, name)
            rounded = self._rounded(price, security.minimum_price_variation(price), _NAMES[name])
            setattr(order, name, rounded)
        group = order.group_order_manager
        if order.type == OrderType.COMBO_LIMIT and legs and group is not None:
            ticks = [leg.minimum_price_variation(one.exact_price) for one, leg in legs]
            tick = min((tick for tick in ticks if tick > 0), default=Decimal(0))
            group.exact_limit_price = self._rounded(group.exact_limit_price, tick, "LimitPrice")

    def _rounded(self, price: Decimal, tick: Decimal, name: str) -> Decimal:
        if tick <= 0:
            return price
        rounded = round_half_even(price / tick) * tick
        if rounded != price and not self._warned_of_prices:
            self._warned_of_prices = True
            self._warn(
                f"Warning: To meet brokerage precision requirements, order {name} was rounded to "
                f"{text(rounded)} from {text(price)}"
            )
        return rounded
