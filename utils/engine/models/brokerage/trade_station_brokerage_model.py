"""TradeStation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from utils.engine.enums import OrderType, SecurityType
from utils.engine.exchange.market_hours_segment import MarketHoursSegment
from utils.engine.models.brokerage import order_rules as rules
from utils.engine.models.brokerage.order_rules import Refusal, Window
from utils.engine.models.brokerage.selective_brokerage_model import SelectiveBrokerageModel
from utils.engine.models.fees.trade_station_fee_model import TradeStationFeeModel
from utils.engine.orders.brokerage_properties import TradeStationOrderProperties

_OPENING_ORDERS_FROM, _OPENING_ORDERS_END = timedelta(hours=6), timedelta(minutes=1)
_COMBOS = (OrderType.COMBO_MARKET, OrderType.COMBO_LIMIT)


class TradeStationBrokerageModel(SelectiveBrokerageModel):
    """Shares, options and futures."""

    _securities = (
        SecurityType.EQUITY,
        SecurityType.OPTION,
        SecurityType.FUTURE,
        SecurityType.INDEX_OPTION,
    )
    _orders = (
        OrderType.MARKET,
        OrderType.LIMIT,
        OrderType.STOP_MARKET,
        OrderType.STOP_LIMIT,
        *_COMBOS,
        OrderType.MARKET_ON_OPEN,
        OrderType.MARKET_ON_CLOSE,
        OrderType.TRAILING_STOP,
    )
    _fees = TradeStationFeeModel

    def _refusals(self, security: Any, order: Any) -> Iterator[Refusal]:
        yield _outside_regular_hours(security, order)
        yield from super()._refusals(security, order)
        yield rules.no_crossing(self, security, order, (*_COMBOS, *rules.AUCTIONS))
        opening = (SecurityType.EQUITY, SecurityType.OPTION, SecurityType.INDEX_OPTION)
        yield rules.market_on_open(security, order, opening, _opening_orders)

    def _refusals_of_update(self, security: Any, order: Any, request: Any) -> Iterator[Refusal]:
        if request.exact_quantity is None or request.exact_quantity == order.exact_quantity:
            return
        name = type(self).__name__
        if rules.crosses_zero(security.holdings.exact_quantity, order.exact_quantity):
            yield rules.refusal(
                f"Unfortunately, the {name} brokerage model does not support updating the quantity of Cross "
                "Zero Orders.",
                "UpdateRejected",
            )
        if order.type in _COMBOS:
            yield rules.refusal(
                f"Order type '{order.type}' is not supported to update quantity in the {name}."
            )


def _outside_regular_hours(security: Any, order: Any) -> Refusal:
    properties = order.properties
    asked = isinstance(properties, TradeStationOrderProperties) and properties.outside_regular_trading_hours
    if not asked or (order.type == OrderType.LIMIT and security.type == SecurityType.EQUITY):
        return None
    return rules.refusal(
        "To place an order outside regular trading hours, please use a limit order and ensure the security "
        "is an equity.",
        "NotSupportedOutsideRegularMarketHours",
    )


def _opening_orders(regular: MarketHoursSegment) -> Window:
    return _OPENING_ORDERS_FROM, regular.start - _OPENING_ORDERS_END
