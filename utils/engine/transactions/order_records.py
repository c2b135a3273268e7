"""The orders of a run, their tickets and events."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Protocol

from utils.engine.clock import Clock
from utils.engine.dotnet.money import ZERO
from utils.engine.enums import OrderDirection, OrderStatus, SecurityType
from utils.engine.models.fees.order_fee import OrderFee
from utils.engine.orders.order import Order
from utils.engine.orders.order_event import OrderEvent
from utils.engine.orders.status import is_closed, is_fill
from utils.engine.orders.ticket import OrderTicket


class OrderListener(Protocol):
    """Who hears of order events."""

    def __call__(self, event: OrderEvent) -> None:
        """One event, after the account took it in."""


class OrderRecords:
    """Keeps orders, and passes events on: to the account, the ticket, the run.

    Attributes:
        orders: all orders by id.
        tickets: their tickets by id.
        open: orders that are not closed by id, those too that no brokerage has yet.
        status_before_cancel: of orders whose cancellation is asked for.
        events: all order events, in order.
        on_event: set by the run: records events, calls the algorithm.
        on_fill: set by the run: builds trades.
    """

    def __init__(self, algorithm: Any, clock: Clock) -> None:
        self._algorithm, self._clock = algorithm, clock
        self.orders: dict[int, Order] = {}
        self.tickets: dict[int, OrderTicket] = {}
        self.open: dict[int, Order] = {}
        self.status_before_cancel: dict[int, OrderStatus] = {}
        self.events: list[OrderEvent] = []
        self.on_event: OrderListener = lambda _event: None
        self.on_fill: Callable[[OrderEvent, Any], None] = lambda _event, _security: None
        self._fees_in_base_told = False

    def open_orders(self) -> list[Order]:
        """Orders that are not closed."""
        return [self.open[number] for number in sorted(self.open)]

    def open_tickets(self) -> list[OrderTicket]:
        """Tickets of orders that are not closed."""
        return [self.tickets[number] for number in sorted(self.open)]

    def projected_quantity(self, security: Any) -> Decimal:
        """What is held when all open orders are filled."""
        waiting = sum(
            (t.exact_quantity_remaining for t in self.open_tickets() if t.symbol == security.symbol), ZERO
        )
        held: Decimal = security.holdings.exact_quantity
        return held + waiting

    def event(self, order: Order, message: str = "") -> OrderEvent:
        """An event of an order as it is now."""
        return OrderEvent(order, self._clock.utc, OrderFee.ZERO, message)

    def handle(self, events: list[OrderEvent]) -> None:
        """Take in what happened to orders."""
        fills = []
        for event in events:
            order = self.orders.get(event.order_id) or self.open[event.order_id]
            if is_closed(event.status):
                self.open.pop(event.order_id, None)
                self.orders[event.order_id] = order
            event.ticket = self.tickets[event.order_id]
            self._record(order, event)
            if is_fill(event.status):
                self._take_fee_in_base_currency(order, event)
                fills.append(event)
        self._algorithm.portfolio.process_fills(fills)
        for event in events:
            if is_fill(event.status):
                self.on_fill(event, self._algorithm.securities[event.symbol])
            assert event.ticket is not None
            event.ticket.add_order_event(event)
        for event in events:
            if event.status != OrderStatus.NONE:
                self.events.append(event)
                self.on_event(event)

    def _record(self, order: Order, event: OrderEvent) -> None:
        if is_closed(event.status):
            self.status_before_cancel.pop(order.id, None)
        done = order.status in (OrderStatus.FILLED, OrderStatus.CANCELED)
        if not (done and event.status == OrderStatus.INVALID):
            order.status = event.status
        event.id = order.next_event_id()
        if event.status == OrderStatus.CANCELED:
            order.canceled_time = event.utc_time
        elif is_fill(event.status):
            order.last_fill_time = event.utc_time
        elif event.ticket is not None and event.ticket.update_requests and _is_confirmation(event.status):
            order.last_update_time = event.utc_time
        event.exact_quantity = order.exact_quantity
        for name in order.PRICES:
            setattr(event, name, getattr(order, name))

    def _take_fee_in_base_currency(self, order: Order, event: OrderEvent) -> None:
        """A fee taken in the coin that was bought makes the position smaller."""
        if event.symbol.security_type != SecurityType.CRYPTO or order.direction != OrderDirection.BUY:
            return
        security = self._algorithm.securities[event.symbol]
        if event.order_fee.value.currency != security.base_currency.symbol:
            return
        from utils.engine.models.fees.modified_fill_quantity_order_fee import ModifiedFillQuantityOrderFee

        event.exact_fill_quantity -= event.order_fee.value.exact_amount
        multiplier = security.symbol_properties.exact_contract_multiplier
        quote = security.quote_currency.symbol
        event.order_fee = ModifiedFillQuantityOrderFee(event.order_fee.value, quote, multiplier)
        if not self._fees_in_base_told:
            self._fees_in_base_told = True
            self._algorithm.debug(
                "When buying currency pairs, using Cash account types, fees in base currency "
                "will be deducted "
                "from the filled quantity so virtual positions reflect actual holdings."
            )


def _is_confirmation(status: OrderStatus) -> bool:
    return status in (OrderStatus.SUBMITTED, OrderStatus.UPDATE_SUBMITTED)
