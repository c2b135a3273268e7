"""What an option is worth to its holder when it is exercised."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from utils.engine.dotnet.money import ZERO
from utils.engine.enums import OptionRight


def scaled_strike(option: Any) -> Decimal:
    """Strike in the prices of the underlying: some indices have options on a fraction of them."""
    strike: Decimal = option.symbol.id.exact_strike_price * option.symbol_properties.exact_strike_multiplier
    return strike


def payoff(option: Any, underlying_price: Decimal) -> Decimal:
    """Price of the underlying beyond the strike; below zero out of the money."""
    beyond = underlying_price - scaled_strike(option)
    return beyond if option.symbol.id.option_right == OptionRight.CALL else -beyond


def intrinsic_value(option: Any, underlying_price: Decimal) -> Decimal:
    """The payoff, at least zero."""
    return max(ZERO, payoff(option, underlying_price))


def out_of_the_money_amount(option: Any, underlying_price: Decimal) -> Decimal:
    """How far the underlying is from the strike while exercise pays nothing."""
    return max(ZERO, -payoff(option, underlying_price))


def is_auto_exercised(option: Any, underlying_price: Decimal) -> bool:
    """Whether an expiring contract is exercised: in the money by a cent."""
    return intrinsic_value(option, underlying_price) >= Decimal("0.01")


def exercise_quantity(option: Any, order_quantity: Decimal) -> Decimal:
    """Signed units of the underlying that an exercise order moves.

    The order's quantity is signed as the change of the option's holding: below zero when the holder
    exercises, above when a short position is assigned.
    """
    side = -1 if option.symbol.id.option_right == OptionRight.CALL else 1
    return side * order_quantity * unit_of_trade(option)


def unit_of_trade(option: Any) -> Decimal:
    """Units of the underlying that one contract delivers."""
    properties = option.symbol_properties
    unit = getattr(properties, "exact_contract_unit_of_trade", None)
    found: Decimal = properties.exact_contract_multiplier if unit is None else unit
    return found
