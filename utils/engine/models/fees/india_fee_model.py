"""Fees and taxes of Indian brokerages."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from utils.engine.dotnet.money import ZERO, round_half_even
from utils.engine.models.fees.fee_model import FeeModel
from utils.engine.models.fees.order_fee import OrderFee
from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters
from utils.engine.securities.cash_amount import CashAmount


class IndiaFeeModel(FeeModel):
    """Commission with a greatest amount, exchange, tax, supervision and stamp, each rounded to paise.

    Class attributes are rates; a brokerage sets its own.
    """

    _commission: ClassVar[Decimal] = ZERO
    _greatest_commission: ClassVar[Decimal] = ZERO
    _sale_tax: ClassVar[Decimal] = ZERO
    _exchange: ClassVar[Decimal] = ZERO
    _state_tax: ClassVar[Decimal] = ZERO
    _supervision: ClassVar[Decimal] = ZERO
    _stamp: ClassVar[Decimal] = ZERO
    _stamp_from_order_value: ClassVar[bool] = False

    def get_order_fee(self, parameters: OrderFeeParameters) -> OrderFee:
        """The fee of an order."""
        if parameters.security is None:
            return OrderFee.ZERO
        return OrderFee(CashAmount(self._total(parameters.order.exact_value(parameters.security)), "INR"))

    def _total(self, signed_value: Decimal) -> Decimal:
        value, selling = abs(signed_value), signed_value < 0
        turnover = _paise(value)
        commission = value * self._commission
        if commission > self._greatest_commission:
            commission = self._greatest_commission
        else:
            commission = _paise(commission)
        exchange = _paise(turnover * self._exchange)
        total = commission + exchange
        total += _paise(self._state_tax * (commission + exchange)) + _paise(turnover * self._supervision)
        if selling:
            total += _paise(value * self._sale_tax)
        else:
            total += _paise((value if self._stamp_from_order_value else turnover) * self._stamp)
        return _paise(total)


def _paise(amount: Decimal) -> Decimal:
    return round_half_even(amount, 2)
