"""Margin of securities, and models that ask for none or for a fixed amount."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from utils.engine.dotnet.money import ONE, ZERO, DecimalFloat, exact
from utils.engine.models.buying_power.buying_power_model import BuyingPowerModel
from utils.engine.models.buying_power.parameters import (
    HasSufficientBuyingPowerForOrderParameters,
    HasSufficientBuyingPowerForOrderResult,
    InitialMargin,
    InitialMarginParameters,
    MaintenanceMargin,
    MaintenanceMarginParameters,
)


class SecurityMarginModel(BuyingPowerModel):
    """LEAN's name for the plain margin model."""


class NullBuyingPowerModel(BuyingPowerModel):
    """Every order is carried, no position ties up anything."""

    def has_sufficient_buying_power_for_order(
        self, parameters: HasSufficientBuyingPowerForOrderParameters
    ) -> HasSufficientBuyingPowerForOrderResult:
        """Always."""
        return parameters.sufficient()

    def get_maintenance_margin(self, parameters: MaintenanceMarginParameters) -> MaintenanceMargin:
        """None."""
        return MaintenanceMargin(ZERO)


class ConstantBuyingPowerModel(BuyingPowerModel):
    """Ties up the same amount for every unit of any security."""

    def __init__(self, margin_required_per_unit_in_account_currency: float | Decimal) -> None:
        super().__init__()
        self._per_unit = exact(margin_required_per_unit_in_account_currency)

    def get_initial_margin_requirement(self, parameters: InitialMarginParameters) -> InitialMargin:
        """The amount for each unit."""
        return InitialMargin(parameters.exact_quantity * self._per_unit)

    def get_maintenance_margin(self, parameters: MaintenanceMarginParameters) -> MaintenanceMargin:
        """The amount for each unit."""
        return MaintenanceMargin(abs(parameters.exact_quantity) * self._per_unit)

    def set_leverage(self, security: Any, leverage: float | Decimal) -> None:
        """The amount stays."""


class PatternDayTradingMarginModel(SecurityMarginModel):
    """Four times the account while the exchange is open, twice overnight."""

    def __init__(self, closed_market_leverage: float = 2.0, open_market_leverage: float = 4.0) -> None:
        super().__init__(open_market_leverage)
        self._correction = exact(open_market_leverage) / exact(closed_market_leverage)

    def get_initial_margin_requirement(self, parameters: InitialMarginParameters) -> InitialMargin:
        """More while the exchange is shut, or about to."""
        margin = super().get_initial_margin_requirement(parameters).exact_value
        return InitialMargin(margin * self._factor(parameters.security))

    def get_maintenance_margin(self, parameters: MaintenanceMarginParameters) -> MaintenanceMargin:
        """More while the exchange is shut, or about to."""
        margin = super().get_maintenance_margin(parameters).exact_value
        return MaintenanceMargin(margin * self._factor(parameters.security))

    def get_leverage(self, security: Any) -> float:
        """That of the moment."""
        return DecimalFloat(exact(super().get_leverage(security)) * (ONE / self._factor(security)))

    def set_leverage(self, security: Any, leverage: float | Decimal) -> None:
        """The day's and the night's leverage stay."""

    def _factor(self, security: Any) -> Decimal:
        open_for_long = security.exchange.exchange_open and not security.exchange.closing_soon
        return ONE if open_for_long else self._correction


BuyingPowerModel.NULL = NullBuyingPowerModel()
