"""Coinbase."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.money import ONE
from utils.engine.enums import AccountType, OrderStatus, OrderType, SecurityType
from utils.engine.identity.symbol import Symbol
from utils.engine.models.brokerage.brokerage_message_event import unsupported
from utils.engine.models.brokerage.default_brokerage_model import DEFAULT_MARKETS, DefaultBrokerageModel
from utils.engine.models.buying_power.cash_buying_power_model import CashBuyingPowerModel
from utils.engine.models.fees.coinbase_fee_model import CoinbaseFeeModel
from utils.engine.models.fees.gdax_fee_model import GDAXFeeModel
from utils.engine.orders.time_in_force import GoodTilCanceledTimeInForce

_ORDERS = (OrderType.LIMIT, OrderType.MARKET, OrderType.STOP_LIMIT, OrderType.STOP_MARKET)
_STOP_MARKET_UNTIL = datetime(2019, 3, 23, 1)
_CHANGEABLE = (
    OrderStatus.NEW,
    OrderStatus.PARTIALLY_FILLED,
    OrderStatus.SUBMITTED,
    OrderStatus.UPDATE_SUBMITTED,
)


class CoinbaseBrokerageModel(DefaultBrokerageModel):
    """Coins on cash accounts."""

    _market = "coinbase"

    def __init__(self, account_type: AccountType = AccountType.CASH) -> None:
        if account_type == AccountType.MARGIN:
            raise ArgumentException(
                "The Coinbase brokerage does not currently support Margin trading. (Parameter 'accountType')"
            )
        super().__init__(account_type)

    @property
    def default_markets(self) -> Mapping[SecurityType, str]:
        """Coins are Coinbase's."""
        return {**DEFAULT_MARKETS, SecurityType.CRYPTO: self._market}

    def get_leverage(self, security: Any) -> Decimal:
        """None."""
        return ONE

    def get_benchmark(self, securities: Any) -> Any:
        """Bitcoin."""
        return Symbol.create("BTCUSD", SecurityType.CRYPTO, self._market)

    def get_fee_model(self, security: Any) -> Any:
        """Coinbase's."""
        return CoinbaseFeeModel()

    def get_buying_power_model(self, security: Any) -> Any:
        """What is there can be spent."""
        return CashBuyingPowerModel()

    def can_submit_order(self, security: Any, order: Any, message: Any = None) -> Any:
        """Coins, four kinds of orders."""
        verdict = self._check_size(security, abs(order.exact_quantity), order.exact_quantity)
        if not verdict[0]:
            return verdict
        verdict = self._check_kinds(security, order, (SecurityType.CRYPTO,), _ORDERS)
        if not verdict[0]:
            return verdict
        if order.type == OrderType.STOP_MARKET and order.time >= _STOP_MARKET_UNTIL:
            return unsupported(f"Stop Market orders are no longer supported since {_STOP_MARKET_UNTIL}.")
        return True, None

    def can_update_order(self, security: Any, order: Any, request: Any, message: Any = None) -> Any:
        """Open limit orders only."""
        if order.type != OrderType.LIMIT:
            return unsupported(f"Order with type {order.type} can't be modified, only LIMIT.")
        if not isinstance(order.time_in_force, GoodTilCanceledTimeInForce):
            return unsupported("Order's parameter 'TimeInForce' is not instance of Good Til Cancelled class.")
        if order.status not in _CHANGEABLE:
            return unsupported(f"Order with status {order.status} can't be modified")
        return True, None


class GDAXBrokerageModel(CoinbaseBrokerageModel):
    """Coinbase under its former name."""

    def get_fee_model(self, security: Any) -> Any:
        """Coinbase's."""
        return GDAXFeeModel()
