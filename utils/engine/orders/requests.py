"""What an algorithm asks about an order: submit, update, cancel."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from utils.engine.dotnet.money import ZERO, exact
from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.surface import optional_float_of, read_only_float_of
from utils.engine.enums import OrderRequestStatus, OrderRequestType, OrderResponseErrorCode, OrderType
from utils.engine.orders.group import GroupOrderManager
from utils.engine.orders.properties import OrderProperties
from utils.engine.orders.response import OrderResponse
from utils.engine.securities.as_symbol import as_symbol


class OrderRequest(DotNet):
    """A request, its time in UTC, and its answer."""

    ORDER_REQUEST_TYPE: OrderRequestType

    time: datetime
    order_id: int
    tag: Any
    status: OrderRequestStatus
    response: OrderResponse

    def __init__(self, time: datetime, order_id: int, tag: str | None) -> None:
        self.time, self.order_id, self.tag = time, order_id, tag
        self.status, self.response = OrderRequestStatus.UNPROCESSED, OrderResponse.UNPROCESSED

    @property
    def order_request_type(self) -> OrderRequestType:
        """What is asked."""
        return self.ORDER_REQUEST_TYPE

    def set_response(
        self, response: OrderResponse, status: OrderRequestStatus = OrderRequestStatus.ERROR
    ) -> None:
        """Record the answer; an error's status is `ERROR`."""
        self.status = OrderRequestStatus.ERROR if response.is_error else status
        self.response = response


class SubmitOrderRequest(OrderRequest):
    """A new order."""

    ORDER_REQUEST_TYPE = OrderRequestType.SUBMIT

    order_type: OrderType
    symbol: Any
    trailing_as_percentage: bool
    order_properties: OrderProperties | None
    group_order_manager: GroupOrderManager | None
    asynchronous: bool

    quantity = read_only_float_of("exact_quantity")
    limit_price = read_only_float_of("exact_limit_price")
    stop_price = read_only_float_of("exact_stop_price")
    trigger_price = read_only_float_of("exact_trigger_price")
    trailing_amount = read_only_float_of("exact_trailing_amount")

    def __init__(
        self, order_type: OrderType, security_type: Any, symbol: Any, quantity: Any, *terms: Any, **named: Any
    ) -> None:
        """As LEAN's: stop, limit, then if wanted trigger, then if wanted trailing amount and whether it is a
        percentage; time, tag, and if wanted properties, group and whether it is asynchronous.
        """
        at = next(place for place, term in enumerate(terms) if isinstance(term, datetime))
        prices, rest = list(terms[:at]), [*terms[at:], *[None] * 3]
        given: list[Any] = [*prices, *[ZERO] * (5 - len(prices))]
        stop, limit, trigger, trailing, as_percentage = given
        super().__init__(rest[0], int(OrderResponseErrorCode.UNABLE_TO_FIND_ORDER), rest[1] or "")
        self.order_type, self.symbol = order_type, as_symbol(symbol)
        self.exact_quantity = exact(quantity)
        self.exact_stop_price, self.exact_limit_price = exact(stop), exact(limit)
        self.exact_trigger_price, self.exact_trailing_amount = exact(trigger), exact(trailing)
        self.trailing_as_percentage = bool(as_percentage)
        self.order_properties = named.get("properties", rest[2])
        self.group_order_manager = named.get("group_order_manager", rest[3])
        self.asynchronous = bool(named.get("asynchronous", rest[4] if len(rest) > 4 else False))

    @classmethod
    def of(
        cls,
        order_type: OrderType,
        symbol: Any,
        quantity: Decimal,
        time: datetime,
        tag: str = "",
        properties: OrderProperties | None = None,
        *,
        stop_price: Decimal = ZERO,
        limit_price: Decimal = ZERO,
        trigger_price: Decimal = ZERO,
        trailing_amount: Decimal = ZERO,
        trailing_as_percentage: bool = False,
        group_order_manager: GroupOrderManager | None = None,
        asynchronous: bool = False,
    ) -> SubmitOrderRequest:
        """A request by names."""
        prices = (stop_price, limit_price, trigger_price, trailing_amount, trailing_as_percentage)
        terms = (time, tag, properties, group_order_manager, asynchronous)
        return cls(order_type, symbol.security_type, symbol, quantity, *prices, *terms)

    @property
    def security_type(self) -> Any:
        """Kind of the security."""
        return self.symbol.security_type


class UpdateOrderFields(DotNet):
    """What an update changes; None leaves a field as it is."""

    quantity: float | None
    limit_price: float | None
    stop_price: float | None
    trigger_price: float | None
    trailing_amount: float | None
    tag: str | None

    def __init__(self) -> None:
        self.quantity = self.limit_price = self.stop_price = None
        self.trigger_price = self.trailing_amount = self.tag = None


class UpdateOrderRequest(OrderRequest):
    """A change of an open order; of a closed one the tag only."""

    ORDER_REQUEST_TYPE = OrderRequestType.UPDATE

    quantity = optional_float_of("exact_quantity")
    limit_price = optional_float_of("exact_limit_price")
    stop_price = optional_float_of("exact_stop_price")
    trigger_price = optional_float_of("exact_trigger_price")
    trailing_amount = optional_float_of("exact_trailing_amount")

    def __init__(self, time: datetime, order_id: int, fields: UpdateOrderFields) -> None:
        super().__init__(time, order_id, fields.tag)
        self.exact_quantity: Decimal | None = None
        self.exact_limit_price: Decimal | None = None
        self.exact_stop_price: Decimal | None = None
        self.exact_trigger_price: Decimal | None = None
        self.exact_trailing_amount: Decimal | None = None
        for name in ("quantity", "limit_price", "stop_price", "trigger_price", "trailing_amount"):
            setattr(self, name, getattr(fields, name))

    @property
    def changes_tag_only(self) -> bool:
        """Whether a closed order would take it."""
        return (
            self.exact_quantity is None
            and self.exact_limit_price is None
            and self.exact_stop_price is None
            and self.exact_trigger_price is None
            and self.exact_trailing_amount is None
        )


class CancelOrderRequest(OrderRequest):
    """Take an open order back."""

    ORDER_REQUEST_TYPE = OrderRequestType.CANCEL
