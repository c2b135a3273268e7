"""Margin of a group that is an option strategy."""

from __future__ import annotations

from utils.engine.dotnet.money import ZERO
from utils.engine.models.buying_power.parameters import InitialMargin, MaintenanceMargin, OptionInitialMargin
from utils.engine.positions.option_strategy_margin import initial_margin_of, maintenance_margin_of
from utils.engine.positions.parameters import (
    PositionGroupInitialMarginParameters,
    PositionGroupMaintenanceMarginParameters,
)
from utils.engine.positions.position_group_buying_power_model import PositionGroupBuyingPowerModel
from utils.engine.positions.strategy_positions import StrategyPositions


class OptionStrategyPositionGroupBuyingPowerModel(PositionGroupBuyingPowerModel):  # LEAN's name
    """Margin by the name of a strategy; without a name, of positions that are being closed."""

    def __init__(self, strategy_name: str | None) -> None:
        self.strategy_name = strategy_name

    def get_maintenance_margin(
        self, parameters: PositionGroupMaintenanceMarginParameters
    ) -> MaintenanceMargin:
        """Margin to keep the strategy."""
        group = parameters.position_group
        if not group.exact_quantity or self.strategy_name is None:
            return MaintenanceMargin(ZERO)
        held = StrategyPositions(parameters.portfolio, group)
        return MaintenanceMargin(maintenance_margin_of(self.strategy_name, held))

    def get_initial_margin_requirement(
        self, parameters: PositionGroupInitialMarginParameters
    ) -> InitialMargin:
        """Margin to open the strategy, and its premium."""
        group = parameters.position_group
        if not group.exact_quantity or self.strategy_name is None:
            return OptionInitialMargin(ZERO, ZERO)
        return initial_margin_of(self.strategy_name, StrategyPositions(parameters.portfolio, group))

    def __str__(self) -> str:
        return self.strategy_name or ""
