"""Axos."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from utils.engine.enums import OrderType, SecurityType
from utils.engine.models.brokerage import order_rules as rules
from utils.engine.models.brokerage.order_rules import Refusal
from utils.engine.models.brokerage.selective_brokerage_model import SelectiveBrokerageModel, no_benchmark
from utils.engine.models.fees.axos_fee_model import AxosFeeModel
from utils.engine.models.shortable.local_disk_shortable_provider import LocalDiskShortableProvider


class AxosClearingBrokerageModel(SelectiveBrokerageModel):
    """Whole shares."""

    _securities = (SecurityType.EQUITY,)
    _orders = (OrderType.LIMIT, OrderType.MARKET, OrderType.MARKET_ON_CLOSE)
    _fees = AxosFeeModel

    @property
    def default_markets(self) -> Mapping[SecurityType, str]:
        """Shares only."""
        return {SecurityType.EQUITY: "usa"}

    def get_benchmark(self, securities: Any) -> Any:
        """None."""
        return no_benchmark

    def get_shortable_provider(self, security: Any) -> Any:
        """Axos' lists."""
        if security.type == SecurityType.EQUITY:
            return LocalDiskShortableProvider("axos")
        return super().get_shortable_provider(security)

    def _refusals(self, security: Any, order: Any) -> Iterator[Refusal]:
        yield from super()._refusals(security, order)
        yield rules.whole_quantity(order.exact_quantity)
