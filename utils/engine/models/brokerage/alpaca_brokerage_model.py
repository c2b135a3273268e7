"""Alpaca."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, ClassVar

from utils.engine.enums import AccountType, OrderType, SecurityType
from utils.engine.exchange.market_hours_segment import MarketHoursSegment
from utils.engine.models.brokerage import order_rules as rules
from utils.engine.models.brokerage.order_rules import Refusal, Window
from utils.engine.models.brokerage.selective_brokerage_model import OrderKinds, SelectiveBrokerageModel
from utils.engine.models.fees.alpaca_fee_model import AlpacaFeeModel
from utils.engine.orders.brokerage_properties import AlpacaOrderProperties
from utils.engine.orders.time_in_force import DayTimeInForce

_OPENING_ORDERS_FROM, _OPENING_ORDERS_END = timedelta(hours=19), timedelta(minutes=2)


class AlpacaBrokerageModel(SelectiveBrokerageModel):
    """Shares, options and coins on margin accounts."""

    _securities = (SecurityType.EQUITY, SecurityType.OPTION, SecurityType.CRYPTO)
    _orders: ClassVar[OrderKinds] = {
        SecurityType.EQUITY: (
            OrderType.MARKET,
            OrderType.LIMIT,
            OrderType.STOP_MARKET,
            OrderType.STOP_LIMIT,
            OrderType.TRAILING_STOP,
            OrderType.MARKET_ON_OPEN,
            OrderType.MARKET_ON_CLOSE,
        ),
        SecurityType.OPTION: (OrderType.MARKET, OrderType.LIMIT),
        SecurityType.CRYPTO: (OrderType.MARKET, OrderType.LIMIT, OrderType.STOP_LIMIT),
    }
    _fees = AlpacaFeeModel

    def __init__(self) -> None:
        super().__init__(AccountType.MARGIN)

    def _refusals(self, security: Any, order: Any) -> Iterator[Refusal]:
        yield from super()._refusals(security, order)
        yield self._outside_regular_hours(order)
        yield rules.no_crossing(self, security, order)
        yield rules.market_on_open(security, order, (SecurityType.EQUITY,), _opening_orders)

    def _outside_regular_hours(self, order: Any) -> Refusal:
        properties = order.properties
        asked = isinstance(properties, AlpacaOrderProperties) and properties.outside_regular_trading_hours
        resting = order.time_in_force
        if not asked or (order.type == OrderType.LIMIT and isinstance(resting, DayTimeInForce)):
            return None
        namespace = "QuantConnect.Orders.TimeInForces"  # .NET's text of an object is its full name
        return rules.refusal(
            f"The {type(self).__name__} does not support {order.type} orders with "
            f"{namespace}.{type(resting).__name__} TIF outside regular hours. Only Limit orders with "
            f"{namespace}.DayTimeInForce TIF are supported outside regular trading hours."
        )


def _opening_orders(regular: MarketHoursSegment) -> Window:
    return _OPENING_ORDERS_FROM, regular.start - _OPENING_ORDERS_END
