"""How many short contracts a grouping of positions leaves without cover."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from utils.engine.enums import OptionRight
from utils.engine.option_strategies.option_position import OptionPosition

# A long leg covers a short one up to this much further out of the money, as a fraction of the short strike.
_WIDEST_CREDIT: Final = Decimal("0.1")


def uncovered_quantity(groups: Iterable[Sequence[OptionPosition]], rest: Iterable[OptionPosition]) -> int:
    """Short contracts that neither long ones nor the underlying of their group cover; all in `rest`."""
    total = 0
    for legs in groups:
        lots = sum(leg.quantity for leg in legs if leg.is_underlying)
        options = [leg for leg in legs if not leg.is_underlying]
        total += _uncovered_of(options, OptionRight.CALL, max(0, lots))
        total += _uncovered_of(options, OptionRight.PUT, max(0, -lots))
    return total + sum(max(0, -leg.quantity) for leg in rest if not leg.is_underlying)


def least_uncovered_quantity(positions: Iterable[OptionPosition]) -> int:
    """A bound from below: shorts beyond all longs of their right and all of the underlying."""
    net = {OptionRight.CALL: 0, OptionRight.PUT: 0}
    lots = 0
    for position in positions:
        if position.is_underlying:
            lots += position.quantity
        else:
            net[position.right] += position.quantity
    calls = -net[OptionRight.CALL] - max(0, lots)
    puts = -net[OptionRight.PUT] - max(0, -lots)
    return max(0, calls) + max(0, puts)


def _uncovered_of(legs: Iterable[OptionPosition], right: OptionRight, lots: int) -> int:
    own = [leg for leg in legs if leg.right == right]
    side = 1 if right == OptionRight.CALL else -1
    # The nearer to the money, the fewer longs may cover a short: those choose first.
    shorts = sorted((leg for leg in own if leg.quantity < 0), key=lambda leg: side * leg.strike)
    longs = [(leg, leg.quantity) for leg in own if leg.quantity > 0]
    uncovered = 0
    for short in shorts:
        left = -short.quantity
        for place, (long, free) in enumerate(longs):
            if free and left and _covers(side, short, long):
                taken = min(left, free)
                longs[place] = (long, free - taken)
                left -= taken
        from_lots = min(left, lots)
        lots -= from_lots
        uncovered += left - from_lots
    return uncovered


def _covers(side: int, short: OptionPosition, long: OptionPosition) -> bool:
    further_out = side * (long.strike - short.strike)
    return long.expiration >= short.expiration and further_out <= _WIDEST_CREDIT * short.strike
