"""Exante's fees."""

from __future__ import annotations

from decimal import Decimal

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.money import exact
from utils.engine.enums import SecurityType
from utils.engine.models.fees.fee_model import FeeModel
from utils.engine.models.fees.order_fee import OrderFee
from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters
from utils.engine.securities.cash_amount import CashAmount

_PER_SHARE = Decimal("0.02")
_PER_CONTRACT = Decimal("1.5")


class ExanteFeeModel(FeeModel):
    """US shares cost an amount a share, others and currencies a rate of their worth; all in US dollars."""

    def __init__(self, forex_commission_rate: float | Decimal = Decimal("0.25")) -> None:
        self._forex_rate = exact(forex_commission_rate)

    def get_order_fee(self, parameters: OrderFeeParameters) -> OrderFee:
        """The fee of an order.

        Raises:
            ArgumentException: Exante does not trade this kind of security.
        """
        order, security = parameters.order, parameters.security
        quantity, american = abs(order.exact_quantity), order.symbol.id.market == "usa"
        match security.type:
            case SecurityType.FOREX:
                fee = abs(self._forex_rate * order.exact_value(security))
            case SecurityType.EQUITY:
                fee = quantity * _PER_SHARE if american else quantity * order.exact_price * _PER_SHARE
            case SecurityType.OPTION | SecurityType.INDEX_OPTION:
                if not american:
                    raise ArgumentException(f"Unsupported exchange: ${order.symbol.id.market}")
                fee = quantity * _PER_CONTRACT
            case SecurityType.FUTURE | SecurityType.FUTURE_OPTION:
                fee = _PER_CONTRACT
            case _:
                raise ArgumentException(f"Unsupported security type: {security.type}")
        return OrderFee(CashAmount(fee, "USD"))
