"""What an option strategy is made of."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from utils.engine.enums import OptionRight
from utils.engine.option_strategies.option_position import OptionPosition

_COMPARISONS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "==": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True)
class Condition:
    """Compares a leg's `strike` or `expiration` with that of an earlier leg, by its index.

    With `wing_of` it is compared with that leg's mirror image on the other side of `leg`.
    """

    field: str
    comparison: str
    leg: int
    wing_of: int | None = None

    def holds(self, legs: Sequence[OptionPosition], position: OptionPosition) -> bool:
        """Whether a position may follow the legs found so far."""
        value, reference = getattr(position, self.field), getattr(legs[self.leg], self.field)
        if self.wing_of is not None:  # as far beyond the body as the other wing is before it
            reference = 2 * reference - getattr(legs[self.wing_of], self.field)
        return _COMPARISONS[self.comparison](value, reference)


def strike(comparison: str, leg: int) -> Condition:
    """A strike compared with an earlier leg's."""
    return Condition("strike", comparison, leg)


def expires(comparison: str, leg: int) -> Condition:
    """An expiry compared with an earlier leg's."""
    return Condition("expiration", comparison, leg)


def wing(body: int, other: int) -> Condition:
    """A strike as far from the body's as the other wing's is, on the other side."""
    return Condition("strike", "==", body, other)


@dataclass(frozen=True)
class OptionStrategyLegDefinition:
    """A leg: call or put, contracts (signed) for one unit of the strategy, and what it must satisfy."""

    right: OptionRight
    quantity: int
    conditions: tuple[Condition, ...] = ()

    def accepts(self, legs: Sequence[OptionPosition], position: OptionPosition) -> bool:
        """Whether a position may be this leg, given the legs before it."""
        if position.is_underlying or position.right != self.right:
            return False
        if (position.quantity > 0) != (self.quantity > 0):
            return False
        return all(condition.holds(legs, position) for condition in self.conditions)


@dataclass(frozen=True)
class OptionStrategyDefinition:
    """A strategy: its legs in the order they are looked for, and lots of the underlying (signed)."""

    name: str
    underlying_lots: int
    legs: tuple[OptionStrategyLegDefinition, ...]

    @property
    def leg_count(self) -> int:
        """Legs, the underlying among them."""
        return len(self.legs) + (self.underlying_lots != 0)

    @property
    def leaves_shorts_uncovered(self) -> bool:
        """Whether more is sold than long legs and the underlying cover."""
        net = {OptionRight.CALL: 0, OptionRight.PUT: 0}
        for leg in self.legs:
            net[leg.right] += leg.quantity
        lots = self.underlying_lots
        return -net[OptionRight.CALL] > max(0, lots) or -net[OptionRight.PUT] > max(0, -lots)

    def inverted(self) -> OptionStrategyDefinition:
        """The same, sold, under the same name."""
        legs = tuple(replace(leg, quantity=-leg.quantity) for leg in self.legs)
        return OptionStrategyDefinition(self.name, -self.underlying_lots, legs)


def call(quantity: int, *conditions: Condition) -> OptionStrategyLegDefinition:
    """A leg of calls."""
    return OptionStrategyLegDefinition(OptionRight.CALL, quantity, conditions)


def put(quantity: int, *conditions: Condition) -> OptionStrategyLegDefinition:
    """A leg of puts."""
    return OptionStrategyLegDefinition(OptionRight.PUT, quantity, conditions)


def strategy(name: str, *legs: OptionStrategyLegDefinition, lots: int = 0) -> OptionStrategyDefinition:
    """A strategy."""
    return OptionStrategyDefinition(name, lots, legs)
