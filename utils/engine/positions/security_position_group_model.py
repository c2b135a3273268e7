"""How an account's positions are grouped for margin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from utils.engine.dotnet.money import ZERO
from utils.engine.dotnet.naming import DotNet
from utils.engine.identity.security_identifier import is_option
from utils.engine.models.buying_power.parameters import (
    HasSufficientBuyingPowerForOrderParameters,
    HasSufficientBuyingPowerForOrderResult,
)
from utils.engine.positions.position import Position
from utils.engine.positions.position_group import PositionGroup, PositionGroupCollection, PositionGroupKey
from utils.engine.positions.position_group_buying_power_model import has_sufficient_buying_power, reserved
from utils.engine.positions.security_position_group_buying_power_model import (
    SecurityPositionGroupBuyingPowerModel,
)
from utils.engine.positions.strategy_grouping import may_be_grouped, strategy_groups


class SecurityPositionGroupModel(DotNet):
    """Groups of positions: option strategies, and what is left security by security.

    All that asks for margin comes through here. Groups are made anew after a position changed.
    """

    NULL: ClassVar[SecurityPositionGroupModel]

    _DEFAULT: ClassVar[SecurityPositionGroupBuyingPowerModel] = SecurityPositionGroupBuyingPowerModel()

    def __init__(self, securities: Any = None) -> None:
        self._securities = securities
        self._groups: PositionGroupCollection | None = None

    def initialize(self, securities: Any) -> None:
        """Group the positions in these securities."""
        self._securities, self._groups = securities, None

    def quantity_changed(self, security: Any) -> None:
        """A position changed."""
        self._groups = None

    # Groups

    @property
    def groups(self) -> PositionGroupCollection:
        """The groups of all that is held."""
        if self._groups is None:
            held = [
                Position.of_security(security)
                for security in self._securities.active()
                if security.holdings.invested
            ]
            self._groups = PositionGroupCollection(self.resolve(held))
        return self._groups

    @property
    def count(self) -> int:
        """How many groups."""
        return len(self.groups)

    @property
    def is_only_default_groups(self) -> bool:
        """Whether no option strategy is held."""
        return self.groups.is_only_default_groups

    def resolve(self, positions: Iterable[Position]) -> list[PositionGroup]:
        """Groups of positions, option strategies first."""
        left = {one.symbol: one for one in positions}
        groups = list(self._strategies(left.values()))
        for group in groups:
            for part in group:
                whole = left[part.symbol]
                rest = whole.exact_quantity - part.exact_quantity
                if rest:
                    left[part.symbol] = Position(part.symbol, rest, whole.exact_unit_quantity)
                else:
                    del left[part.symbol]
        return [*groups, *(self.default_group(one) for one in left.values())]

    def _strategies(self, positions: Iterable[Position]) -> Iterator[PositionGroup]:
        return strategy_groups(self._securities, positions)

    def default_group(self, position: Position) -> PositionGroup:
        """A position as a group of its own."""
        key = PositionGroupKey(self._DEFAULT, (position,))
        return PositionGroup(key, position.exact_quantity / position.exact_unit_quantity, (position,))

    def get_or_create_default_group(self, security: Any) -> PositionGroup:
        """The group of one security; empty when it is part of a strategy, or not held."""
        empty = Position.of_security(security, ZERO)
        return self.groups.of(PositionGroupKey(self._DEFAULT, (empty,)))

    def impacted_groups(self, positions: Sequence[Position]) -> list[PositionGroup]:
        """Groups that a change of positions can change: of the same underlyings, and of the same symbols."""
        options = self._groups_of_underlyings(positions)
        own = {one.symbol for one in positions}
        seen = {id(group) for group in options}
        rest = [
            group
            for group in self.groups
            if id(group) not in seen and any(symbol in own for symbol in group.by_symbol)
        ]
        return [*options, *rest]

    def _groups_of_underlyings(self, positions: Sequence[Position]) -> list[PositionGroup]:
        related: set[Any] = set()
        for one in positions:
            if may_be_grouped(one.symbol):
                related.add(one.symbol)
                if one.symbol.underlying is not None:
                    related.add(one.symbol.underlying)
        if not related:
            return []
        return [
            group
            for group in self.groups
            if group.exact_quantity and any(_is_related(one.symbol, related) for one in group)
        ]

    # Margin

    def exact_reserved_buying_power(self, portfolio: Any) -> Decimal:
        """What all positions tie up, in the account's currency."""
        return sum((reserved(portfolio, group) for group in self.groups), ZERO)

    def has_sufficient_buying_power_for_orders(self, portfolio: Any, orders: list[Any]) -> Any:
        """Whether the account can carry these orders; without strategies the first it cannot decides."""
        if self._makes_strategies(orders):
            return has_sufficient_buying_power(portfolio, orders)
        for order in orders:
            security = self._securities[order.symbol]
            terms = HasSufficientBuyingPowerForOrderParameters(portfolio, security, order)
            result = security.buying_power_model.has_sufficient_buying_power_for_order(terms)
            if not result.is_sufficient:
                return result
        return HasSufficientBuyingPowerForOrderResult(True)

    def _makes_strategies(self, orders: Sequence[Any]) -> bool:
        """Whether the orders, together with what is held, are or close option strategies."""
        ordered = [
            Position.of_security(self._securities[order.symbol], order.exact_quantity) for order in orders
        ]
        if not self.groups:
            if len(ordered) == 1:
                return False
            positions = ordered
        else:
            touched = self._groups_of_underlyings(ordered)
            positions = [*ordered, *(position for group in touched for position in group)]
        if not any(is_option(one.symbol.security_type) for one in positions):
            return False
        return next(self._strategies(positions), None) is not None


class NullSecurityPositionGroupModel(SecurityPositionGroupModel):
    """Each security is a group of its own."""

    def _strategies(self, positions: Iterable[Position]) -> Iterator[PositionGroup]:
        return iter(())

    def _makes_strategies(self, orders: Sequence[Any]) -> bool:
        return False


def _is_related(symbol: Any, related: set[Any]) -> bool:
    return symbol in related or (is_option(symbol.security_type) and symbol.underlying in related)


SecurityPositionGroupModel.NULL = NullSecurityPositionGroupModel()
SecurityPositionGroupModel.Null = SecurityPositionGroupModel.NULL  # type: ignore[attr-defined]
SecurityPositionGroupModel.null = SecurityPositionGroupModel.NULL  # type: ignore[attr-defined]
