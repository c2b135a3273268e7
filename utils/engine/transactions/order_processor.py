"""Carries requests about orders out, and passes on what comes of them."""

from __future__ import annotations

from collections import deque
from decimal import Decimal
from typing import Any

from utils.engine.clock import Clock
from utils.engine.dotnet.money import text
from utils.engine.enums import (
    OrderDirection,
    OrderRequestStatus,
    OrderResponseErrorCode,
    OrderStatus,
)
from utils.engine.orders import response as responses
from utils.engine.orders.group import group_orders
from utils.engine.orders.kinds import create_order
from utils.engine.orders.order import Order, OrderSubmissionData
from utils.engine.orders.requests import (
    CancelOrderRequest,
    OrderRequest,
    SubmitOrderRequest,
    UpdateOrderRequest,
)
from utils.engine.orders.response import OrderResponse
from utils.engine.orders.status import is_closed
from utils.engine.orders.ticket import OrderTicket, RequestTaker
from utils.engine.transactions.backtesting_brokerage import (
    BacktestingBrokerage,
    Legs,
    insufficient_buying_power,
)
from utils.engine.transactions.brokerage_notices import BrokerageNotices
from utils.engine.transactions.order_records import OrderRecords
from utils.engine.transactions.rounding import OrderRounding


class OrderProcessor:
    """Orders, tickets and events of a run.

    A request is carried out at once, and every one of them is followed by a scan of the market, as in LEAN's
    synchronous backtests; a cancellation waits for the next request or the end of the step.

    Attributes:
        records: orders, tickets and events.
        notices: what the brokerage does of itself.
    """

    def __init__(self, algorithm: Any, clock: Clock, transactions: RequestTaker) -> None:
        self._algorithm, self._clock, self._transactions = algorithm, clock, transactions
        self.records = OrderRecords(algorithm, clock)
        self._orders, self._tickets, self._open = (
            self.records.orders,
            self.records.tickets,
            self.records.open,
        )
        self.notices = BrokerageNotices(algorithm, clock, self.records, transactions)
        self.brokerage = BacktestingBrokerage(
            algorithm, clock, self.records.handle, self.notices.option_position_gone
        )
        self._rounding = OrderRounding(lambda message: algorithm.error(message))  # noqa: PLW0108 - made before `error` may be set
        self._waiting: deque[OrderRequest] = deque()

    # What tickets and the algorithm ask

    def process(self, request: OrderRequest) -> OrderTicket:
        """Take a request."""
        if isinstance(request, SubmitOrderRequest):
            return self._submit(request)
        if isinstance(request, UpdateOrderRequest):
            return self._update(request)
        assert isinstance(request, CancelOrderRequest)
        return self._cancel(request)

    def process_synchronous_events(self) -> None:
        """Carry out what waits, then scan the market."""
        if self._waiting:
            self._drain()
        self.brokerage.scan()

    def _wait(self, request: OrderRequest) -> None:
        self._waiting.append(request)
        self._clock.interrupted = True

    def _drain(self) -> None:
        while self._waiting:
            request = self._waiting.popleft()
            if isinstance(request, SubmitOrderRequest):
                answer = self._carry_out_submit(request)
            elif isinstance(request, UpdateOrderRequest):
                answer = self._carry_out_update(request)
            else:
                answer = self._carry_out_cancel(request)
            request.set_response(answer, OrderRequestStatus.PROCESSED)
            self.brokerage.scan()

    # Submit

    def _submit(self, request: SubmitOrderRequest) -> OrderTicket:
        warming = self._algorithm.is_warming_up
        answer = responses.warming_up(request) if warming else OrderResponse.success(request)
        if request.exact_quantity < 0 and not self._algorithm.shortable(
            request.symbol, request.exact_quantity
        ):
            message = self._too_short(request.symbol, request.exact_quantity)
            answer = OrderResponse.error(request, OrderResponseErrorCode.EXCEEDS_SHORTABLE_QUANTITY, message)
        request.set_response(answer)
        ticket = OrderTicket(self._transactions, request)
        order = create_order(request)
        order.status, order.id = OrderStatus.NEW, request.order_id
        if order.group_order_manager is not None:
            order.group_order_manager.order_ids.add(order.id)
        self._tickets[order.id] = ticket
        security = self._algorithm.securities[request.symbol]
        if answer.is_success:
            prices = (security.exact_bid_price, security.exact_ask_price, security.exact_close)
            order.order_submission_data = OrderSubmissionData(*prices)
            self._open[order.id] = order
            self._wait(request)
            self._drain()  # an asynchronous one too: in a backtest nobody else would
            return ticket
        order.price_currency = security.symbol_properties.quote_currency
        order.status = OrderStatus.INVALID
        is_warming = answer.error_code == OrderResponseErrorCode.ALGORITHM_WARMING_UP
        order.tag = "Algorithm warming up." if is_warming else (answer.error_message or "")
        ticket.set_order(order)
        self._orders[order.id] = order
        self.records.handle([self.records.event(order, order.tag)])
        return ticket

    def _carry_out_submit(self, request: SubmitOrderRequest) -> OrderResponse:
        order = self._open.get(request.order_id)
        if order is None or order.id in self._orders:
            code = OrderResponseErrorCode.ORDER_ALREADY_EXISTS
            return OrderResponse.error(request, code, f"Order {request.order_id} exists already")
        self._orders[order.id] = order
        security = self._algorithm.securities[order.symbol]
        order.price_currency = security.symbol_properties.quote_currency
        order.tag = order.tag or order.get_default_tag()
        self._rounding.quantity(order, security)
        orders = group_orders(order, self._orders.get)
        legs = self._legs(orders or [order])
        self._rounding.prices(order, security, list(legs.items()) if orders and legs else None)
        order.price_adjustment_mode = security.data_normalization_mode
        self._tickets[order.id].set_order(order)
        if orders is None:
            return OrderResponse.success(request)  # the other legs are still to come
        if any(not leg.exact_quantity for leg in orders):
            return self._refuse(orders, responses.zero_quantity(request))
        if legs is None:
            return self._refuse(orders, responses.missing_security(request))
        refusal = self._refusal_by_margin(request, orders, legs) or self._refusal_by_model(request, legs)
        if refusal is not None:
            return refusal
        if all(self.brokerage.place(leg) for leg in orders):
            return OrderResponse.success(request)
        ids = ",".join(str(leg.id) for leg in orders)
        message = f"Brokerage failed to place orders: [{ids}]"
        code = OrderResponseErrorCode.BROKERAGE_FAILED_TO_SUBMIT_ORDER
        return self._refuse(orders, OrderResponse.error(request, code, message))

    def _legs(self, orders: list[Order]) -> Legs | None:
        legs = {order: self._algorithm.securities.get(order.symbol) for order in orders}
        return None if any(security is None for security in legs.values()) else legs

    def _refuse(self, orders: list[Order], answer: OrderResponse) -> OrderResponse:
        message = answer.error_message or ""
        self._algorithm.error(message)
        self._invalidate(orders, message)
        return answer

    def _invalidate(self, orders: list[Order], message: str) -> None:
        for order in orders:
            if not is_closed(order.status):
                order.status = OrderStatus.INVALID
            self.records.handle([self.records.event(order, message)])

    def _refusal_by_margin(
        self, request: OrderRequest, orders: list[Order], legs: Legs | None
    ) -> OrderResponse | None:
        order = orders[0]
        try:
            result = self._algorithm.portfolio.has_sufficient_buying_power_for_order(orders)
        except Exception as error:  # noqa: BLE001 - a user's model may do anything; LEAN reports and goes on
            self._algorithm.report_model_error(error)
            self._algorithm.error(f"Order Error: id: {order.id}, Error executing margin models: {error}")
            self.records.handle([self.records.event(order, "Error executing margin models")])
            message = "An error occurred while checking sufficient buying power for the orders."
            return OrderResponse.error(request, OrderResponseErrorCode.PROCESSING_ERROR, message)
        if result.is_sufficient:
            return None
        if legs is not None:
            message = insufficient_buying_power(legs, result)
            self._algorithm.error(message)
            self._invalidate(orders, message)
            code = OrderResponseErrorCode.INSUFFICIENT_BUYING_POWER
            return OrderResponse.error(request, code, message)
        message = (
            f"Brokerage failed to update order with id: {order.id}, Symbol: {order.symbol.value}, "
            f"Insufficient buying power to complete order, Reason: {result.reason}."
        )
        self._algorithm.error(message)
        self.records.handle([self.records.event(order, message)])
        code = OrderResponseErrorCode.BROKERAGE_FAILED_TO_UPDATE_ORDER
        return OrderResponse.error(request, code, message)

    def _refusal_by_model(self, request: OrderRequest, legs: Legs) -> OrderResponse | None:
        model = self._algorithm.brokerage_model
        for order, security in legs.items():
            allowed, why = _verdict(model.can_submit_order(security, order, None))
            if not allowed:
                ids = ",".join(str(leg.id) for leg in legs)
                reason = why if why is not None else "Warning - Code: InvalidOrder"
                message = f"BrokerageModel declared unable to submit order: [{ids}] {reason}"
                code = OrderResponseErrorCode.BROKERAGE_MODEL_REFUSED_TO_SUBMIT_ORDER
                self._invalidate(list(legs), message)
                self._algorithm.error(message)
                return OrderResponse.error(request, code, message)
        return None

    def _too_short(self, symbol: Any, quantity: Decimal) -> str:
        available = self._algorithm.shortable_quantity(symbol)
        return (
            f"Order exceeds shortable quantity {text(Decimal(str(available)))} for Symbol {symbol} "
            f"requested {text(quantity)})"
        )

    # Update

    def _update(self, request: UpdateOrderRequest) -> OrderTicket:
        order, ticket = self._open.get(request.order_id), self._tickets.get(request.order_id)
        order = order or self._orders.get(request.order_id)
        if order is None or ticket is None:
            return OrderTicket.of_unknown_order(self._transactions, request, None)
        ticket.add_update_request(request)
        quantity = request.exact_quantity if request.exact_quantity is not None else ticket.exact_quantity
        selling = order.direction == OrderDirection.SELL or quantity < 0
        if order.status == OrderStatus.NEW:
            request.set_response(responses.not_yet_submitted(request, order))
        elif is_closed(order.status) and not request.changes_tag_only:
            request.set_response(responses.closed(request, order))
        elif request.exact_quantity is not None and not request.exact_quantity:
            request.set_response(responses.zero_quantity(request))
        elif self._algorithm.is_warming_up:
            request.set_response(responses.warming_up(request))
        elif selling and not self._algorithm.shortable(ticket.symbol, quantity, order.id):
            message = self._too_short(ticket.symbol, ticket.exact_quantity)
            code = OrderResponseErrorCode.EXCEEDS_SHORTABLE_QUANTITY
            request.set_response(OrderResponse.error(request, code, message))
        else:
            request.set_response(OrderResponse.success(request), OrderRequestStatus.PROCESSING)
            self._wait(request)
        return ticket

    def _carry_out_update(self, request: UpdateOrderRequest) -> OrderResponse:
        order, ticket = self._orders.get(request.order_id), self._tickets.get(request.order_id)
        if order is None or ticket is None:
            return responses.not_found(request)
        if order.status == OrderStatus.NEW:
            return responses.not_yet_submitted(request, order)
        closed = is_closed(order.status)
        if closed and not request.changes_tag_only:
            return responses.closed(request, order)
        security = self._algorithm.securities[order.symbol]
        self._rounding.quantity(order, security)
        allowed, why = _verdict(
            self._algorithm.brokerage_model.can_update_order(security, order, request, None)
        )
        if not allowed:
            reason = why or f"BrokerageModel declared unable to update order: {order.id}"
            message = f"OrderID: {order.id} {reason}"
            self._algorithm.error(message)
            self.records.handle([self.records.event(order, "BrokerageModel declared unable to update order")])
            code = OrderResponseErrorCode.BROKERAGE_MODEL_REFUSED_TO_UPDATE_ORDER
            return OrderResponse.error(request, code, message)
        if order.group_order_manager is None:
            changed = order.clone()
            changed.apply_update_order_request(request)
            refusal = self._refusal_by_margin(request, [changed], None)
            if refusal is not None:
                return refusal
        order.apply_update_order_request(request)
        legs = self._legs(group_orders(order, self._orders.get) or [order])
        self._rounding.prices(order, security, list(legs.items()) if legs else None)
        ticket.set_order(order)
        if closed or self.brokerage.update(order):
            return OrderResponse.success(request)
        message = f"Brokerage failed to update order with id {request.order_id}"
        self._algorithm.error(message)
        self.records.handle([self.records.event(order, "Brokerage failed to update order")])
        return OrderResponse.error(request, OrderResponseErrorCode.BROKERAGE_FAILED_TO_UPDATE_ORDER, message)

    # Cancel

    def _cancel(self, request: CancelOrderRequest) -> OrderTicket:
        order, ticket = self._open.get(request.order_id), self._tickets.get(request.order_id)
        order = order or self._orders.get(request.order_id)
        if order is None or ticket is None:
            return OrderTicket.of_unknown_order(self._transactions, request, None)
        if not ticket.try_set_cancel_request(request):
            code = OrderResponseErrorCode.INVALID_REQUEST
            message = "Cancellation is already in progress."
            request.set_response(OrderResponse.error(request, code, message))
            return ticket
        if request.tag is not None:
            order.tag = request.tag
        if order.status == OrderStatus.NEW:
            request.set_response(responses.not_yet_submitted(request, order))
        elif is_closed(order.status):
            request.set_response(responses.closed(request, order))
        elif self._algorithm.is_warming_up:
            request.set_response(responses.warming_up(request))
        else:
            self.records.status_before_cancel[order.id] = order.status
            order.status = OrderStatus.CANCEL_PENDING
            self.records.handle([self.records.event(order)])
            request.set_response(OrderResponse.success(request), OrderRequestStatus.PROCESSING)
            self._wait(request)
        return ticket

    def _carry_out_cancel(self, request: OrderRequest) -> OrderResponse:
        order, ticket = self._orders.get(request.order_id), self._tickets.get(request.order_id)
        if order is None or ticket is None:
            return responses.not_found(request)
        if order.status == OrderStatus.NEW:
            self._fall_back(order)
            return responses.not_yet_submitted(request, order)
        if is_closed(order.status):
            self._fall_back(order)
            return responses.closed(request, order)
        if not self.brokerage.cancel(order):
            message = f"Brokerage failed to cancel order with id {order.id}"
            self._algorithm.error(message)
            self._fall_back(order)
            code = OrderResponseErrorCode.BROKERAGE_FAILED_TO_CANCEL_ORDER
            return OrderResponse.error(request, code, message)
        if request.tag is not None:
            order.tag = request.tag
        return OrderResponse.success(request)

    def _fall_back(self, order: Order) -> None:
        """A cancellation failed: the order is what it was before."""
        before = self.records.status_before_cancel.pop(order.id, None)
        if before is not None and order.status == OrderStatus.CANCEL_PENDING:
            order.status = before


def _verdict(answer: Any) -> tuple[bool, Any]:
    """A brokerage model's answer: alone, or with its message."""
    if isinstance(answer, tuple):
        return bool(answer[0]), answer[1] if len(answer) > 1 else None
    return bool(answer), None
