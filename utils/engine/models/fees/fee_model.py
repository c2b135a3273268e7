"""The base of fee models."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import OrderDirection, OrderType, SecurityType
from utils.engine.errors import NotSupportedByEngine
from utils.engine.models.fees.order_fee import OrderFee
from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters
from utils.engine.securities.cash_amount import CashAmount


class FeeModel(DotNet):
    """Says what an order costs; nothing by itself."""

    def get_order_fee(self, parameters: OrderFeeParameters) -> OrderFee:
        """The fee of an order."""
        return OrderFee(CashAmount(0, "USD"))


def is_maker(order: Any, *, post_only: bool = True) -> bool:
    """Whether an order rests in the book: a limit order that was not marketable, or is post-only.

    Args:
        post_only: whether the brokerage knows post-only orders.
    """
    if order.type != OrderType.LIMIT:
        return False
    asked = post_only and bool(getattr(order.properties, "post_only", False))
    return asked or not order.is_marketable


def traded_price(order: Any, security: Any) -> Decimal:
    """Worth of a unit at the other side of the quote."""
    price: Decimal = (
        security.exact_ask_price if order.direction == OrderDirection.BUY else security.exact_bid_price
    )
    multiplier: Decimal = security.symbol_properties.exact_contract_multiplier
    return price * multiplier


def quoted_price(order: Any, security: Any) -> Decimal:
    """Worth of a unit at the limit, of other orders than limit orders at the other side of the quote."""
    if order.type != OrderType.LIMIT:
        return traded_price(order, security)
    limit: Decimal = order.exact_limit_price
    multiplier: Decimal = security.symbol_properties.exact_contract_multiplier
    return limit * multiplier


def fee_in_received_currency(order: Any, security: Any, rate: Decimal) -> OrderFee:
    """A share of what is received: of the coin by a buy, of its worth by a sale.

    Raises:
        NotSupportedByEngine: of a future on a coin.
    """
    if security.type == SecurityType.CRYPTO_FUTURE:
        raise NotSupportedByEngine("fees of SecurityType.CryptoFuture")
    quantity = abs(order.exact_quantity)
    if order.direction == OrderDirection.BUY:
        return OrderFee(CashAmount(quantity * rate, security.base_currency.symbol))
    price = quoted_price(order, security)
    return OrderFee(CashAmount(price * quantity * rate, security.quote_currency.symbol))
