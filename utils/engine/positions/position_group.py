"""Positions whose margin is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from utils.engine.dotnet.exceptions import KeyNotFoundException
from utils.engine.dotnet.key_value_pair import CallableList
from utils.engine.dotnet.money import ZERO, normalize, text
from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.surface import read_only_float_of
from utils.engine.positions.position import Position


class PositionGroupKey(DotNet):
    """Which securities a group is of, how many of each go into one unit, and the kind of its margin."""

    buying_power_model: Any

    def __init__(self, buying_power_model: Any, positions: Iterable[Position]) -> None:
        self.buying_power_model = buying_power_model
        units = [(one.symbol, one.exact_unit_quantity) for one in positions]
        self._units = tuple(sorted(units, key=lambda unit: unit[0].value))

    @property
    def is_default_group(self) -> bool:
        """Whether it is of one security under that security's own model."""
        return len(self._units) == 1 and self.buying_power_model.IS_OF_ONE_SECURITY

    def empty_positions(self) -> list[Position]:
        """Positions of no quantity."""
        return [Position(symbol, ZERO, unit) for symbol, unit in self._units]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PositionGroupKey):
            return NotImplemented
        same_kind = type(self.buying_power_model) is type(other.buying_power_model)
        return same_kind and self._units == other._units

    def __hash__(self) -> int:
        return hash((type(self.buying_power_model), self._units))

    def __str__(self) -> str:
        return "|".join(f"{symbol}:{text(normalize(unit))}" for symbol, unit in self._units)


class PositionGroup(DotNet):
    """Positions that are margined together; `quantity` counts units.

    A group of one security's quantity is signed; of a strategy it is not, the strategy's name says its side.
    """

    key: PositionGroupKey
    quantity = read_only_float_of("exact_quantity")

    def __init__(self, key: PositionGroupKey, quantity: Decimal, positions: Iterable[Position]) -> None:
        self.key, self.exact_quantity = key, quantity
        self.by_symbol = {one.symbol: one for one in positions}

    @property
    def positions(self) -> CallableList[Position]:
        """The positions."""
        return CallableList(self.by_symbol.values())

    @property
    def count(self) -> int:
        """How many positions."""
        return len(self.by_symbol)

    @property
    def buying_power_model(self) -> Any:
        """What tells the group's margin."""
        return self.key.buying_power_model

    def get_position(self, symbol: Any) -> Position:
        """The position in a symbol.

        Raises:
            KeyNotFoundException: there is none.
        """
        if symbol not in self.by_symbol:
            raise KeyNotFoundException(f"No position with symbol '{symbol}' exists in the group: {self}")
        return self.by_symbol[symbol]

    def is_inverted_of(self, other: PositionGroup) -> bool:
        """Whether the other group has the same positions on the other side."""

        def side(position: Position) -> int:
            return (position.exact_quantity > 0) - (position.exact_quantity < 0)

        return self.count == other.count and all(
            side(one) == -side(other.get_position(symbol)) for symbol, one in self.by_symbol.items()
        )

    def __iter__(self) -> Iterator[Position]:
        return iter(self.by_symbol.values())

    def __len__(self) -> int:
        return len(self.by_symbol)

    def __str__(self) -> str:
        return f"{self.key}: {text(self.exact_quantity)}"


class PositionGroupCollection(DotNet):
    """Groups by key."""

    def __init__(self, groups: Iterable[PositionGroup] = ()) -> None:
        self._groups = {group.key: group for group in groups}

    @property
    def count(self) -> int:
        """How many groups."""
        return len(self._groups)

    @property
    def is_only_default_groups(self) -> bool:
        """Whether no strategy is among them."""
        return all(key.is_default_group for key in self._groups)

    def find(self, key: PositionGroupKey) -> PositionGroup | None:
        """The group of a key, if there is one."""
        return self._groups.get(key)

    def of(self, key: PositionGroupKey) -> PositionGroup:
        """The group of a key; an empty one when nothing of it is held."""
        found = self._groups.get(key)
        return PositionGroup(key, ZERO, key.empty_positions()) if found is None else found

    def __iter__(self) -> Iterator[PositionGroup]:
        return iter(self._groups.values())

    def __len__(self) -> int:
        return len(self._groups)
