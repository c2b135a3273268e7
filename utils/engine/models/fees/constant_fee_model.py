"""The same fee for every order."""

from __future__ import annotations

from decimal import Decimal

from utils.engine.dotnet.money import exact
from utils.engine.models.fees.fee_model import FeeModel
from utils.engine.models.fees.order_fee import OrderFee
from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters
from utils.engine.securities.cash_amount import CashAmount


class ConstantFeeModel(FeeModel):
    """An amount an order."""

    def __init__(self, fee: float | Decimal, currency: str = "USD") -> None:
        self._fee = OrderFee(CashAmount(abs(exact(fee)), currency))

    def get_order_fee(self, parameters: OrderFeeParameters) -> OrderFee:
        """The fee of an order."""
        return self._fee
