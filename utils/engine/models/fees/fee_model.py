"""The base of fee models."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import OrderDirection, OrderType
from utils.engine.models.fees.order_fee import OrderFee
from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters
from utils.engine.securities.cash_amount import CashAmount


class FeeModel(DotNet):
    """Says what an order costs; nothing by itself."""

    def get_order_fee(self, parameters: OrderFeeParameters) -> OrderFee:
        """The fee of an order."""
        return OrderFee(CashAmount(0, "USD"))


def is_maker(order: Any) -> bool:
    """Whether an order rests in the book: a limit order that is post-only or was not marketable."""
    if order.type != OrderType.LIMIT:
        return False
    return bool(getattr(order.properties, "post_only", False)) or not order.is_marketable


def quoted_price(order: Any, security: Any) -> Decimal:
    """Price of a unit: the limit, else the other side of the quote."""
    if order.type == OrderType.LIMIT:
        price: Decimal = order.exact_limit_price
    elif order.direction == OrderDirection.BUY:
        price = security.exact_ask_price
    else:
        price = security.exact_bid_price
    return price * security.symbol_properties.exact_contract_multiplier


def fee_in_received_currency(order: Any, security: Any, rate: Decimal) -> OrderFee:
    """A share of what is received: of the coin by a buy, of its worth by a sale."""
    quantity = abs(order.exact_quantity)
    if order.direction == OrderDirection.BUY:
        return OrderFee(CashAmount(quantity * rate, security.base_currency.symbol))
    price = quoted_price(order, security)
    return OrderFee(CashAmount(price * quantity * rate, security.quote_currency.symbol))
