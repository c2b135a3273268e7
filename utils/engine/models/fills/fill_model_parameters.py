"""What a fill model is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from utils.engine.dotnet.generic import Dictionary
from utils.engine.dotnet.naming import DotNet
from utils.engine.orders.order import Order


def _nobody(_order: Order) -> None:
    """Nobody wants to hear of an order's change."""


class FillModelParameters(DotNet):
    """An order with its security, and those of its group."""

    security: Any
    order: Order
    config_provider: Any
    stale_price_time_span: timedelta
    securities_for_orders: Dictionary
    on_order_updated: Callable[[Order], None]

    def __init__(
        self,
        security: Any,
        order: Order,
        config_provider: Any,
        stale_price_time_span: timedelta,
        securities_for_orders: Mapping[Order, Any] | Dictionary,
        on_order_updated: Callable[[Order], None] | None = None,
    ) -> None:
        self.security, self.order = security, order
        self.config_provider = config_provider
        self.stale_price_time_span = stale_price_time_span
        self.securities_for_orders = Dictionary(securities_for_orders)
        self.on_order_updated = on_order_updated or _nobody
