"""The simulated market: keeps open orders and fills them from data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from typing import Any

from utils.engine.clock import HOUR, Clock
from utils.engine.enums import OrderStatus, OrderType
from utils.engine.identity.security_identifier import is_option
from utils.engine.models.assignment.default_option_assignment_model import OptionAssignmentParameters
from utils.engine.models.fees.order_fee import OrderFee
from utils.engine.orders.group import group_orders
from utils.engine.orders.order import Order
from utils.engine.orders.order_event import OrderEvent
from utils.engine.orders.status import is_closed

_AT_ONCE = (OrderType.MARKET, OrderType.COMBO_MARKET, OrderType.OPTION_EXERCISE)

Legs = dict[Order, Any]  # orders of one group with their securities


class BacktestingBrokerage:
    """Open orders by ascending id, scanned when data or requests came.

    Attributes:
        needs_scan: whether there is anything to look at; the run loop skips the scan else.
    """

    def __init__(
        self,
        algorithm: Any,
        clock: Clock,
        emit: Callable[[list[OrderEvent]], None],
        assign: Callable[[Any, str], None],
    ) -> None:
        self._algorithm, self._clock, self._emit, self._assign = algorithm, clock, emit, assign
        self._pending: dict[int, Order] = {}
        self._next_assignment = 0
        self.needs_scan = False

    def place(self, order: Order) -> bool:
        """Take an order; False when it is no new one."""
        if order.status != OrderStatus.NEW:
            return False
        self.needs_scan = True
        self._pending[order.id] = order
        _give_brokerage_id(order)
        self._emit([self._event(order, OrderStatus.SUBMITTED)])
        return True

    def update(self, order: Order) -> bool:
        """Take an order's new terms; False when it is not open here."""
        if order.id not in self._pending:
            return False
        self.needs_scan = True
        self._pending[order.id] = order
        _give_brokerage_id(order)
        self._emit([self._event(order, OrderStatus.UPDATE_SUBMITTED)])
        return True

    def cancel(self, order: Order) -> bool:
        """Take an order back with its group; False when one is not open here."""
        legs = group_orders(order, self._pending.get)
        if legs is None:
            return False
        found = True
        for leg in legs:
            found = self._pending.pop(leg.id, None) is not None and found
            _give_brokerage_id(leg)
            self._emit([self._event(leg, OrderStatus.CANCELED)])
        return found

    def scan(self) -> None:
        """Assign options held short, once an hour, and try to fill what is open."""
        if self._clock.utc_ns >= self._next_assignment:
            self._next_assignment = self._clock.utc_ns // HOUR * HOUR + HOUR
            self._assign_options()
        if not self.needs_scan:
            return
        for number in sorted(self._pending):
            order = self._pending.get(number)
            if order is None:
                continue
            if is_closed(order.status):
                del self._pending[number]
                continue
            # An order other than a market order waits for the next data.
            if order.type not in _AT_ONCE and order.time == self._clock.utc:
                continue
            self._try(order)
        self.needs_scan = bool(self._pending)

    def _assign_options(self) -> None:
        short = [
            security
            for security in self._algorithm.securities.active()
            if is_option(security.type) and security.holdings.is_short
        ]
        for option in sorted(short, key=lambda one: str(one.symbol.id.symbol)):
            result = option.option_assignment_model.get_assignment(OptionAssignmentParameters(option))
            if result is not None and result.quantity:
                self._assign(option.symbol, result.tag)

    def _try(self, order: Order) -> None:
        orders = group_orders(order, self._pending.get)
        if orders is None:
            return
        securities = self._algorithm.securities
        legs: Legs = {leg: securities.get(leg.symbol) for leg in orders}
        if any(security is None for security in legs.values()):
            self._drop(orders, OrderStatus.INVALID)
            return
        if not self._may_fill(legs):
            return
        try:
            enough = self._algorithm.portfolio.has_sufficient_buying_power_for_order(orders)
        except Exception as error:  # noqa: BLE001 - a user's model may do anything; LEAN goes on
            self._drop(orders, OrderStatus.INVALID, str(error))
            self._algorithm.error(
                f"Order Error: ids: [{_ids(orders)}], Error executing margin models: {error}"
            )
            return
        if not enough.is_sufficient:
            if order.status != OrderStatus.CANCEL_PENDING:
                message = insufficient_buying_power(legs, enough)
                self._drop(orders, OrderStatus.INVALID, message)
                self._algorithm.error(message)
            return
        self._fill(order, orders, legs)

    def _may_fill(self, legs: Legs) -> bool:
        for order, security in legs.items():
            if order.type == OrderType.MARKET_ON_OPEN and not self._has_news(order, security):
                return False
            if order.time_in_force.is_order_expired(security, order):
                self._drop(list(legs), OrderStatus.CANCELED, "The order has expired.")
                return False
            if not self._algorithm.brokerage_model.can_execute_order(security, order):
                return False
        return True

    @staticmethod
    def _has_news(order: Order, security: Any) -> bool:
        """Whether data came since the order: an opening order never fills on what was there before."""
        bar = security.get_last_data()
        zone = security.exchange.hours.time_zone
        ordered = order.time.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
        return bar is not None and bool(ordered < bar.end_time)

    def _fill(self, order: Order, orders: list[Order], legs: Legs) -> None:
        fills = self._fills(order, legs)
        if not fills:
            return
        events: list[OrderEvent] = []
        for leg in orders:
            for fill in fills:
                if fill.order_id == leg.id and (fill.status != leg.status or fill.exact_fill_quantity):
                    # Set before anybody hears of it, so that an order is not tried again from a handler.
                    leg.status = fill.status
                    events.append(fill)
        self._emit(events)
        if all(is_closed(fill.status) for fill in fills):
            for leg in orders:
                self._pending.pop(leg.id, None)

    def _fills(self, order: Order, legs: Legs) -> list[OrderEvent]:
        from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters

        try:
            fills = self._of_model(order, legs)
            for fill in fills:
                if fill.status == OrderStatus.FILLED and not fill.order_fee.value.exact_amount:
                    leg = next(leg for leg in legs if leg.id == fill.order_id)
                    fill.order_fee = legs[leg].fee_model.get_order_fee(OrderFeeParameters(legs[leg], leg))
        except Exception as error:  # noqa: BLE001 - a user's model may do anything; LEAN reports and goes on
            self._algorithm.report_model_error(error)
            self._algorithm.error(
                f"Order Error: id: {order.id}, Transaction model failed to fill for order type: {order.type} "
                f"with error: {error}"
            )
            return []
        return fills

    def _of_model(self, order: Order, legs: Legs) -> list[OrderEvent]:
        """What the model of the security makes of an order."""
        from utils.engine.models.fills.fill_model_parameters import FillModelParameters

        security = legs[order]
        if order.type == OrderType.OPTION_EXERCISE:
            return list(security.option_exercise_model.option_exercise(security, order))
        terms = FillModelParameters(
            security,
            order,
            self._algorithm.subscription_manager.subscription_data_config_service,
            self._algorithm.settings.stale_price_time_span,
            legs,
            lambda _order: None,
        )
        fills = list(security.fill_model.fill(terms))
        valid = all(order.time_in_force.is_fill_valid(security, order, fill) for fill in fills)
        return fills if valid else []

    def _drop(self, orders: list[Order], status: OrderStatus, message: str = "") -> None:
        events = []
        for order in orders:
            self._pending.pop(order.id, None)
            events.append(self._event(order, status, message))
        self._emit(events)

    def _event(self, order: Order, status: OrderStatus, message: str = "") -> OrderEvent:
        event = OrderEvent(order, self._clock.utc, OrderFee.ZERO, message)
        event.status = status
        return event


def _give_brokerage_id(order: Order) -> None:
    if str(order.id) not in order.broker_id:
        order.broker_id.append(str(order.id))


def _ids(orders: list[Order]) -> str:
    return ",".join(str(order.id) for order in orders)


def insufficient_buying_power(legs: Legs, result: Any) -> str:
    """LEAN's message about orders that cost too much."""
    from utils.engine.dotnet.money import text
    from utils.engine.dotnet.rounding import smart_rounding

    values = ",".join(text(smart_rounding(order.exact_value(security))) for order, security in legs.items())
    return (
        f"Order Error: ids: [{_ids(list(legs))}], Insufficient buying power to complete orders "
        f"(Value:[{values}]), Reason: {result.reason}."
    )
