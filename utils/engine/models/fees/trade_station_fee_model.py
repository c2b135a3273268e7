"""TradeStation's fees."""

from __future__ import annotations

from decimal import Decimal

from utils.engine.dotnet.money import ZERO
from utils.engine.enums import SecurityType
from utils.engine.models.fees.fee_model import FeeModel
from utils.engine.models.fees.order_fee import OrderFee
from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters
from utils.engine.securities.cash_amount import CashAmount

_PER_TRADE_ABROAD = Decimal(5)
_PER_CONTRACT = {
    SecurityType.OPTION: Decimal("0.6"),
    SecurityType.INDEX_OPTION: Decimal(1),
    SecurityType.FUTURE: Decimal("1.5"),
}


class TradeStationFeeModel(FeeModel):
    """Shares are free for residents of the US, others pay by the trade; contracts cost an amount each."""

    us_resident: bool

    def __init__(self, us_resident: bool = True) -> None:
        self.us_resident = us_resident

    def get_order_fee(self, parameters: OrderFeeParameters) -> OrderFee:
        """The fee of an order."""
        kind = parameters.security.type
        fee = abs(parameters.order.exact_quantity) * _PER_CONTRACT.get(kind, ZERO)
        if not self.us_resident and kind != SecurityType.FUTURE:
            fee += _PER_TRADE_ABROAD
        return OrderFee(CashAmount(fee, "USD"))
