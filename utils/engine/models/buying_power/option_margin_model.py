"""Margin of options that no strategy covers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from utils.engine.dotnet.exceptions import InvalidOperationException
from utils.engine.dotnet.money import ONE, ZERO, DecimalFloat, exact
from utils.engine.enums import OptionRight, SecurityType
from utils.engine.models.buying_power.parameters import (
    InitialMargin,
    InitialMarginParameters,
    InitialMarginRequiredForOrderParameters,
    MaintenanceMargin,
    MaintenanceMarginParameters,
    OptionInitialMargin,
)
from utils.engine.models.buying_power.security_margin_model import SecurityMarginModel
from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters

# Fractions of the underlying's worth that a short option ties up beyond its own.
_LEAST: Final = Decimal("0.1")
_EQUITY: Final = Decimal("0.2")
_INDEX: Final = Decimal("0.15")


class OptionMarginModel(SecurityMarginModel):
    """A long option costs its premium and ties nothing up.

    A short one ties up its worth and, for each contract, 20 % of the underlying's worth (15 % on an index)
    less what it is out of the money; at least 10 % of the underlying's worth (calls), of the strike's (puts).
    """

    def __init__(self, required_free_buying_power_percent: float | Decimal = 0) -> None:
        super().__init__(ONE, exact(required_free_buying_power_percent))

    def get_leverage(self, security: Any) -> float:
        """None."""
        return DecimalFloat(ONE)

    def set_leverage(self, security: Any, leverage: float | Decimal) -> None:
        """Refuse any.

        Raises:
            InvalidOperationException: always.
        """
        raise InvalidOperationException(
            "Options are leveraged products and different leverage cannot be set by user"
        )

    def get_initial_margin_required_for_order(
        self, parameters: InitialMarginRequiredForOrderParameters
    ) -> InitialMargin:
        """Margin to open an order's quantity, with its fee; signed."""
        security, order = parameters.security, parameters.order
        fee = security.fee_model.get_order_fee(OrderFeeParameters(security, order)).value
        fee = parameters.currency_converter.in_account_currency(fee).exact_amount
        value = order.exact_value(security)
        margin = value * _requirement(security, order.exact_quantity, value)
        return InitialMargin(margin + (fee if margin > 0 else -fee if margin < 0 else ZERO))

    def get_maintenance_margin(self, parameters: MaintenanceMarginParameters) -> MaintenanceMargin:
        """Margin to keep a position."""
        if parameters.exact_quantity >= 0:
            return MaintenanceMargin(ZERO)
        cost = parameters.exact_holdings_cost
        requirement = _requirement(parameters.security, parameters.exact_quantity, cost)
        return MaintenanceMargin(abs(cost) * requirement)

    def get_initial_margin_requirement(self, parameters: InitialMarginParameters) -> InitialMargin:
        """Margin to open a quantity now, signed, and its premium."""
        security, quantity = parameters.security, parameters.exact_quantity
        value = (
            security.quote_currency.exact_conversion_rate
            * security.symbol_properties.exact_contract_multiplier
            * security.exact_price
            * quantity
        )
        margin = ZERO if quantity >= 0 else value * _requirement(security, quantity, value)
        return OptionInitialMargin(margin, value)


def _requirement(option: Any, quantity: Decimal, value: Decimal) -> Decimal:
    """Margin as a multiple of a value; zero while a price is missing."""
    underlying, strike = option.underlying, option.exact_strike_price
    if not value or not option.exact_close or not strike or underlying is None or not underlying.exact_close:
        return ZERO
    if value > 0:
        return ONE
    unit = Decimal(option.contract_unit_of_trade)
    # Everything is told as a multiple of the option's own worth.
    own = -value / unit
    scale = underlying.symbol_properties.exact_contract_multiplier
    scale = scale / option.symbol_properties.exact_contract_multiplier * unit
    price = underlying.exact_close
    worth = scale * (price / option.symbol_properties.exact_strike_multiplier / own)
    less = scale * (option.exact_out_of_the_money_amount(price) / own)
    is_call = option.right == OptionRight.CALL
    least = _LEAST * (worth if is_call else scale * (strike / own))
    rate = _EQUITY if option.type == SecurityType.OPTION else _INDEX
    requirement: Decimal = ONE + abs(quantity) * max(least, rate * worth - less)
    return requirement
