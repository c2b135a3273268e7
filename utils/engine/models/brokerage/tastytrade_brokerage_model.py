"""Tastytrade."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from utils.engine.enums import OrderType, SecurityType
from utils.engine.models.brokerage import order_rules as rules
from utils.engine.models.brokerage.order_rules import Refusal
from utils.engine.models.brokerage.selective_brokerage_model import SelectiveBrokerageModel
from utils.engine.models.fees.tastytrade_fee_model import TastytradeFeeModel


class TastytradeBrokerageModel(SelectiveBrokerageModel):
    """Shares, options and futures."""

    _securities = (
        SecurityType.EQUITY,
        SecurityType.OPTION,
        SecurityType.INDEX_OPTION,
        SecurityType.FUTURE,
        SecurityType.FUTURE_OPTION,
    )
    _orders = (
        OrderType.MARKET,
        OrderType.LIMIT,
        OrderType.STOP_MARKET,
        OrderType.STOP_LIMIT,
        OrderType.COMBO_LIMIT,
    )
    _fees = TastytradeFeeModel

    def _refusals(self, security: Any, order: Any) -> Iterator[Refusal]:
        yield from super()._refusals(security, order)
        yield rules.no_crossing(self, security, order, (OrderType.COMBO_LIMIT,))
