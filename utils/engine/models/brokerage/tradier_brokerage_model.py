"""Tradier."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from utils.engine.dotnet.money import exact
from utils.engine.enums import OrderType, SecurityType
from utils.engine.models.brokerage import order_rules as rules
from utils.engine.models.brokerage.order_rules import Refusal
from utils.engine.models.brokerage.selective_brokerage_model import SelectiveBrokerageModel
from utils.engine.models.fees.constant_fee_model import ConstantFeeModel
from utils.engine.orders.brokerage_properties import TradierOrderProperties
from utils.engine.orders.time_in_force import DayTimeInForce, GoodTilCanceledTimeInForce

_LEAST_SHORT_PRICE = Decimal(5)
_QUANTITIES = (Decimal(1), Decimal(10_000_000))
# Times of the day at which orders outside of regular hours are taken; the first is in it, the last is not.
_SESSIONS = (
    (timedelta(hours=4), timedelta(hours=9, minutes=24)),
    (timedelta(hours=16), timedelta(hours=19, minutes=55)),
)


class TradierBrokerageModel(SelectiveBrokerageModel):
    """Shares and options, without fees; orders rest while the exchange is shut."""

    _securities = (SecurityType.EQUITY, SecurityType.OPTION, SecurityType.INDEX_OPTION)
    _orders = (OrderType.LIMIT, OrderType.MARKET, OrderType.STOP_MARKET, OrderType.STOP_LIMIT)
    _times_in_force = (GoodTilCanceledTimeInForce, DayTimeInForce)

    def get_fee_model(self, security: Any) -> Any:
        """None."""
        return ConstantFeeModel(0)

    def can_execute_order(self, security: Any, order: Any) -> bool:
        """While the exchange is open; limit orders in shares before and after, when they ask for it."""
        return bool(security.exchange.exchange_open) or _may_fill_outside(security, order)

    def apply_split(self, tickets: list[Any], split: Any) -> None:
        """Cancel open orders when shares are put together; change them when they are split."""
        if exact(split.split_factor) > 1:
            for ticket in tickets:
                ticket.cancel("Tradier Brokerage cancels open orders on reverse split symbols")
        else:
            super().apply_split(tickets, split)

    def _refusals(self, security: Any, order: Any) -> Iterator[Refusal]:
        yield self._order_kind(security, order)
        if order.security_type not in self._securities:
            yield rules.refusal("This model only supports equities and options.")
        if not isinstance(order.time_in_force, self._times_in_force):
            namespace = "QuantConnect.Orders.TimeInForces"
            yield rules.refusal(
                "This model only supports orders with the following time in force types: "
                f"{namespace}.DayTimeInForce and {namespace}.GoodTilCanceledTimeInForce"
            )
        yield _short_sale(security, order)
        if not _QUANTITIES[0] <= abs(order.exact_quantity) <= _QUANTITIES[1]:
            yield rules.refusal("Quantity should be between 1 and 10,000,000", "IncorrectOrderQuantity")
        if not self.can_execute_order(security, order) and _asks_for_extended_hours(order):
            yield rules.refusal(
                "Tradier does not support explicitly placing out-of-regular-hours orders if not currently "
                "during the pre or post market session. PreMarket: 04:00:00-09:24:00. "
                "PostMarket: 16:00:00-19:55:00. Only equity limit orders are allowed during extended market "
                "hours.",
                "ExtendedMarket",
            )
        yield rules.no_crossing(self, security, order)

    def _refusals_of_update(self, security: Any, order: Any, request: Any) -> Iterator[Refusal]:
        if request.exact_quantity is not None and request.exact_quantity != order.exact_quantity:
            yield rules.refusal("Tradier does not support updating order quantities.", "UpdateRejected")


def _short_sale(security: Any, order: Any) -> Refusal:
    if security.holdings.exact_quantity + order.exact_quantity >= 0:
        return None
    if isinstance(order.time_in_force, GoodTilCanceledTimeInForce):
        message = "You cannot place short stock orders with GTC, only day orders are allowed"
        return rules.refusal(message, "ShortOrderIsGtc")
    if security.exact_price < _LEAST_SHORT_PRICE:
        message = "Sell Short order cannot be placed for stock priced below $5"
        return rules.refusal(message, "SellShortOrderLastPriceBelow5")
    return None


def _asks_for_extended_hours(order: Any) -> bool:
    properties = order.properties
    return isinstance(properties, TradierOrderProperties) and properties.outside_regular_trading_hours


def _may_fill_outside(security: Any, order: Any) -> bool:
    if not _asks_for_extended_hours(order) or order.type != OrderType.LIMIT:
        return False
    now = rules.time_of_day(security.local_time)
    return order.security_type == SecurityType.EQUITY and any(start <= now < end for start, end in _SESSIONS)
