"""What groups of positions tie up, and what orders change about it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from utils.engine.dotnet.money import ZERO, normalize, text
from utils.engine.dotnet.naming import DotNet
from utils.engine.models.buying_power.parameters import (
    HasSufficientBuyingPowerForOrderResult,
    InitialMargin,
    MaintenanceMargin,
    OptionInitialMargin,
    ReservedBuyingPowerForPosition,
)
from utils.engine.positions.parameters import (
    PositionGroupInitialMarginParameters,
    PositionGroupMaintenanceMarginParameters,
    ReservedBuyingPowerForPositionGroupParameters,
)
from utils.engine.positions.position import Position, combined
from utils.engine.positions.position_group import PositionGroup


class PositionGroupBuyingPowerModel(DotNet):
    """Margin of a group; orders are measured by the groups that there would be after them."""

    IS_OF_ONE_SECURITY: ClassVar[bool] = False

    def get_maintenance_margin(
        self, parameters: PositionGroupMaintenanceMarginParameters
    ) -> MaintenanceMargin:
        """Margin to keep a group."""
        raise NotImplementedError

    def get_initial_margin_requirement(
        self, parameters: PositionGroupInitialMarginParameters
    ) -> InitialMargin:
        """Margin to open a group."""
        raise NotImplementedError

    def get_reserved_buying_power_for_position_group(
        self, parameters: ReservedBuyingPowerForPositionGroupParameters
    ) -> ReservedBuyingPowerForPosition:
        """What a group ties up."""
        return ReservedBuyingPowerForPosition(reserved(parameters.portfolio, parameters.position_group))


def reserved(portfolio: Any, group: PositionGroup) -> Decimal:
    """What a group ties up, in the account's currency."""
    terms = PositionGroupMaintenanceMarginParameters(portfolio, group)
    found: Decimal = group.buying_power_model.get_maintenance_margin(terms).exact_value
    return found


def initial_margin(portfolio: Any, group: PositionGroup) -> InitialMargin:
    """What opening a group takes."""
    terms = PositionGroupInitialMarginParameters(portfolio, group)
    margin: InitialMargin = group.buying_power_model.get_initial_margin_requirement(terms)
    return margin


def reserved_change(portfolio: Any, orders: Sequence[Any]) -> Decimal:
    """How much more, or less, is tied up once orders are filled.

    Groups the orders touch are taken apart and grouped anew with the orders' quantities. The new groups count
    with what opening them takes, the premium only of what is bought now.
    """
    model = portfolio.positions
    ordered = [_position_of(portfolio, order) for order in orders]
    touched = model.impacted_groups(ordered)
    current = sum((reserved(portfolio, group) for group in touched), ZERO)
    together = combined([*ordered, *(position for group in touched for position in group)])
    after = ZERO
    for group in model.resolve(together.values()):
        margin = initial_margin(portfolio, group)
        after += getattr(margin, "exact_value_without_premium", margin.exact_value)
    for group in model.resolve(ordered):
        margin = initial_margin(portfolio, group)
        if isinstance(margin, OptionInitialMargin):
            after += margin.exact_value - margin.exact_value_without_premium
    return after - current


def has_sufficient_buying_power(
    portfolio: Any, orders: Sequence[Any]
) -> HasSufficientBuyingPowerForOrderResult:
    """Whether the account can carry orders together; what frees margin always can be carried."""
    change = reserved_change(portfolio, orders)
    if change < 0:
        return HasSufficientBuyingPowerForOrderResult(True)
    free = portfolio.exact_margin_remaining
    if change <= free:
        return HasSufficientBuyingPowerForOrderResult(True)
    ids = ",".join(str(order.id) for order in orders)
    return HasSufficientBuyingPowerForOrderResult(
        False,
        f"Id: {ids}, Maintenance Margin Delta: {text(normalize(change))}, "
        f"Free Margin: {text(normalize(free))}",
    )


def _position_of(portfolio: Any, order: Any) -> Position:
    return Position.of_security(portfolio.securities[order.symbol], order.exact_quantity)
