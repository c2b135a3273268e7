"""Kraken's fees."""

from __future__ import annotations

from decimal import Decimal

from utils.engine.enums import OrderDirection
from utils.engine.models.fees.fee_model import FeeModel, is_maker, quoted_price
from utils.engine.models.fees.order_fee import OrderFee
from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters
from utils.engine.securities.cash_amount import CashAmount

_MAKER, _TAKER, _CURRENCIES = Decimal("0.0016"), Decimal("0.0026"), Decimal("0.002")


class KrakenFeeModel(FeeModel):
    """A share of the notional in the quote currency by a buy, of the quantity in the coin by a sale.

    `fee_in_base` and `fee_in_quote` of the order's properties ask for the other one. Pairs that begin with
    one of `fx_stablecoin_list` have a rate of their own.
    """

    fx_stablecoin_list: list[str]

    def __init__(self) -> None:
        self.fx_stablecoin_list = ["CAD", "EUR", "GBP", "JPY", "USD", "USDT", "DAI", "USDC"]

    def get_order_fee(self, parameters: OrderFeeParameters) -> OrderFee:
        """The fee of an order."""
        order, security = parameters.order, parameters.security
        rate = _MAKER if is_maker(order) else _TAKER
        if security.symbol.value.startswith(tuple(self.fx_stablecoin_list)):
            rate = _CURRENCIES
        in_quote = order.direction == OrderDirection.BUY
        if in_quote and getattr(order.properties, "fee_in_base", False):
            in_quote = False
        if not in_quote and getattr(order.properties, "fee_in_quote", False):
            in_quote = True
        quantity = abs(order.exact_quantity)
        if in_quote:
            fee = quoted_price(order, security) * quantity * rate
            return OrderFee(CashAmount(fee, security.quote_currency.symbol))
        return OrderFee(CashAmount(quantity * rate, security.base_currency.symbol))
