"""Coinbase."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.money import ONE
from utils.engine.enums import AccountType, OrderStatus, OrderType, SecurityType
from utils.engine.models.brokerage import order_rules as rules
from utils.engine.models.brokerage.order_rules import Refusal
from utils.engine.models.brokerage.selective_brokerage_model import Markets, SelectiveBrokerageModel
from utils.engine.models.buying_power.cash_buying_power_model import CashBuyingPowerModel
from utils.engine.models.fees.coinbase_fee_model import CoinbaseFeeModel
from utils.engine.orders.time_in_force import GoodTilCanceledTimeInForce

_STOP_MARKET_UNTIL = datetime(2019, 3, 23, 1)
_OPEN = (
    OrderStatus.NEW,
    OrderStatus.PARTIALLY_FILLED,
    OrderStatus.SUBMITTED,
    OrderStatus.UPDATE_SUBMITTED,
)


class CoinbaseBrokerageModel(SelectiveBrokerageModel):
    """Coins on cash accounts."""

    _securities = (SecurityType.CRYPTO,)
    _orders = (OrderType.LIMIT, OrderType.MARKET, OrderType.STOP_LIMIT, OrderType.STOP_MARKET)
    _fees = CoinbaseFeeModel
    _markets: ClassVar[Markets] = {SecurityType.CRYPTO: "coinbase"}
    _benchmark = ("BTCUSD", SecurityType.CRYPTO, "coinbase")

    def __init__(self, account_type: AccountType = AccountType.CASH) -> None:
        if account_type == AccountType.MARGIN:
            raise ArgumentException(
                "The Coinbase brokerage does not currently support Margin trading. (Parameter 'accountType')"
            )
        super().__init__(account_type)

    def get_buying_power_model(self, security: Any) -> Any:
        """What is there can be spent."""
        return CashBuyingPowerModel()

    def _exact_leverage(self, security: Any) -> Decimal:
        return ONE

    def _refusals(self, security: Any, order: Any) -> Iterator[Refusal]:
        if order.broker_id:  # it was sent already
            yield rules.refusal(rules.NO_UPDATES, 0)
        yield rules.least_size(security, order.exact_quantity)
        yield from super()._refusals(security, order)
        if order.type == OrderType.STOP_MARKET and order.time >= _STOP_MARKET_UNTIL:
            since = _STOP_MARKET_UNTIL.strftime("%m/%d/%Y %H:%M:%S")
            yield rules.refusal(f"Stop Market orders are no longer supported since {since}.")

    def _refusals_of_update(self, security: Any, order: Any, request: Any) -> Iterator[Refusal]:
        if order.type != OrderType.LIMIT:
            yield rules.refusal(f"Order with type {order.type} can't be modified, only LIMIT.")
        if not isinstance(order.time_in_force, GoodTilCanceledTimeInForce):
            yield rules.refusal(
                "Order's parameter 'TimeInForce' is not instance of Good Til Cancelled class."
            )
        if order.status not in _OPEN:
            yield rules.refusal(f"Order with status {order.status} can't be modified")
        if request.exact_quantity is not None:
            yield rules.least_size(security, request.exact_quantity)


class GDAXBrokerageModel(CoinbaseBrokerageModel):
    """Coinbase under its former name."""
