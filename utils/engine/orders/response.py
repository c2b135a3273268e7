"""What became of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import OrderResponseErrorCode

if TYPE_CHECKING:
    from utils.engine.orders.order import Order
    from utils.engine.orders.requests import OrderRequest


class OrderResponse(DotNet):
    """Success, or why not."""

    UNPROCESSED: ClassVar[OrderResponse]

    order_id: int
    error_code: OrderResponseErrorCode
    error_message: str | None

    def __init__(self, order_id: int, error_code: OrderResponseErrorCode, error_message: str | None) -> None:
        self.order_id, self.error_code = order_id, error_code
        refused = error_code != OrderResponseErrorCode.NONE
        self.error_message = (error_message or "An unexpected error occurred.") if refused else None

    @property
    def is_processed(self) -> bool:
        """Whether the request was looked at."""
        return self is not OrderResponse.UNPROCESSED

    @property
    def is_error(self) -> bool:
        """Whether the request was refused."""
        return self.is_processed and self.error_code != OrderResponseErrorCode.NONE

    @property
    def is_success(self) -> bool:
        """Whether the request was taken."""
        return self.is_processed and self.error_code == OrderResponseErrorCode.NONE

    @staticmethod
    def success(request: OrderRequest) -> OrderResponse:
        """The request was taken."""
        return OrderResponse(request.order_id, OrderResponseErrorCode.NONE, None)

    @staticmethod
    def error(request: OrderRequest, code: OrderResponseErrorCode, message: str) -> OrderResponse:
        """The request was refused."""
        return OrderResponse(request.order_id, code, message)

    def __str__(self) -> str:
        if not self.is_processed:
            return "Unprocessed"
        return f"Error: {self.error_code} - {self.error_message}" if self.is_error else "Success"


OrderResponse.UNPROCESSED = OrderResponse(-(2**31), OrderResponseErrorCode.NONE, None)


def closed(request: OrderRequest, order: Order) -> OrderResponse:
    """The order is done with."""
    message = (
        f"Unable to update order with id {request.order_id} because it already has {order.status} status."
    )
    return OrderResponse.error(request, OrderResponseErrorCode.INVALID_ORDER_STATUS, message)


def not_yet_submitted(request: OrderRequest, order: Order) -> OrderResponse:
    """The order's own submission is still under way."""
    message = (
        f"Unable to update or cancel order with id {request.order_id} and status {order.status} "
        "because the submit confirmation has not been received yet."
    )
    return OrderResponse.error(request, OrderResponseErrorCode.INVALID_NEW_ORDER_STATUS, message)


def not_found(request: OrderRequest) -> OrderResponse:
    """There is no such order."""
    message = f"Unable to locate order with id {request.order_id}."
    return OrderResponse.error(request, OrderResponseErrorCode.UNABLE_TO_FIND_ORDER, message)


def zero_quantity(request: OrderRequest) -> OrderResponse:
    """Nothing is asked for."""
    kind = str(request.order_request_type).lower()
    message = f"Unable to {kind} order with id {request.order_id} that has zero quantity."
    return OrderResponse.error(request, OrderResponseErrorCode.ORDER_QUANTITY_ZERO, message)


def missing_security(request: OrderRequest) -> OrderResponse:
    """The algorithm has not asked for the security's data."""
    message = (
        f"You haven't requested {getattr(request, 'symbol', '')} data. "
        "Add this with add_security() in the initialize() method."
    )
    return OrderResponse.error(request, OrderResponseErrorCode.MISSING_SECURITY, message)


def warming_up(request: OrderRequest) -> OrderResponse:
    """No orders before the start date."""
    message = (
        "This operation is not allowed in initialize or during warm up: "
        f"OrderRequest.{str(request.order_request_type).lower()}. "
        "Please move this code to the on_warmup_finished() method."
    )
    return OrderResponse.error(request, OrderResponseErrorCode.ALGORITHM_WARMING_UP, message)
