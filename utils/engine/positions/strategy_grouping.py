"""Groups positions into option strategies."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from utils.engine.dotnet.money import ZERO
from utils.engine.enums import SecurityType
from utils.engine.identity.security_identifier import is_option
from utils.engine.option_strategies.matcher import StrategyMatch, match_strategies, positions_of
from utils.engine.option_strategies.option_position import OptionPosition
from utils.engine.positions.option_strategy_position_group_buying_power_model import (
    OptionStrategyPositionGroupBuyingPowerModel,
)
from utils.engine.positions.position import Position
from utils.engine.positions.position_group import PositionGroup, PositionGroupKey

_UNDERLYINGS = (SecurityType.EQUITY, SecurityType.INDEX, SecurityType.FUTURE)


def may_be_grouped(symbol: Any) -> bool:
    """Whether a position in a symbol can be part of an option strategy."""
    kind = symbol.security_type
    return is_option(kind) or kind in _UNDERLYINGS


def strategy_groups(securities: Any, positions: Iterable[Position]) -> Iterator[PositionGroup]:
    """Strategies among positions, underlying by underlying.

    Where the positions in an underlying and its options add up to nothing, an empty group stands for them,
    and what comes after is left alone, as in LEAN.
    """
    for own in _by_underlying(positions):
        option = next((one for one in own if is_option(one.symbol.security_type)), None)
        if option is None:
            continue
        lot = Decimal(securities[option.symbol].contract_unit_of_trade)
        held = [OptionPosition(one.symbol, _contracts(one, lot)) for one in own]
        if not positions_of(held):
            model = OptionStrategyPositionGroupBuyingPowerModel(None)
            yield PositionGroup(PositionGroupKey(model, ()), ZERO, ())
            return
        for match in match_strategies(held):
            yield _group_of(match, lot)


def _by_underlying(positions: Iterable[Position]) -> Iterable[list[Position]]:
    found: dict[Any, list[Position]] = {}
    for one in positions:
        if may_be_grouped(one.symbol):
            found.setdefault(one.symbol.underlying or one.symbol, []).append(one)
    return found.values()


def _contracts(position: Position, lot: Decimal) -> int:
    """Contracts of an option, whole lots of an underlying."""
    quantity = position.exact_quantity
    return int(quantity if is_option(position.symbol.security_type) else quantity / lot)


def _group_of(match: StrategyMatch, lot: Decimal) -> PositionGroup:
    quantity = math.gcd(*(leg.quantity for leg in match.legs))
    positions = []
    for leg in match.legs:
        size = lot if leg.is_underlying else Decimal(1)
        positions.append(Position(leg.symbol, leg.quantity * size, abs(leg.quantity) // quantity * size))
    model = OptionStrategyPositionGroupBuyingPowerModel(match.name)
    return PositionGroup(PositionGroupKey(model, positions), Decimal(quantity), positions)
