"""Charles Schwab's fees."""

from __future__ import annotations

from decimal import Decimal

from utils.engine.enums import SecurityType
from utils.engine.models.fees.fee_model import FeeModel
from utils.engine.models.fees.order_fee import OrderFee
from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters
from utils.engine.securities.cash_amount import CashAmount

_PER_CONTRACT = {
    SecurityType.OPTION: Decimal("0.65"),
    SecurityType.INDEX_OPTION: Decimal(1),
    SecurityType.FUTURE_OPTION: Decimal(0),
}


class CharlesSchwabFeeModel(FeeModel):
    """Shares are free, options cost an amount a contract."""

    def get_order_fee(self, parameters: OrderFeeParameters) -> OrderFee:
        """The fee of an order."""
        rate = _PER_CONTRACT.get(parameters.security.type)
        if rate is None:
            return OrderFee.ZERO
        return OrderFee(CashAmount(abs(parameters.order.exact_quantity) * rate, "USD"))
