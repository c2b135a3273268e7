"""Public."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from utils.engine.enums import AccountType, OrderType, SecurityType
from utils.engine.models.brokerage import order_rules as rules
from utils.engine.models.brokerage.order_rules import Refusal
from utils.engine.models.brokerage.selective_brokerage_model import SelectiveBrokerageModel
from utils.engine.models.fees.public_fee_model import PublicFeeModel
from utils.engine.orders.brokerage_properties import PublicOrderProperties


class PublicBrokerageModel(SelectiveBrokerageModel):
    """Shares, options and coins."""

    _securities = (
        SecurityType.EQUITY,
        SecurityType.OPTION,
        SecurityType.INDEX_OPTION,
        SecurityType.CRYPTO,
    )
    _orders = (
        OrderType.MARKET,
        OrderType.LIMIT,
        OrderType.STOP_MARKET,
        OrderType.STOP_LIMIT,
        OrderType.COMBO_LIMIT,
    )
    _fees = PublicFeeModel

    def can_submit_order(self, security: Any, order: Any, message: Any = None) -> Any:
        """Whether the brokerage takes an order; one that it takes says whether it uses margin."""
        answer = super().can_submit_order(security, order, message)
        properties = order.properties
        if answer[0] and isinstance(properties, PublicOrderProperties):
            asked = properties.use_margin is None or properties.use_margin
            properties.use_margin = self.account_type != AccountType.CASH and asked
        return answer

    def _refusals(self, security: Any, order: Any) -> Iterator[Refusal]:
        yield from super()._refusals(security, order)
        properties = order.properties
        outside = isinstance(properties, PublicOrderProperties) and properties.outside_regular_trading_hours
        if outside and order.type != OrderType.LIMIT:
            yield rules.refusal(
                "Orders for extended market must be of type 'Limit' and with 'DAY' time-in-force, but "
                f"{order.type} was specified."
            )

    def _refusals_of_update(self, security: Any, order: Any, request: Any) -> Iterator[Refusal]:
        if order.group_order_manager is not None:
            yield rules.refusal("Public.com does not support updating combo (multi-leg) orders.")
