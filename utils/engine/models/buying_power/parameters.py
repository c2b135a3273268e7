"""What buying power models are given, and what they answer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from utils.engine.dotnet.money import ZERO, exact
from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.surface import read_only_float_of
from utils.engine.enums import OrderDirection


class InitialMargin(DotNet):
    """Margin to open a position, in the account's currency."""

    value = read_only_float_of("exact_value")

    def __init__(self, value: float | Decimal) -> None:
        self.exact_value = exact(value)


class OptionInitialMargin(InitialMargin):
    """Margin to open a position in options, and the premium; a premium that is paid is part of the value."""

    premium = read_only_float_of("exact_premium")
    value_without_premium = read_only_float_of("exact_value_without_premium")

    def __init__(self, value: float | Decimal, premium: float | Decimal) -> None:
        self.exact_premium, self.exact_value_without_premium = exact(premium), exact(value)
        super().__init__(self.exact_value_without_premium + max(self.exact_premium, ZERO))


class MaintenanceMargin(InitialMargin):
    """Margin to keep a position, in the account's currency."""


class InitialMarginParameters(DotNet):
    """A quantity of a security."""

    security: Any
    quantity = read_only_float_of("exact_quantity")

    def __init__(self, security: Any, quantity: float | Decimal) -> None:
        self.security, self.exact_quantity = security, exact(quantity)


class InitialMarginRequiredForOrderParameters(DotNet):
    """An order of a security."""

    currency_converter: Any
    security: Any
    order: Any

    def __init__(self, currency_converter: Any, security: Any, order: Any) -> None:
        self.currency_converter, self.security, self.order = currency_converter, security, order


class MaintenanceMarginParameters(DotNet):
    """A position of a security."""

    security: Any
    quantity = read_only_float_of("exact_quantity")
    holdings_value = read_only_float_of("exact_holdings_value")
    holdings_cost = read_only_float_of("exact_holdings_cost")

    def __init__(
        self,
        security: Any,
        quantity: float | Decimal,
        holdings_cost: float | Decimal,
        holdings_value: float | Decimal,
    ) -> None:
        self.security, self.exact_quantity = security, exact(quantity)
        self.exact_holdings_cost, self.exact_holdings_value = exact(holdings_cost), exact(holdings_value)

    @property
    def absolute_holdings_value(self) -> float:
        """Size of the position's worth."""
        return float(abs(self.exact_holdings_value))

    @property
    def absolute_quantity(self) -> float:
        """Size of the position."""
        return float(abs(self.exact_quantity))

    @staticmethod
    def for_current_holdings(security: Any) -> MaintenanceMarginParameters:
        """The position that is held."""
        held = security.holdings
        return MaintenanceMarginParameters(
            security, held.exact_quantity, held.exact_holdings_cost, held.exact_holdings_value
        )

    @staticmethod
    def for_quantity_at_current_price(
        security: Any, quantity: float | Decimal
    ) -> MaintenanceMarginParameters:
        """A quantity, worth what it costs now."""
        amount = exact(quantity)
        value = security.holdings.exact_quantity_value(amount)
        return MaintenanceMarginParameters(security, amount, value, value)


class HasSufficientBuyingPowerForOrderParameters(DotNet):
    """An order, its security and the account."""

    portfolio: Any
    security: Any
    order: Any

    def __init__(self, portfolio: Any, security: Any, order: Any) -> None:
        self.portfolio, self.security, self.order = portfolio, security, order

    def sufficient(self) -> HasSufficientBuyingPowerForOrderResult:
        """The account can carry the order."""
        return HasSufficientBuyingPowerForOrderResult(True)

    def insufficient(self, reason: str) -> HasSufficientBuyingPowerForOrderResult:
        """The account cannot carry the order."""
        return HasSufficientBuyingPowerForOrderResult(False, reason)


class HasSufficientBuyingPowerForOrderResult(DotNet):
    """Whether the account can carry an order, and why not."""

    is_sufficient: bool
    reason: str | None

    def __init__(self, is_sufficient: bool, reason: str | None = None) -> None:
        self.is_sufficient, self.reason = is_sufficient, reason


