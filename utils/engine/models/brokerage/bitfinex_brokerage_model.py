"""Bitfinex."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.money import ONE
from utils.engine.enums import OrderType, SecurityType
from utils.engine.models.brokerage import order_rules as rules
from utils.engine.models.brokerage.order_rules import Refusal
from utils.engine.models.brokerage.selective_brokerage_model import Markets, SelectiveBrokerageModel
from utils.engine.models.fees.bitfinex_fee_model import BitfinexFeeModel

_LEVERAGE = Decimal("3.3")


class BitfinexBrokerageModel(SelectiveBrokerageModel):
    """Coins."""

    _securities = (SecurityType.CRYPTO,)
    _orders = (OrderType.MARKET, OrderType.LIMIT, OrderType.STOP_MARKET, OrderType.STOP_LIMIT)
    _fees = BitfinexFeeModel
    _markets: ClassVar[Markets] = {SecurityType.CRYPTO: "bitfinex"}
    _benchmark = ("BTCUSD", SecurityType.CRYPTO, "bitfinex")

    def _exact_leverage(self, security: Any) -> Decimal:
        if self._is_unlevered(security):
            return ONE
        if security.type != SecurityType.CRYPTO:
            raise ArgumentException(f"Invalid security type: {security.type} (Parameter 'security')")
        return _LEVERAGE

    def _refusals(self, security: Any, order: Any) -> Iterator[Refusal]:
        yield rules.least_size(security, order.exact_quantity)
        yield from super()._refusals(security, order)

    def _refusals_of_update(self, security: Any, order: Any, request: Any) -> Iterator[Refusal]:
        if request.exact_quantity is not None:
            yield rules.least_size(security, request.exact_quantity)
