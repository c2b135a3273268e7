"""Eze."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from utils.engine.dotnet.exceptions import NotSupportedException
from utils.engine.enums import AccountType, OrderType, SecurityType
from utils.engine.models.brokerage import order_rules as rules
from utils.engine.models.brokerage.order_rules import Refusal
from utils.engine.models.brokerage.selective_brokerage_model import SelectiveBrokerageModel
from utils.engine.models.fees.eze_fee_model import EzeFeeModel


class EzeBrokerageModel(SelectiveBrokerageModel):
    """Whole shares, options, futures and indices on margin accounts."""

    _securities = (
        SecurityType.EQUITY,
        SecurityType.OPTION,
        SecurityType.FUTURE,
        SecurityType.FUTURE_OPTION,
        SecurityType.INDEX,
        SecurityType.INDEX_OPTION,
    )
    _orders = (
        OrderType.MARKET,
        OrderType.LIMIT,
        OrderType.STOP_MARKET,
        OrderType.STOP_LIMIT,
        OrderType.MARKET_ON_OPEN,
        OrderType.MARKET_ON_CLOSE,
    )
    _fees = EzeFeeModel

    def __init__(self, account_type: AccountType = AccountType.MARGIN) -> None:
        if account_type == AccountType.CASH:
            raise NotSupportedException("Eze brokerage can only be used with a Margin account type")
        super().__init__(account_type)

    def _refusals(self, security: Any, order: Any) -> Iterator[Refusal]:
        yield from super()._refusals(security, order)
        yield rules.whole_quantity(abs(order.exact_quantity))
