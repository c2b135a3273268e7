"""Bybit."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

from utils.engine.dotnet.exceptions import ArgumentOutOfRangeException
from utils.engine.dotnet.money import ONE
from utils.engine.enums import AccountType, OrderStatus, OrderType, SecurityType
from utils.engine.models.brokerage import order_rules as rules
from utils.engine.models.brokerage.order_rules import Refusal
from utils.engine.models.brokerage.selective_brokerage_model import Markets, SelectiveBrokerageModel
from utils.engine.models.fees.bybit_fee_model import BybitFeeModel
from utils.engine.models.fees.bybit_futures_fee_model import BybitFuturesFeeModel

_LEVERAGE = Decimal(10)
_OPEN = (
    OrderStatus.NEW,
    OrderStatus.PARTIALLY_FILLED,
    OrderStatus.SUBMITTED,
    OrderStatus.UPDATE_SUBMITTED,
)


class BybitBrokerageModel(SelectiveBrokerageModel):
    """Coins, and futures on them, whose orders alone can be changed."""

    _securities = (SecurityType.CRYPTO, SecurityType.CRYPTO_FUTURE, SecurityType.BASE)
    _orders = (OrderType.STOP_MARKET, OrderType.STOP_LIMIT, OrderType.MARKET, OrderType.LIMIT)
    _markets: ClassVar[Markets] = {SecurityType.CRYPTO: "bybit", SecurityType.CRYPTO_FUTURE: "bybit"}
    _benchmark = ("BTCUSDC", SecurityType.CRYPTO, "bybit")

    def __init__(self, account_type: AccountType = AccountType.CASH) -> None:
        super().__init__(account_type)

    def get_fee_model(self, security: Any) -> Any:
        """Bybit's.

        Raises:
            ArgumentOutOfRangeException: what it does not trade.
        """
        match security.type:
            case SecurityType.CRYPTO:
                return BybitFeeModel()
            case SecurityType.CRYPTO_FUTURE:
                return BybitFuturesFeeModel()
            case SecurityType.BASE:
                return super().get_fee_model(security)
        raise ArgumentOutOfRangeException(
            f"Not supported security type {security.type} (Parameter 'security')"
        )

    def _exact_leverage(self, security: Any) -> Decimal:
        return ONE if self._is_unlevered(security) else _LEVERAGE

    def _refusals(self, security: Any, order: Any) -> Iterator[Refusal]:
        yield rules.security_kind(self, security, self._securities)
        if order.type != OrderType.TRAILING_STOP:  # a stop market order to LEAN's model
            yield self._order_kind(security, order)
        yield rules.least_size(security, order.exact_quantity)

    def _refusals_of_update(self, security: Any, order: Any, request: Any) -> Iterator[Refusal]:
        if security.type != SecurityType.CRYPTO_FUTURE:
            yield rules.refusal(rules.NO_UPDATES)
        if order.status not in _OPEN:
            yield rules.refusal(f"Order with status {order.status} can't be modified")
        if request.exact_quantity is not None:
            yield rules.least_size(security, request.exact_quantity)
