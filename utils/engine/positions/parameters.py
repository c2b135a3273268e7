"""What models of groups are given."""

from __future__ import annotations

from typing import Any

from utils.engine.dotnet.naming import DotNet
from utils.engine.positions.position_group import PositionGroup


class PositionGroupMarginParameters(DotNet):
    """A group of an account."""

    portfolio: Any
    position_group: PositionGroup

    def __init__(self, portfolio: Any, position_group: PositionGroup) -> None:
        self.portfolio, self.position_group = portfolio, position_group


class PositionGroupInitialMarginParameters(PositionGroupMarginParameters):
    """A group to open."""


class PositionGroupMaintenanceMarginParameters(PositionGroupMarginParameters):
    """A group to keep."""


class ReservedBuyingPowerForPositionGroupParameters(PositionGroupMarginParameters):
    """A group that is held."""
