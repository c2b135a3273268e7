"""Axos's fees."""

from __future__ import annotations

from decimal import Decimal

from utils.engine.dotnet.money import exact
from utils.engine.models.fees.fee_model import FeeModel
from utils.engine.models.fees.order_fee import OrderFee
from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters
from utils.engine.securities.cash_amount import CashAmount


class AxosFeeModel(FeeModel):
    """An amount a share, in US dollars."""

    def __init__(self, fees_per_share: float | Decimal | None = None) -> None:
        self._per_share = exact(Decimal("0.0035") if fees_per_share is None else fees_per_share)

    def get_order_fee(self, parameters: OrderFeeParameters) -> OrderFee:
        """The fee of an order."""
        return OrderFee(CashAmount(self._per_share * abs(parameters.order.exact_quantity), "USD"))
