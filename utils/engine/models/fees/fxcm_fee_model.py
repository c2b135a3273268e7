"""FXCM's fees."""

from __future__ import annotations

from decimal import Decimal

from utils.engine.dotnet.money import ZERO
from utils.engine.enums import SecurityType
from utils.engine.models.fees.fee_model import FeeModel
from utils.engine.models.fees.order_fee import OrderFee
from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters
from utils.engine.securities.cash_amount import CashAmount

_MAJORS = frozenset({"EURUSD", "GBPUSD", "USDJPY", "USDCHF", "AUDUSD", "EURJPY", "GBPJPY"})


class FxcmFeeModel(FeeModel):
    """Currencies cost an amount a thousand units, less for FXCM's major pairs; all else is free."""

    def __init__(self, currency: str = "USD") -> None:
        self._currency = currency

    def get_order_fee(self, parameters: OrderFeeParameters) -> OrderFee:
        """The fee of an order."""
        security = parameters.security
        if security.type != SecurityType.FOREX:
            return OrderFee(CashAmount(ZERO, self._currency))
        symbol = security.symbol
        major = symbol.id.market == "fxcm" and symbol.id.symbol in _MAJORS
        rate = Decimal("0.04") if major else Decimal("0.06")
        return OrderFee(CashAmount(rate * abs(parameters.order.exact_quantity) / 1000, self._currency))
