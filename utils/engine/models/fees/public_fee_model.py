"""Public's fees."""

from __future__ import annotations

from decimal import Decimal

from utils.engine.dotnet.money import ZERO
from utils.engine.enums import SecurityType
from utils.engine.models.fees.fee_model import FeeModel
from utils.engine.models.fees.order_fee import OrderFee
from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters
from utils.engine.orders.time_in_force import UTC, moved
from utils.engine.securities.cash_amount import CashAmount

_EXTENDED_HOURS = Decimal("2.99")
_PER_INDEX_OPTION = Decimal("0.5")
# Up to a worth in coins: fee. Beyond: a rate of the worth.
_COINS = tuple(
    (Decimal(worth), Decimal(fee))
    for worth, fee in (
        (10, "0.49"),
        (25, "0.69"),
        (50, "1.19"),
        (100, "1.69"),
        (250, "3.29"),
        (500, "6.29"),
    )
)
_COIN_RATE = Decimal("0.0125")


class PublicFeeModel(FeeModel):
    """Shares are free in regular hours; coins cost by their worth. All in US dollars."""

    def get_order_fee(self, parameters: OrderFeeParameters) -> OrderFee:
        """The fee of an order."""
        order, security = parameters.order, parameters.security
        quantity = abs(order.exact_quantity)
        match security.type:
            case SecurityType.EQUITY:
                hours = security.exchange.hours
                regular = hours.is_open(moved(order.time, UTC, hours.time_zone), False)
                fee = ZERO if regular else _EXTENDED_HOURS
            case SecurityType.INDEX_OPTION:
                fee = quantity * _PER_INDEX_OPTION
            case SecurityType.CRYPTO:
                multiplier = security.symbol_properties.exact_contract_multiplier
                fee = _coins(security.exact_price * multiplier * quantity)
            case _:
                return OrderFee.ZERO
        return OrderFee(CashAmount(fee, "USD"))


def _coins(worth: Decimal) -> Decimal:
    return next((fee for most, fee in _COINS if worth <= most), worth * _COIN_RATE)
