"""Exchanges of coins that take the fee in what is received: Binance, Bybit, Bitfinex."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.money import ONE
from utils.engine.enums import AccountType, OrderDirection, OrderType, SecurityType
from utils.engine.identity.symbol import Symbol
from utils.engine.models.brokerage.brokerage_message_event import unsupported
from utils.engine.models.brokerage.default_brokerage_model import DEFAULT_MARKETS, DefaultBrokerageModel
from utils.engine.models.fees.binance_fee_model import BinanceFeeModel
from utils.engine.models.fees.bitfinex_fee_model import BitfinexFeeModel
from utils.engine.models.fees.bybit_fee_model import BybitFeeModel

_NO_UPDATES = "Brokerage does not support update. You must cancel and re-create instead."


class _CoinExchange(DefaultBrokerageModel):
    """A market of coins.

    Attributes of the class: the market, leverage of margin accounts, ticker of the benchmark, fee model,
    kinds of orders.
    """

    _market: str
    _margin_leverage: Decimal
    _benchmark: str
    _fees: type
    _orders: tuple[OrderType, ...] = (
        OrderType.STOP_MARKET,
        OrderType.STOP_LIMIT,
        OrderType.MARKET,
        OrderType.LIMIT,
    )

    def __init__(self, account_type: AccountType = AccountType.CASH) -> None:
        super().__init__(account_type)

    @property
    def default_markets(self) -> Mapping[SecurityType, str]:
        """Coins are this exchange's."""
        return {**DEFAULT_MARKETS, SecurityType.CRYPTO: self._market}

    def get_leverage(self, security: Any) -> Decimal:
        """That of margin accounts."""
        internal = (
            all(config.is_internal_feed for config in security.subscriptions) and security.subscriptions
        )
        if self.account_type == AccountType.CASH or internal or security.type == SecurityType.BASE:
            return ONE
        return self._margin_leverage

    def get_benchmark(self, securities: Any) -> Any:
        """Bitcoin."""
        return Symbol.create(self._benchmark, SecurityType.CRYPTO, self._market)

    def get_fee_model(self, security: Any) -> Any:
        """The exchange's."""
        return self._fees()

    def can_submit_order(self, security: Any, order: Any, message: Any = None) -> Any:
        """Coins, of at least the least size."""
        verdict = self._check_kinds(security, order, (SecurityType.CRYPTO,), self._orders)
        if not verdict[0]:
            return verdict
        return self._check_size(security, self._size(security, order), order.exact_quantity)

    def _size(self, security: Any, order: Any) -> Decimal:
        """What the least size is about."""
        size: Decimal = abs(order.exact_quantity)
        return size

    def can_update_order(self, security: Any, order: Any, request: Any, message: Any = None) -> Any:
        """None."""
        return unsupported(_NO_UPDATES)


class BinanceBrokerageModel(_CoinExchange):
    """Binance; the least size is one of notional."""

    _market, _margin_leverage, _benchmark, _fees = "binance", Decimal(3), "BTCUSDC", BinanceFeeModel
    _orders = (OrderType.STOP_LIMIT, OrderType.MARKET, OrderType.LIMIT)

    def _size(self, security: Any, order: Any) -> Decimal:
        if order.type == OrderType.MARKET:
            buying = order.direction == OrderDirection.BUY
            price = security.exact_ask_price if buying else security.exact_bid_price
        elif order.type == OrderType.STOP_LIMIT:
            price = min(order.exact_limit_price, order.exact_stop_price)
        else:
            price = order.exact_limit_price
        value: Decimal = abs(order.exact_quantity) * price
        return value


class BinanceUSBrokerageModel(BinanceBrokerageModel):
    """Binance in the United States: cash accounts."""

    _market = "binanceus"

    def __init__(self, account_type: AccountType = AccountType.CASH) -> None:
        if account_type == AccountType.MARGIN:
            raise ArgumentException("The Binance.US brokerage does not currently support Margin trading.")
        super().__init__(account_type)


class BybitBrokerageModel(_CoinExchange):
    """Bybit."""

    _market, _margin_leverage, _benchmark, _fees = "bybit", Decimal(10), "BTCUSDC", BybitFeeModel


class BitfinexBrokerageModel(_CoinExchange):
    """Bitfinex; margin accounts by default."""

    _market, _margin_leverage, _benchmark, _fees = "bitfinex", Decimal("3.3"), "BTCUSD", BitfinexFeeModel

    def __init__(self, account_type: AccountType = AccountType.MARGIN) -> None:
        super().__init__(account_type)

    def can_update_order(self, security: Any, order: Any, request: Any, message: Any = None) -> Any:
        """Any."""
        return True, None
