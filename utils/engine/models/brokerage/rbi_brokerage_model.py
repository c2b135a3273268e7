"""RBI."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from utils.engine.enums import OrderType, SecurityType
from utils.engine.models.brokerage import order_rules as rules
from utils.engine.models.brokerage.order_rules import Refusal
from utils.engine.models.brokerage.selective_brokerage_model import SelectiveBrokerageModel
from utils.engine.models.fees.rbi_fee_model import RBIFeeModel


class RBIBrokerageModel(SelectiveBrokerageModel):
    """Shares."""

    _securities = (SecurityType.EQUITY,)
    _orders = (OrderType.MARKET, OrderType.LIMIT, OrderType.STOP_MARKET, OrderType.STOP_LIMIT)
    _fees = RBIFeeModel

    def _refusals(self, security: Any, order: Any) -> Iterator[Refusal]:
        yield rules.least_size(security, order.exact_quantity)
        yield from super()._refusals(security, order)

    def _order_kind(self, security: Any, order: Any) -> Refusal:
        if order.type in self._orders:
            return None
        return rules.refusal(
            f"{order.type} order is not supported by RBI. Currently, only Market Order, Limit Order, "
            "StopMarket Order and StopLimit Order are supported."
        )
