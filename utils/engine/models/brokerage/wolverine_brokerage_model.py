"""Wolverine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from utils.engine.enums import OrderType, SecurityType
from utils.engine.models.brokerage import order_rules as rules
from utils.engine.models.brokerage.order_rules import Refusal
from utils.engine.models.brokerage.selective_brokerage_model import SelectiveBrokerageModel
from utils.engine.models.fees.wolverine_fee_model import WolverineFeeModel


class WolverineBrokerageModel(SelectiveBrokerageModel):
    """Shares and options; orders are not changed."""

    _securities = (SecurityType.EQUITY, SecurityType.OPTION)
    _orders = (
        OrderType.MARKET,
        OrderType.MARKET_ON_CLOSE,
        OrderType.LIMIT,
        OrderType.STOP_MARKET,
        OrderType.STOP_LIMIT,
    )
    _fees = WolverineFeeModel
    _takes_updates = False

    def _refusals(self, security: Any, order: Any) -> Iterator[Refusal]:
        yield rules.least_size(security, order.exact_quantity)
        yield from super()._refusals(security, order)
