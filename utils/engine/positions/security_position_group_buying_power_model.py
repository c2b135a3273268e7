"""Margin of a group of one security: the security's own."""

from __future__ import annotations

from typing import ClassVar

from utils.engine.dotnet.money import ZERO
from utils.engine.models.buying_power.buying_power_model import exact_of
from utils.engine.models.buying_power.parameters import (
    InitialMargin,
    InitialMarginParameters,
    MaintenanceMargin,
    MaintenanceMarginParameters,
)
from utils.engine.positions.parameters import (
    PositionGroupInitialMarginParameters,
    PositionGroupMaintenanceMarginParameters,
)
from utils.engine.positions.position_group_buying_power_model import PositionGroupBuyingPowerModel


class SecurityPositionGroupBuyingPowerModel(PositionGroupBuyingPowerModel):
    """Asks the security's own model."""

    IS_OF_ONE_SECURITY: ClassVar[bool] = True

    def get_maintenance_margin(
        self, parameters: PositionGroupMaintenanceMarginParameters
    ) -> MaintenanceMargin:
        """Margin to keep the position."""
        total = ZERO
        for position in parameters.position_group:
            security = parameters.portfolio.securities[position.symbol]
            terms = MaintenanceMarginParameters.for_quantity_at_current_price(
                security, position.exact_quantity
            )
            total += exact_of(security.buying_power_model.get_maintenance_margin(terms))
        return MaintenanceMargin(total)

    def get_initial_margin_requirement(
        self, parameters: PositionGroupInitialMarginParameters
    ) -> InitialMargin:
        """Margin to open the position."""
        total = ZERO
        for position in parameters.position_group:
            security = parameters.portfolio.securities[position.symbol]
            terms = InitialMarginParameters(security, position.exact_quantity)
            total += exact_of(security.buying_power_model.get_initial_margin_requirement(terms))
        return InitialMargin(total)
