"""Binance."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.money import ONE, text
from utils.engine.enums import AccountType, OrderDirection, OrderType, SecurityType
from utils.engine.models.brokerage import order_rules as rules
from utils.engine.models.brokerage.order_rules import Refusal
from utils.engine.models.brokerage.selective_brokerage_model import Markets, SelectiveBrokerageModel
from utils.engine.models.fees.binance_fee_model import BinanceFeeModel

_LEVERAGE = Decimal(3)
_STOPS = (OrderType.STOP_MARKET, OrderType.TRAILING_STOP)  # LEAN's trailing stop is a stop market order


class BinanceBrokerageModel(SelectiveBrokerageModel):
    """Coins; the notional of an order is above the least size; orders are not changed."""

    _securities = (SecurityType.CRYPTO, SecurityType.CRYPTO_FUTURE)
    _orders = (OrderType.STOP_MARKET, OrderType.STOP_LIMIT, OrderType.MARKET, OrderType.LIMIT)
    _fees = BinanceFeeModel
    _markets: ClassVar[Markets] = {SecurityType.CRYPTO: "binance"}
    _benchmark = ("BTCUSDC", SecurityType.CRYPTO, "binance")
    _takes_updates = False
    _api: ClassVar[str] = "https://api.binance.com/api/v3"

    def __init__(self, account_type: AccountType = AccountType.CASH) -> None:
        super().__init__(account_type)

    def _exact_leverage(self, security: Any) -> Decimal:
        return ONE if self._is_unlevered(security) else _LEVERAGE

    def _refusals(self, security: Any, order: Any) -> Iterator[Refusal]:
        if order.type in _STOPS:
            ticker = security.symbol_properties.market_ticker
            yield rules.refusal(
                f"{order.type} orders are not supported for this symbol. Please check "
                f"'{self._api}/exchangeInfo?symbol={ticker}' to see supported order types."
            )
        yield self._order_kind(security, order)
        if order.type == OrderType.MARKET and not security.has_data:
            yield rules.refusal(rules.NO_DATA)
        for price in _prices(security, order):
            yield _notional(security, order.exact_quantity, price)
        yield rules.security_kind(self, security, self._securities)


def _prices(security: Any, order: Any) -> tuple[Decimal, ...]:
    if order.type == OrderType.MARKET:
        buying = order.direction == OrderDirection.BUY
        return (security.exact_ask_price if buying else security.exact_bid_price,)
    if order.type == OrderType.STOP_LIMIT:
        return order.exact_limit_price, order.exact_stop_price
    return (order.exact_limit_price,)


def _notional(security: Any, quantity: Decimal, price: Decimal) -> Refusal:
    least = security.symbol_properties.exact_minimum_order_size
    if least is None or abs(quantity) * price > least:
        return None
    return rules.refusal(
        f"The minimum order size (in quote currency) for {security.symbol.value} is {text(least)}. "
        f"Order size was {text(quantity * price)}."
    )


class BinanceUSBrokerageModel(BinanceBrokerageModel):
    """Binance in the United States: cash accounts."""

    _markets: ClassVar[Markets] = {SecurityType.CRYPTO: "binanceus"}
    _benchmark = ("BTCUSDC", SecurityType.CRYPTO, "binanceus")
    _api = "https://api.binance.us/api/v3"

    def __init__(self, account_type: AccountType = AccountType.CASH) -> None:
        if account_type == AccountType.MARGIN:
            raise ArgumentException("The Binance.US brokerage does not currently support Margin trading.")
        super().__init__(account_type)

    def _exact_leverage(self, security: Any) -> Decimal:
        return ONE
