"""Questions about an order's status and type, as LEAN's extension methods."""

from __future__ import annotations

from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import OrderStatus, OrderType
from utils.engine.orders import status as statuses

_LIMITS = (OrderType.LIMIT, OrderType.STOP_LIMIT, OrderType.LIMIT_IF_TOUCHED)
_STOPS = (OrderType.STOP_MARKET, OrderType.STOP_LIMIT, OrderType.TRAILING_STOP)


class OrderExtensions(DotNet):
    """What a status or a type means."""

    @staticmethod
    def is_closed(status: OrderStatus) -> bool:
        """Whether nothing more will happen to an order."""
        return statuses.is_closed(status)

    @staticmethod
    def is_open(status: OrderStatus) -> bool:
        """Whether an order may still be filled."""
        return statuses.is_open(status)

    @staticmethod
    def is_fill(status: OrderStatus) -> bool:
        """Whether a status tells of units that changed hands."""
        return statuses.is_fill(status)

    @staticmethod
    def is_limit_order(order_type: OrderType) -> bool:
        """Whether orders of a type have a limit."""
        return order_type in _LIMITS

    @staticmethod
    def is_stop_order(order_type: OrderType) -> bool:
        """Whether orders of a type wait for a stop."""
        return order_type in _STOPS
