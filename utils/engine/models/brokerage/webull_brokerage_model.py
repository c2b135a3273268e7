"""Webull."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from utils.engine.enums import OrderDirection, OrderType, SecurityType
from utils.engine.models.brokerage import order_rules as rules
from utils.engine.models.brokerage.order_rules import Refusal
from utils.engine.models.brokerage.selective_brokerage_model import OrderKinds, SelectiveBrokerageModel
from utils.engine.models.fees.webull_fee_model import WebullFeeModel
from utils.engine.orders.brokerage_properties import WebullOrderProperties
from utils.engine.orders.time_in_force import DayTimeInForce

_OPTIONS = (SecurityType.OPTION, SecurityType.INDEX_OPTION)
_PLAIN = (OrderType.MARKET, OrderType.LIMIT, OrderType.STOP_MARKET, OrderType.STOP_LIMIT)


class WebullBrokerageModel(SelectiveBrokerageModel):
    """Shares and options."""

    _securities = (SecurityType.EQUITY, *_OPTIONS)
    _orders: ClassVar[OrderKinds] = {
        SecurityType.EQUITY: (*_PLAIN, OrderType.TRAILING_STOP),
        **dict.fromkeys(_OPTIONS, _PLAIN),
    }
    _fees = WebullFeeModel

    def _refusals(self, security: Any, order: Any) -> Iterator[Refusal]:
        yield from super()._refusals(security, order)
        selling = security.type in _OPTIONS and order.direction == OrderDirection.SELL
        if selling and not isinstance(order.time_in_force, DayTimeInForce):
            yield rules.refusal(
                f"{security.type} sell orders only support DayTimeInForce time in force, but "
                f"{type(order.time_in_force).__name__} was specified."
            )
        properties = order.properties
        if isinstance(properties, WebullOrderProperties) and properties.outside_regular_trading_hours:
            yield from _refusals_outside_regular_hours(security, order)


def _refusals_outside_regular_hours(security: Any, order: Any) -> Iterator[Refusal]:
    if security.type != SecurityType.EQUITY:
        yield rules.refusal(
            "OutsideRegularTradingHours is only supported for Equity orders, but "
            f"{security.type} was specified."
        )
    if order.type == OrderType.MARKET:
        yield rules.refusal("Market orders are not supported outside regular trading hours.")
