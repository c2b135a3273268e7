"""Interactive Brokers over FIX."""

from __future__ import annotations

from utils.engine.enums import OrderType
from utils.engine.models.brokerage.interactive_brokers_brokerage_model import InteractiveBrokersBrokerageModel
from utils.engine.orders.time_in_force import DayTimeInForce, GoodTilCanceledTimeInForce


class InteractiveBrokersFixModel(InteractiveBrokersBrokerageModel):
    """Interactive Brokers with fewer kinds of orders."""

    _orders = (
        OrderType.MARKET,
        OrderType.MARKET_ON_OPEN,
        OrderType.MARKET_ON_CLOSE,
        OrderType.LIMIT,
        OrderType.STOP_MARKET,
        OrderType.STOP_LIMIT,
        OrderType.TRAILING_STOP,
        OrderType.COMBO_MARKET,
        OrderType.COMBO_LIMIT,
    )
    _times_in_force = (GoodTilCanceledTimeInForce, DayTimeInForce)
