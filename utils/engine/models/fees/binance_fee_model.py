"""Binance's fees."""

from __future__ import annotations

from decimal import Decimal

from utils.engine.dotnet.money import exact
from utils.engine.models.fees.fee_model import FeeModel, fee_in_received_currency, is_maker
from utils.engine.models.fees.order_fee import OrderFee
from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters


class BinanceFeeModel(FeeModel):
    """A share of what is received, less for makers; the first tier by default."""

    def __init__(
        self, m_fee: float | Decimal = Decimal("0.001"), t_fee: float | Decimal = Decimal("0.001")
    ) -> None:
        self._maker_fee, self._taker_fee = exact(m_fee), exact(t_fee)

    def get_order_fee(self, parameters: OrderFeeParameters) -> OrderFee:
        """The fee of an order."""
        rate = self._maker_fee if is_maker(parameters.order) else self._taker_fee
        return fee_in_received_currency(parameters.order, parameters.security, rate)
