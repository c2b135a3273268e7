"""`self.transactions`: an algorithm's view of its orders."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from utils.engine.clock import Clock
from utils.engine.dotnet.key_value_pair import CallableList
from utils.engine.dotnet.money import ZERO
from utils.engine.dotnet.naming import DotNet
from utils.engine.errors import AlgorithmError
from utils.engine.orders.order import Order
from utils.engine.orders.requests import (
    CancelOrderRequest,
    OrderRequest,
    SubmitOrderRequest,
    UpdateOrderRequest,
)
from utils.engine.orders.response import warming_up
from utils.engine.orders.ticket import OrderTicket
from utils.engine.securities.as_symbol import as_symbol
from utils.engine.transactions.order_processor import OrderProcessor

Filter = Callable[[Any], bool] | Any  # a function, a symbol or None


class SecurityTransactionManager(DotNet):  # LEAN's name
    """Orders and tickets of a run, and the record of its round trips."""

    market_order_fill_timeout: timedelta

    def __init__(self, algorithm: Any, clock: Clock) -> None:
        self._algorithm, self._clock = algorithm, clock
        self._last_order_id = self._last_group_id = 0
        self._record: dict[datetime, tuple[Decimal, bool]] = {}
        self.market_order_fill_timeout = timedelta(0)
        self.processor = OrderProcessor(algorithm, clock, self)

    @property
    def utc_time(self) -> datetime:
        """Now, in UTC."""
        return self._clock.utc

    @property
    def last_order_id(self) -> int:
        """Number of the latest order."""
        return self._last_order_id

    @property
    def orders_count(self) -> int:
        """Number of orders so far."""
        return len(self.processor.records.tickets)

    def get_increment_order_id(self) -> int:
        """Number of the next order."""
        self._last_order_id += 1
        return self._last_order_id

    def get_increment_group_order_manager_id(self) -> int:
        """Number of the next combo."""
        self._last_group_id += 1
        return self._last_group_id

    def set_order_id(self, request: SubmitOrderRequest) -> None:
        """Number a new order, unless it has one."""
        if request.order_id < 1:
            request.order_id = self.get_increment_order_id()

    def process_request(self, request: OrderRequest) -> OrderTicket:
        """Carry a request out.

        Raises:
            AlgorithmError: the algorithm is warming up.
        """
        if self._algorithm.is_warming_up:
            raise AlgorithmError(str(warming_up(request)))
        if isinstance(request, SubmitOrderRequest):
            self.set_order_id(request)
        return self.processor.process(request)

    def add_order(self, request: SubmitOrderRequest) -> OrderTicket:
        """Send an order."""
        return self.process_request(request)

    def update_order(self, request: UpdateOrderRequest) -> OrderTicket:
        """Change an order."""
        return self.process_request(request)

    def cancel_order(self, order_id: int, order_tag: str | None = None) -> OrderTicket:
        """Take an order back."""
        return self.process_request(CancelOrderRequest(self._clock.utc, order_id, order_tag or ""))

    def remove_order(self, order_id: int, tag: str | None = None) -> OrderTicket:
        """Take an order back."""
        return self.cancel_order(order_id, tag)

    def cancel_open_orders(self, symbol: Any = None, tag: str | None = None) -> list[OrderTicket]:
        """Take all open orders back, or those of one symbol."""
        if self._algorithm.is_warming_up:
            raise AlgorithmError(
                "This operation is not allowed in Initialize or during warm up: CancelOpenOrders. "
                "Please move this code to the OnWarmupFinished() method."
            )
        tickets = self.get_open_order_tickets(symbol)
        everything = f"Canceled by CancelOpenOrders() at {self._clock.utc:%Y-%m-%dT%H:%M:%S.%f}0Z"
        for ticket in tickets:
            ticket.cancel(everything if symbol is None else tag)
        return tickets

    def _accepts(self, wanted: Filter) -> Callable[[Any], bool]:
        if wanted is None:
            return lambda _item: True
        if callable(wanted):
            accepts: Callable[[Any], bool] = wanted
            return accepts
        symbol = as_symbol(wanted)
        return lambda item: bool(item.symbol == symbol)

    def get_order_tickets(self, filter: Filter = None) -> CallableList[OrderTicket]:  # noqa: A002 - LEAN's name
        """Tickets a function or a symbol picks."""
        accepts = self._accepts(filter)
        return CallableList(ticket for ticket in self._tickets() if accepts(ticket))

    def _tickets(self) -> Iterable[OrderTicket]:
        return (self.processor.records.tickets[number] for number in sorted(self.processor.records.tickets))

    def get_open_order_tickets(self, filter: Filter = None) -> CallableList[OrderTicket]:  # noqa: A002 - LEAN's name
        """Tickets of open orders a function or a symbol picks."""
        accepts = self._accepts(filter)
        return CallableList(ticket for ticket in self.processor.records.open_tickets() if accepts(ticket))

    def get_order_ticket(self, order_id: int) -> OrderTicket | None:
        """Ticket of an order."""
        return self.processor.records.tickets.get(order_id)

    def get_open_orders(self, filter: Filter = None) -> CallableList[Order]:  # noqa: A002 - LEAN's name
        """Copies of open orders a function or a symbol picks."""
        accepts = self._accepts(filter)
        return CallableList(order.clone() for order in self.processor.records.open_orders() if accepts(order))

    def get_orders(self, filter: Filter = None) -> CallableList[Order]:  # noqa: A002 - LEAN's name
        """Copies of the orders a function or a symbol picks."""
        accepts = self._accepts(filter)
        orders = (self.processor.records.orders[number] for number in sorted(self.processor.records.orders))
        return CallableList(order.clone() for order in orders if accepts(order))

    def get_order_by_id(self, order_id: int) -> Order | None:
        """A copy of an order."""
        order = self.processor.records.orders.get(order_id)
        return None if order is None else order.clone()

    def get_orders_by_brokerage_id(self, brokerage_id: str) -> list[Order]:
        """Copies of the orders a brokerage knows by an id."""
        return [
            order.clone()
            for order in self.processor.records.orders.values()
            if brokerage_id in order.broker_id
        ]

    def exact_open_orders_remaining_quantity(self, filter: Filter = None) -> Decimal:  # noqa: A002
        """Signed quantity that open orders still wait for."""
        return sum((ticket.exact_quantity_remaining for ticket in self.get_open_order_tickets(filter)), ZERO)

    def get_open_orders_remaining_quantity(self, filter: Filter = None) -> float:  # noqa: A002 - LEAN's name
        """Signed quantity that open orders still wait for."""
        return float(self.exact_open_orders_remaining_quantity(filter))

    def wait_for_order(self, order_id: int) -> bool:
        """Whether an order is closed; in a backtest nothing happens while one waits."""
        ticket = self.get_order_ticket(order_id)
        return ticket is not None and ticket.order_closed.wait_one()

    # The record of round trips

    def add_transaction_record(self, time: datetime, profit: Decimal, is_win: bool) -> None:
        """Record a round trip's profit; those of one time are kept a millisecond apart."""
        while time in self._record:
            time += timedelta(milliseconds=1)
        self._record[time] = (profit, is_win)

    @property
    def exact_transaction_record(self) -> dict[datetime, Decimal]:
        """Profits of round trips by UTC time."""
        return {time: profit for time, (profit, _) in self._record.items()}

    @property
    def transaction_record(self) -> dict[datetime, float]:
        """Profits of round trips by UTC time."""
        return {time: float(profit) for time, (profit, _) in self._record.items()}

    @property
    def winning_transactions(self) -> dict[datetime, float]:
        """Profits of round trips that won."""
        return {time: float(profit) for time, (profit, won) in self._record.items() if won}

    @property
    def losing_transactions(self) -> dict[datetime, float]:
        """Profits of round trips that did not win."""
        return {time: float(profit) for time, (profit, won) in self._record.items() if not won}

    @property
    def win_count(self) -> int:
        """Round trips that won."""
        return sum(won for _, won in self._record.values())

    @property
    def loss_count(self) -> int:
        """Round trips that did not win."""
        return len(self._record) - self.win_count
