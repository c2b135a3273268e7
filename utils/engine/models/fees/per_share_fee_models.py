"""Brokerages that charge by the share, or nothing."""

from __future__ import annotations

from decimal import Decimal

from utils.engine.dotnet.money import exact
from utils.engine.enums import OrderDirection, SecurityType
from utils.engine.models.fees.fee_model import FeeModel, is_maker
from utils.engine.models.fees.order_fee import OrderFee
from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters
from utils.engine.securities.cash_amount import CashAmount


class AxosFeeModel(FeeModel):
    """Axos: an amount a share."""

    def __init__(self, fees_per_share: float | Decimal | None = None) -> None:
        self._per_share = exact(Decimal("0.0035") if fees_per_share is None else fees_per_share)

    def get_order_fee(self, parameters: OrderFeeParameters) -> OrderFee:
        """The fee of an order."""
        return OrderFee(CashAmount(self._per_share * abs(parameters.order.exact_quantity), "USD"))


class CharlesSchwabFeeModel(FeeModel):
    """Charles Schwab: shares are free."""

    def get_order_fee(self, parameters: OrderFeeParameters) -> OrderFee:
        """The fee of an order."""
        return OrderFee.ZERO


class AlpacaFeeModel(FeeModel):
    """Alpaca: shares are free, coins cost a share of what is received."""

    def get_order_fee(self, parameters: OrderFeeParameters) -> OrderFee:
        """The fee of an order."""
        order, security = parameters.order, parameters.security
        if security.type != SecurityType.CRYPTO:
            return OrderFee(CashAmount(0, "USD"))
        rate = Decimal("0.0015") if is_maker(order) else Decimal("0.0025")
        quantity = abs(order.exact_quantity)
        if order.direction == OrderDirection.BUY:
            return OrderFee(CashAmount(quantity * rate, security.base_currency.symbol))
        return OrderFee(CashAmount(quantity * security.exact_price * rate, security.quote_currency.symbol))
