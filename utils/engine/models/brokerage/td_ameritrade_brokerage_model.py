"""TD Ameritrade."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from utils.engine.enums import OrderType, SecurityType
from utils.engine.models.brokerage import order_rules as rules
from utils.engine.models.brokerage.order_rules import Refusal
from utils.engine.models.brokerage.selective_brokerage_model import SelectiveBrokerageModel
from utils.engine.models.fees.td_ameritrade_fee_model import TDAmeritradeFeeModel


class TDAmeritradeBrokerageModel(SelectiveBrokerageModel):
    """Shares."""

    _securities = (SecurityType.EQUITY,)
    _orders = (OrderType.MARKET, OrderType.LIMIT, OrderType.STOP_MARKET, OrderType.STOP_LIMIT)
    _fees = TDAmeritradeFeeModel

    def _refusals(self, security: Any, order: Any) -> Iterator[Refusal]:
        yield rules.least_size(security, order.exact_quantity)
        yield from super()._refusals(security, order)
