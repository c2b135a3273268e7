"""Positions are grouped into option strategies as a broker would read them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.engine.enums import OptionRight, OptionStyle
from utils.engine.identity.security_identifier import SecurityIdentifier
from utils.engine.identity.symbol import Symbol
from utils.engine.option_strategies.definitions import OptionStrategyDefinitions
from utils.engine.option_strategies.matcher import match_strategies
from utils.engine.option_strategies.option_position import OptionPosition
from utils.engine.option_strategies.uncovered import least_uncovered_quantity, uncovered_quantity

SPY = Symbol(SecurityIdentifier.generate_equity("SPY", "usa", map_symbol=False), "SPY")
NEAR, FAR = datetime(2023, 5, 19), datetime(2023, 6, 16)
C, P = OptionRight.CALL, OptionRight.PUT


def option(right: OptionRight, strike: float, quantity: int, expiry: datetime = NEAR) -> OptionPosition:
    symbol = Symbol.create_option(SPY, "usa", OptionStyle.AMERICAN, right, strike, expiry)
    return OptionPosition(symbol, quantity)


def shares(lots: int) -> OptionPosition:
    return OptionPosition(SPY, lots)


def found(*positions: OptionPosition) -> dict[str, int]:
    """Strategies by name, with how many units of each."""
    result: dict[str, int] = {}
    for match in match_strategies(positions):
        result[match.name] = min(abs(leg.quantity) for leg in match.legs)
    return result


STRATEGIES = [
    ("Covered Call", [shares(2), option(C, 400, -2)]),
    ("Protective Call", [shares(-1), option(C, 400, 1)]),
    ("Covered Put", [shares(-1), option(P, 400, -1)]),
    ("Protective Put", [shares(1), option(P, 400, 1)]),
    ("Protective Collar", [shares(1), option(C, 410, -1), option(P, 390, 1)]),
    ("Conversion", [shares(1), option(C, 400, -1), option(P, 400, 1)]),
    ("Reverse Conversion", [shares(-1), option(C, 400, 1), option(P, 400, -1)]),
    ("Naked Call", [option(C, 400, -1)]),
    ("Naked Put", [option(P, 400, -1)]),
    ("Bear Call Spread", [option(C, 400, -1), option(C, 410, 1)]),
    ("Bull Call Spread", [option(C, 400, 1), option(C, 410, -1)]),
    ("Bear Put Spread", [option(P, 410, 1), option(P, 400, -1)]),
    ("Bull Put Spread", [option(P, 410, -1), option(P, 400, 1)]),
    ("Straddle", [option(C, 400, 1), option(P, 400, 1)]),
    ("Short Straddle", [option(C, 400, -1), option(P, 400, -1)]),
    ("Strangle", [option(C, 410, 1), option(P, 390, 1)]),
    ("Short Strangle", [option(C, 410, -1), option(P, 390, -1)]),
    ("Butterfly Call", [option(C, 390, 1), option(C, 400, -2), option(C, 410, 1)]),
    ("Short Butterfly Call", [option(C, 390, -1), option(C, 400, 2), option(C, 410, -1)]),
    ("Butterfly Put", [option(P, 390, 1), option(P, 400, -2), option(P, 410, 1)]),
    ("Short Butterfly Put", [option(P, 390, -1), option(P, 400, 2), option(P, 410, -1)]),
    ("Call Calendar Spread", [option(C, 400, -1), option(C, 400, 1, FAR)]),
    ("Short Call Calendar Spread", [option(C, 400, 1), option(C, 400, -1, FAR)]),
    ("Put Calendar Spread", [option(P, 400, -1), option(P, 400, 1, FAR)]),
    ("Short Put Calendar Spread", [option(P, 400, 1), option(P, 400, -1, FAR)]),
    (
        "Iron Butterfly",
        [option(P, 400, -1), option(P, 390, 1), option(C, 400, -1), option(C, 410, 1)],
    ),
    (
        "Short Iron Butterfly",
        [option(P, 400, 1), option(P, 390, -1), option(C, 400, 1), option(C, 410, -1)],
    ),
    ("Iron Condor", [option(P, 380, 1), option(P, 390, -1), option(C, 410, -1), option(C, 420, 1)]),
    ("Short Iron Condor", [option(P, 380, -1), option(P, 390, 1), option(C, 410, 1), option(C, 420, -1)]),
    ("Box Spread", [option(P, 410, 1), option(P, 400, -1), option(C, 400, 1), option(C, 410, -1)]),
    ("Short Box Spread", [option(P, 410, -1), option(P, 400, 1), option(C, 400, -1), option(C, 410, 1)]),
    (
        "Jelly Roll",
        [option(C, 400, -1), option(C, 400, 1, FAR), option(P, 400, 1), option(P, 400, -1, FAR)],
    ),
    (
        "Short Jelly Roll",
        [option(C, 400, 1), option(C, 400, -1, FAR), option(P, 400, -1), option(P, 400, 1, FAR)],
    ),
    ("Bear Call Ladder", [option(C, 400, -1), option(C, 410, 1), option(C, 420, 1)]),
    ("Bear Put Ladder", [option(P, 420, 1), option(P, 410, -1), option(P, 400, -1)]),
    ("Bull Call Ladder", [option(C, 400, 1), option(C, 410, -1), option(C, 420, -1)]),
    ("Bull Put Ladder", [option(P, 420, -1), option(P, 410, 1), option(P, 400, 1)]),
    ("Call Backspread", [option(C, 400, -1), option(C, 410, 2)]),
    ("Put Backspread", [option(P, 410, -1), option(P, 400, 2)]),
]


@pytest.mark.parametrize(("name", "positions"), STRATEGIES, ids=[name for name, _ in STRATEGIES])
def test_each_strategy_is_found_by_its_legs(name: str, positions: list[OptionPosition]) -> None:
    # Spreads of a backspread cover its short; what they leave is a long contract by itself.
    allowed = {"Call Backspread": "Bear Call Spread", "Put Backspread": "Bull Put Spread"}
    assert next(iter(found(*positions))) in {name, allowed.get(name)}


def test_every_definition_is_tried() -> None:
    named = {definition.name for definition in OptionStrategyDefinitions.ALL_DEFINITIONS}
    tried = {name for name, _ in STRATEGIES} | {"Short Call Backspread", "Short Put Backspread"}
    assert named == tried


def test_long_options_by_themselves_are_groups_too() -> None:
    assert found(option(C, 400, 3)) == {"Naked Call": 3}


def test_a_strategy_is_found_as_often_as_it_is_held() -> None:
    assert found(shares(5), option(C, 400, -3)) == {"Covered Call": 3}


def test_shares_below_a_lot_cover_nothing() -> None:
    assert found(shares(0), option(C, 400, -1)) == {"Naked Call": 1}


def test_overlapping_spreads_are_not_taken_for_a_ladder_that_leaves_a_short_naked() -> None:
    book = [option(C, 598, 1), option(C, 603, -1), option(C, 600, 1), option(C, 605, -1)]
    assert all(match.name == "Bull Call Spread" for match in match_strategies(book))


legs = st.builds(
    option,
    st.sampled_from([C, P]),
    st.sampled_from([380.0, 390.0, 400.0, 410.0]),
    st.integers(-3, 3).filter(bool),
    st.sampled_from([NEAR, FAR]),
)
books = st.tuples(st.lists(legs, max_size=6), st.integers(-2, 2).filter(bool)).map(
    lambda book: [*book[0], shares(book[1])]
)


@settings(max_examples=150, deadline=None)
@given(books)
def test_no_contract_is_invented_or_used_twice(book: list[OptionPosition]) -> None:
    held: dict[Any, int] = {}
    for one in book:
        held[one.symbol] = held.get(one.symbol, 0) + one.quantity
    used: dict[Any, int] = {}
    for match in match_strategies(book):
        for leg in match.legs:
            used[leg.symbol] = used.get(leg.symbol, 0) + leg.quantity
    for symbol, quantity in used.items():
        assert abs(quantity) <= abs(held[symbol])
        assert quantity * held[symbol] > 0
    # Options never stay alone: the naked definitions take what is left.
    assert all(used.get(symbol, 0) == quantity for symbol, quantity in held.items() if symbol != SPY)


@settings(max_examples=150, deadline=None)
@given(books)
def test_the_least_of_uncovered_shorts_is_a_bound(book: list[OptionPosition]) -> None:
    matches = match_strategies(book)
    assert uncovered_quantity((match.legs for match in matches), ()) >= least_uncovered_quantity(book)
