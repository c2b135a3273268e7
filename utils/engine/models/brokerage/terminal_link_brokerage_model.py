"""Bloomberg's Terminal Link."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from utils.engine.enums import OrderType, SecurityType
from utils.engine.models.brokerage import order_rules as rules
from utils.engine.models.brokerage.order_rules import Refusal
from utils.engine.models.brokerage.selective_brokerage_model import SelectiveBrokerageModel


class TerminalLinkBrokerageModel(SelectiveBrokerageModel):
    """Shares, options and futures; orders are not changed."""

    _securities = (
        SecurityType.EQUITY,
        SecurityType.OPTION,
        SecurityType.INDEX_OPTION,
        SecurityType.FUTURE,
    )
    _orders = (
        OrderType.MARKET,
        OrderType.MARKET_ON_OPEN,
        OrderType.LIMIT,
        OrderType.STOP_MARKET,
        OrderType.STOP_LIMIT,
    )

    def _refusals_of_update(self, security: Any, order: Any, request: Any) -> Iterator[Refusal]:
        yield rules.refusal(rules.NO_UPDATES)
