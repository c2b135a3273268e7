"""Bitfinex's fees."""

from __future__ import annotations

from decimal import Decimal

from utils.engine.models.fees.fee_model import FeeModel, fee_in_received_currency, is_maker
from utils.engine.models.fees.order_fee import OrderFee
from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters

MAKER, TAKER = Decimal("0.001"), Decimal("0.002")


class BitfinexFeeModel(FeeModel):
    """A share of what is received, less for makers."""

    def get_order_fee(self, parameters: OrderFeeParameters) -> OrderFee:
        """The fee of an order."""
        return fee_in_received_currency(parameters.order, parameters.security, bitfinex_rate(parameters))


def bitfinex_rate(parameters: OrderFeeParameters) -> Decimal:
    """Hidden orders are takers."""
    hidden = getattr(parameters.order.properties, "hidden", False)
    return MAKER if is_maker(parameters.order) and not hidden else TAKER
