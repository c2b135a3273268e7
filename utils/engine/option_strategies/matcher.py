"""Finds option strategies among the positions in one underlying."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from utils.engine.option_strategies.definition import OptionStrategyDefinition
from utils.engine.option_strategies.definitions import OptionStrategyDefinitions
from utils.engine.option_strategies.option_position import OptionPosition
from utils.engine.option_strategies.uncovered import least_uncovered_quantity, uncovered_quantity

# What has more legs comes first.
_BY_LEGS: Final = sorted(OptionStrategyDefinitions.ALL_DEFINITIONS, key=lambda one: -one.leg_count)
_COVERED_FIRST: Final = sorted(_BY_LEGS, key=lambda one: one.leaves_shorts_uncovered)

Positions = dict[Any, OptionPosition]  # by symbol, none of them zero


@dataclass(frozen=True)
class StrategyMatch:
    """A strategy found: its legs as they are held, the underlying's lots last."""

    name: str
    legs: tuple[OptionPosition, ...]


@dataclass(frozen=True)
class _Grouping:
    matches: list[StrategyMatch]
    uncovered: int


def match_strategies(held: Iterable[OptionPosition]) -> list[StrategyMatch]:
    """Group positions into strategies.

    Strategies with more legs are looked for first. Where that leaves short contracts without cover, those
    that cover all their shorts are tried before the others, and the grouping with fewer uncovered contracts
    is taken. What fits no strategy is in no match.
    """
    positions = positions_of(held)
    first = _group(_BY_LEGS, positions)
    if first.uncovered <= least_uncovered_quantity(positions.values()):
        return first.matches
    second = _group(_COVERED_FIRST, positions)
    return second.matches if second.uncovered < first.uncovered else first.matches


def positions_of(held: Iterable[OptionPosition]) -> Positions:
    """Positions by symbol, those of one symbol added up."""
    positions: Positions = {}
    for one in held:
        _add(positions, one.symbol, one.quantity)
    return positions


def _add(positions: Positions, symbol: Any, quantity: int) -> None:
    known = positions.get(symbol)
    total = quantity if known is None else known.quantity + quantity
    if total:
        positions[symbol] = OptionPosition(symbol, total)
    else:
        positions.pop(symbol, None)


def _group(definitions: Sequence[OptionStrategyDefinition], positions: Positions) -> _Grouping:
    rest, matches = dict(positions), []
    for definition in definitions:
        while (found := _first_match(definition, rest)) is not None:
            matches.append(found)
            for leg in found.legs:
                _add(rest, leg.symbol, -leg.quantity)
        if not rest:
            break
    return _Grouping(matches, uncovered_quantity((match.legs for match in matches), rest.values()))


def _first_match(definition: OptionStrategyDefinition, positions: Positions) -> StrategyMatch | None:
    if len(positions) < definition.leg_count:
        return None
    lots = definition.underlying_lots
    underlying = None
    most = 1 << 62
    if lots:
        underlying = next((one for one in positions.values() if one.is_underlying), None)
        if underlying is None or (underlying.quantity > 0) != (lots > 0):
            return None
        most = underlying.quantity // lots
    found = _match_legs(definition, positions, (), most)
    if found is None:
        return None
    legs, times = found
    held = [
        OptionPosition(leg.symbol, own.quantity * times)
        for leg, own in zip(legs, definition.legs, strict=True)
    ]
    if underlying is not None:
        held.append(OptionPosition(underlying.symbol, lots * times))
    return StrategyMatch(definition.name, tuple(held))


def _match_legs(
    definition: OptionStrategyDefinition, positions: Positions, legs: tuple[OptionPosition, ...], most: int
) -> tuple[tuple[OptionPosition, ...], int] | None:
    """Positions for all legs, the first that fit, and how often they hold the strategy."""
    if len(legs) == len(definition.legs):
        return legs, most
    if len(positions) < definition.leg_count - len(legs):
        return None
    wanted = definition.legs[len(legs)]
    for position in positions.values():
        if not wanted.accepts(legs, position):
            continue
        times = position.quantity // wanted.quantity  # of one sign
        if not times:
            continue
        rest = dict(positions)
        _add(rest, position.symbol, -times * wanted.quantity)
        found = _match_legs(definition, rest, (*legs, position), min(most, times))
        if found is not None:
            return found
    return None