class GetMaximumOrderQuantityForTargetBuyingPowerParameters(DotNet):
    """A share of the account's buying power to bring a position to."""

    portfolio: Any
    security: Any
    silence_non_error_reasons: bool
    target_buying_power = read_only_float_of("exact_target_buying_power")
    minimum_order_margin_portfolio_percentage = read_only_float_of(
        "exact_minimum_order_margin_portfolio_percentage"
    )

    def __init__(
        self,
        portfolio: Any,
        security: Any,
        target_buying_power: float | Decimal,
        minimum_order_margin_portfolio_percentage: float | Decimal,
        silence_non_error_reasons: bool = False,
    ) -> None:
        self.portfolio, self.security = portfolio, security
        self.exact_target_buying_power = exact(target_buying_power)
        self.exact_minimum_order_margin_portfolio_percentage = exact(
            minimum_order_margin_portfolio_percentage
        )
        self.silence_non_error_reasons = silence_non_error_reasons


class GetMaximumOrderQuantityForDeltaBuyingPowerParameters(DotNet):
    """Buying power to add to a position, below zero to take away."""

    portfolio: Any
    security: Any
    silence_non_error_reasons: bool
    delta_buying_power = read_only_float_of("exact_delta_buying_power")
    minimum_order_margin_portfolio_percentage = read_only_float_of(
        "exact_minimum_order_margin_portfolio_percentage"
    )

    def __init__(
        self,
        portfolio: Any,
        security: Any,
        delta_buying_power: float | Decimal,
        minimum_order_margin_portfolio_percentage: float | Decimal,
        silence_non_error_reasons: bool = False,
    ) -> None:
        self.portfolio, self.security = portfolio, security
        self.exact_delta_buying_power = exact(delta_buying_power)
        self.exact_minimum_order_margin_portfolio_percentage = exact(
            minimum_order_margin_portfolio_percentage
        )
        self.silence_non_error_reasons = silence_non_error_reasons


class GetMaximumOrderQuantityResult(DotNet):
    """A quantity to order, or why there is none."""

    reason: str | None
    is_error: bool
    quantity = read_only_float_of("exact_quantity")

    def __init__(
        self, quantity: float | Decimal, reason: str | None = None, is_error: bool | None = None
    ) -> None:
        self.exact_quantity = exact(quantity)
        self.reason = reason
        self.is_error = bool(reason) if is_error is None else is_error


class ReservedBuyingPowerForPositionParameters(DotNet):
    """A security whose position is asked about."""

    security: Any

    def __init__(self, security: Any) -> None:
        self.security = security

    def result_in_account_currency(self, value: float | Decimal) -> ReservedBuyingPowerForPosition:
        """An answer."""
        return ReservedBuyingPowerForPosition(value)


class ReservedBuyingPowerForPosition(DotNet):
    """What a position ties up, in the account's currency."""

    absolute_used_buying_power = read_only_float_of("exact_absolute_used_buying_power")

    def __init__(self, reserved_buying_power_for_position: float | Decimal) -> None:
        self.exact_absolute_used_buying_power = exact(reserved_buying_power_for_position)


class BuyingPowerParameters(DotNet):
    """A security, the side of an order, and the account."""

    portfolio: Any
    security: Any
    direction: OrderDirection

    def __init__(self, portfolio: Any, security: Any, direction: OrderDirection) -> None:
        self.portfolio, self.security, self.direction = portfolio, security, direction

    def result(self, buying_power: float | Decimal, currency: str) -> BuyingPower:
        """An answer in a currency."""
        return BuyingPower(buying_power, currency)

    def result_in_account_currency(self, buying_power: float | Decimal) -> BuyingPower:
        """An answer in the account's currency."""
        return BuyingPower(buying_power, self.portfolio.cash_book.account_currency)


class BuyingPower(DotNet):
    """What an order may tie up."""

    currency: str
    value = read_only_float_of("exact_value")

    def __init__(self, buying_power: float | Decimal = ZERO, currency: str = "") -> None:
        self.exact_value, self.currency = exact(buying_power), currency
