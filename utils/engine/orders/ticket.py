"""An algorithm's handle on an order."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from utils.engine.dotnet.money import ZERO
from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.surface import read_only_float_of
from utils.engine.enums import (
    OrderField,
    OrderRequestStatus,
    OrderResponseErrorCode,
    OrderStatus,
    OrderType,
)
from utils.engine.errors import AlgorithmError
from utils.engine.orders.order import Order
from utils.engine.orders.order_event import OrderEvent
from utils.engine.orders.requests import (
    CancelOrderRequest,
    OrderRequest,
    SubmitOrderRequest,
    UpdateOrderFields,
    UpdateOrderRequest,
)
from utils.engine.orders.response import OrderResponse, not_found
from utils.engine.orders.status import is_closed, is_fill


class RequestTaker(Protocol):
    """What a ticket passes its requests on to."""

    @property
    def utc_time(self) -> datetime:
        """Now, in UTC."""

    def process_request(self, request: OrderRequest) -> OrderTicket:
        """Carry a request out."""


class OrderTicket(DotNet):
    """Follows one order, and asks for changes to it."""

    average_fill_price = read_only_float_of("exact_average_fill_price")
    quantity_filled = read_only_float_of("exact_quantity_filled")
    quantity = read_only_float_of("exact_quantity")
    quantity_remaining = read_only_float_of("exact_quantity_remaining")

    def __init__(self, transactions: RequestTaker, submit_request: SubmitOrderRequest) -> None:
        self._transactions = transactions
        self._submit_request = submit_request
        self._order: Order | None = None
        self._status_override: OrderStatus | None = None
        self._cancel_request: CancelOrderRequest | None = None
        self._update_requests: list[UpdateOrderRequest] = []
        self._events: list[OrderEvent] = []
        self.exact_average_fill_price = self.exact_quantity_filled = ZERO

    @property
    def order_id(self) -> int:
        """Number of the order, from 1; negative when the order was refused at once."""
        return self._submit_request.order_id

    @property
    def status(self) -> OrderStatus:
        """State of the order."""
        if self._status_override is not None:
            return self._status_override
        return OrderStatus.NEW if self._order is None else self._order.status

    @property
    def symbol(self) -> Any:
        """What is traded."""
        return self._submit_request.symbol

    @property
    def security_type(self) -> Any:
        """Kind of the security."""
        return self._submit_request.security_type

    @property
    def order_type(self) -> OrderType:
        """Kind of the order."""
        return self._submit_request.order_type

    @property
    def exact_quantity(self) -> Decimal:
        """Signed quantity of the order as it stands."""
        return self._submit_request.exact_quantity if self._order is None else self._order.exact_quantity

    @property
    def exact_quantity_remaining(self) -> Decimal:
        """Signed quantity not filled yet."""
        return self.exact_quantity - self.exact_quantity_filled

    @property
    def tag(self) -> str | None:
        """The order's tag."""
        return self._submit_request.tag if self._order is None else self._order.tag

    @property
    def time(self) -> datetime:
        """UTC time of the latest request."""
        return self.get_most_recent_order_request().time

    @property
    def submit_request(self) -> SubmitOrderRequest:
        """The request that made the order."""
        return self._submit_request

    @property
    def update_requests(self) -> list[UpdateOrderRequest]:
        """Updates asked for so far."""
        return list(self._update_requests)

    @property
    def cancel_request(self) -> CancelOrderRequest | None:
        """The request to cancel, if any."""
        return self._cancel_request

    @property
    def order_events(self) -> list[OrderEvent]:
        """What happened to the order so far."""
        return list(self._events)

    @property
    def has_order(self) -> bool:
        """Whether the order was taken up."""
        return self._order is not None

    @property
    def order_closed(self) -> ClosedEvent:
        """LEAN's wait handle: `wait_one` tells whether the order is closed."""
        return ClosedEvent(self)

    def get(self, field: OrderField) -> Any:
        """One of the order's own prices.

        Raises:
            AlgorithmError: the kind of order has no such field.
        """
        name = field.name.lower()
        holder: Any = self._order if self._order is not None else self._submit_request
        if field == OrderField.LIMIT_PRICE and self.order_type == OrderType.COMBO_LIMIT:
            holder = self._submit_request.group_order_manager
        own = self._order.PRICES if self._order is not None else ("exact_" + name,)
        group_limit = field == OrderField.LIMIT_PRICE and self.order_type == OrderType.COMBO_LIMIT
        trailing = field == OrderField.TRAILING_AS_PERCENTAGE and self.order_type == OrderType.TRAILING_STOP
        if not (group_limit or trailing or "exact_" + name in own):
            raise AlgorithmError(f"Unable to get field {field} on order of type {self.order_type}")
        return getattr(holder, name)

    def update(self, fields: UpdateOrderFields) -> OrderResponse:
        """Ask for a change."""
        request = UpdateOrderRequest(self._transactions.utc_time, self.order_id, fields)
        ticket = self._transactions.process_request(request)
        return ticket.update_requests[-1].response

    def _update_one(self, field: str, value: float, tag: str | None) -> OrderResponse:
        fields = UpdateOrderFields()
        setattr(fields, field, value)
        fields.tag = tag
        return self.update(fields)

    def update_tag(self, tag: str) -> OrderResponse:
        """Ask for another tag."""
        fields = UpdateOrderFields()
        fields.tag = tag
        return self.update(fields)

    def update_quantity(self, quantity: float, tag: str | None = None) -> OrderResponse:
        """Ask for another quantity, signed."""
        return self._update_one("quantity", quantity, tag)

    def update_limit_price(self, limit_price: float, tag: str | None = None) -> OrderResponse:
        """Ask for another limit."""
        return self._update_one("limit_price", limit_price, tag)

    def update_stop_price(self, stop_price: float, tag: str | None = None) -> OrderResponse:
        """Ask for another stop."""
        return self._update_one("stop_price", stop_price, tag)

    def update_trigger_price(self, trigger_price: float, tag: str | None = None) -> OrderResponse:
        """Ask for another trigger."""
        return self._update_one("trigger_price", trigger_price, tag)

    def update_stop_trailing_amount(self, trailing_amount: float, tag: str | None = None) -> OrderResponse:
        """Ask for another trailing distance."""
        return self._update_one("trailing_amount", trailing_amount, tag)

    def cancel(self, tag: str | None = None) -> OrderResponse:
        """Ask to take the order back."""
        request = CancelOrderRequest(self._transactions.utc_time, self.order_id, tag)
        if self._cancel_request is not None and self._cancel_request.status != OrderRequestStatus.ERROR:
            message = f"Order {self.order_id} has already received a cancellation request."
            return OrderResponse.error(request, OrderResponseErrorCode.REQUEST_CANCELED, message)
        ticket = self._transactions.process_request(request)
        answered = ticket.cancel_request
        return answered.response if answered is not None else request.response

    def get_most_recent_order_request(self) -> OrderRequest:
        """The latest request about the order."""
        if self._cancel_request is not None:
            return self._cancel_request
        return self._update_requests[-1] if self._update_requests else self._submit_request

    def get_most_recent_order_response(self) -> OrderResponse:
        """The answer to the latest request."""
        return self.get_most_recent_order_request().response

    # What follows is the transaction side's.

    def set_order(self, order: Order) -> None:
        """Follow this order from now on."""
        self._order = order

    def add_order_event(self, event: OrderEvent) -> None:
        """Record an event; fills move the average price."""
        self._events.append(event)
        if self.order_type == OrderType.OPTION_EXERCISE:
            self._take_exercise(event)
        elif event.exact_fill_quantity and self._order is not None:
            filled = self.exact_quantity_filled + event.exact_fill_quantity
            paid = ZERO
            for seen in self._events:
                if is_fill(seen.status):
                    paid += abs(seen.exact_fill_quantity) * seen.exact_fill_price
            average = paid / abs(filled)
            self._order.exact_price = average
            self.exact_average_fill_price, self.exact_quantity_filled = average, filled

    def _take_exercise(self, event: OrderEvent) -> None:
        """In the money an exercise is filled at the strike, for what was delivered."""
        if not (event.exact_fill_quantity and event.is_in_the_money and self._order is not None):
            return
        self._order.exact_price = self.symbol.id.exact_strike_price
        if event.exact_fill_price:
            self.exact_quantity_filled += event.exact_fill_quantity
            self.exact_average_fill_price = self._order.exact_price

    def add_update_request(self, request: UpdateOrderRequest) -> None:
        """Record an update asked for."""
        self._update_requests.append(request)

    def try_set_cancel_request(self, request: CancelOrderRequest) -> bool:
        """Record a request to cancel, unless one is under way."""
        if self._cancel_request is not None and self._cancel_request.status != OrderRequestStatus.ERROR:
            return False
        self._cancel_request = request
        return True

    @staticmethod
    def of_unknown_order(transactions: RequestTaker, request: OrderRequest, symbol: Any) -> OrderTicket:
        """The answer to a request about an order that does not exist."""
        from utils.engine.identity.symbol import Symbol

        submit = SubmitOrderRequest.of(
            OrderType.MARKET, symbol or Symbol.empty, ZERO, datetime.max, request.tag or ""
        )
        submit.set_response(not_found(request))
        submit.order_id = request.order_id
        ticket = OrderTicket(transactions, submit)
        request.set_response(not_found(request))
        if isinstance(request, CancelOrderRequest):
            ticket.try_set_cancel_request(request)
        elif isinstance(request, UpdateOrderRequest):
            ticket.add_update_request(request)
        ticket._status_override = OrderStatus.INVALID
        return ticket

    @staticmethod
    def refused(
        transactions: RequestTaker, request: SubmitOrderRequest, response: OrderResponse
    ) -> OrderTicket:
        """The answer to an order refused before it was made."""
        request.set_response(response)
        ticket = OrderTicket(transactions, request)
        ticket._status_override = OrderStatus.INVALID
        return ticket

    def __int__(self) -> int:
        return self.order_id

    def __str__(self) -> str:
        requests = 1 + len(self._update_requests) + (self._cancel_request is not None)
        answered = [self._submit_request, *self._update_requests]
        responses = sum(r.response.is_processed for r in answered)
        responses += self._cancel_request is not None and self._cancel_request.response.is_processed
        counts = f"Request Count: {requests} Response Count: {responses}"
        order = f"{self._order} " if self._order is not None else ""
        return f"{self.order_id}: {order}{counts}"


class ClosedEvent(DotNet):
    """Whether an order is closed; in a backtest nothing happens while one waits."""

    def __init__(self, ticket: OrderTicket) -> None:
        self._ticket = ticket

    def wait_one(self, *_timeout: Any) -> bool:
        """Whether the order is closed."""
        return is_closed(self._ticket.status)
