"""Alpaca's fees."""

from __future__ import annotations

from decimal import Decimal

from utils.engine.enums import OrderDirection, SecurityType
from utils.engine.models.fees.fee_model import FeeModel, is_maker
from utils.engine.models.fees.order_fee import OrderFee
from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters
from utils.engine.securities.cash_amount import CashAmount

_MAKER, _TAKER = Decimal("0.0015"), Decimal("0.0025")


class AlpacaFeeModel(FeeModel):
    """Shares are free, coins cost a share of what is received."""

    def get_order_fee(self, parameters: OrderFeeParameters) -> OrderFee:
        """The fee of an order."""
        order, security = parameters.order, parameters.security
        if security.type != SecurityType.CRYPTO:
            return OrderFee(CashAmount(0, "USD"))
        # Alpaca's properties do not know post-only orders.
        rate = _MAKER if is_maker(order, post_only=False) else _TAKER
        fee = abs(order.exact_quantity) * rate
        if order.direction == OrderDirection.BUY:
            return OrderFee(CashAmount(fee, security.base_currency.symbol))
        return OrderFee(CashAmount(fee * security.exact_price, security.quote_currency.symbol))
