"""What a brokerage does of itself: options expire or are assigned, delisted securities are closed."""

from __future__ import annotations

from typing import Any

from utils.engine.clock import Clock
from utils.engine.enums import OrderStatus, OrderType
from utils.engine.exchange.option_symbol import OptionSymbol
from utils.engine.orders.kinds import MarketOrder, OptionExerciseOrder
from utils.engine.orders.order import Order, OrderSubmissionData
from utils.engine.orders.requests import SubmitOrderRequest
from utils.engine.orders.ticket import OrderTicket, RequestTaker
from utils.engine.transactions.order_records import OrderRecords

LIQUIDATE_FROM_DELISTING = "Liquidate from delisting"


class BrokerageNotices:
    """Makes orders of what the brokerage tells, filled the moment they are there."""

    def __init__(
        self, algorithm: Any, clock: Clock, records: OrderRecords, transactions: RequestTaker
    ) -> None:
        self._algorithm, self._clock = algorithm, clock
        self._records, self._transactions = records, transactions

    def delisted(self, symbol: Any) -> None:
        """Close what is held of a delisted security at its last price."""
        security = self._algorithm.securities.get(symbol)
        if security is None or not security.holdings.exact_quantity:
            return
        order = MarketOrder(
            symbol, -security.holdings.exact_quantity, self._clock.utc, LIQUIDATE_FROM_DELISTING
        )
        self._open(order, security)
        fill = self._records.event(order, LIQUIDATE_FROM_DELISTING)
        fill.status = OrderStatus.FILLED
        fill.exact_fill_price, fill.exact_fill_quantity = security.exact_price, order.exact_quantity
        self._records.handle([fill])

    def option_position_gone(self, symbol: Any, tag: str | None = None) -> None:
        """The brokerage holds nothing of an option any more: it expired, was exercised or assigned."""
        option = self._algorithm.securities.get(symbol)
        if option is None or not option.holdings.exact_quantity:
            return
        expired = OptionSymbol.is_option_contract_expired(symbol, self._clock.utc)
        if expired or option.holdings.is_short:
            order = OptionExerciseOrder(symbol, -option.holdings.exact_quantity, self._clock.utc)
            order.tag = tag
            prices = (option.exact_bid_price, option.exact_ask_price, option.exact_close)
            order.order_submission_data = OrderSubmissionData(*prices)
            order.price_currency = option.symbol_properties.quote_currency
            self._open(order, option)
            self._exercise(option, order)
            return
        for waiting in self._records.open_orders():
            if waiting.symbol == symbol and waiting.type == OrderType.OPTION_EXERCISE:
                self._exercise(option, waiting)
                return

    def _exercise(self, option: Any, order: Order) -> None:
        for event in option.option_exercise_model.option_exercise(option, order):
            self._records.handle([event])
            if event.is_assignment:
                event.message = ". ".join(part for part in (event.message, order.tag) if part)
                self._algorithm.on_assignment_order_event(event)

    def _open(self, order: Order, security: Any) -> None:
        """Number an order of the brokerage's own and give it a ticket."""
        order.status = OrderStatus.SUBMITTED
        order.price_adjustment_mode = security.data_normalization_mode
        terms = (order.type, order.symbol, order.exact_quantity, order.time, order.tag or "")
        request = SubmitOrderRequest.of(*terms)
        self._algorithm.transactions.set_order_id(request)
        order.id = request.order_id
        ticket = OrderTicket(self._transactions, request)
        ticket.set_order(order)
        self._records.orders[order.id] = self._records.open[order.id] = order
        self._records.tickets[order.id] = ticket
