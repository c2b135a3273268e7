"""Tastytrade's fees."""

from __future__ import annotations

from decimal import Decimal

from utils.engine.dotnet.money import ZERO
from utils.engine.enums import OrderDirection, SecurityType
from utils.engine.models.fees.fee_model import FeeModel
from utils.engine.models.fees.order_fee import OrderFee
from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters
from utils.engine.securities.cash_amount import CashAmount

_TO_OPEN = {
    SecurityType.OPTION: Decimal(1),
    SecurityType.INDEX_OPTION: Decimal(1),
    SecurityType.FUTURE_OPTION: Decimal("2.5"),
}
_FUTURE = Decimal("1.25")


class TastytradeFeeModel(FeeModel):
    """Shares are free; options cost an amount a contract when they open a position."""

    def get_order_fee(self, parameters: OrderFeeParameters) -> OrderFee:
        """The fee of an order."""
        order, security = parameters.order, parameters.security
        rate = ZERO
        if security.type == SecurityType.FUTURE:
            rate = _FUTURE
        elif security.type in _TO_OPEN:
            held = security.holdings.exact_quantity
            opens = held >= 0 if order.direction == OrderDirection.BUY else held <= 0
            rate = _TO_OPEN[security.type] if opens else ZERO
        return OrderFee(CashAmount(abs(order.exact_quantity) * rate, "USD"))
