"""Strategies made by name have the legs of that name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.enums import OptionRight
from utils.engine.identity.data_folder import data_folder, use_data_folder
from utils.engine.identity.security_identifier import SecurityIdentifier
from utils.engine.identity.symbol import Symbol
from utils.engine.option_strategies.matcher import match_strategies
from utils.engine.option_strategies.option_position import OptionPosition
from utils.engine.option_strategies.option_strategies import OptionStrategies
from utils.engine.option_strategies.option_strategy import OptionLegData, OptionStrategy

GOOG = Symbol(SecurityIdentifier.generate_equity("GOOG", "usa", map_symbol=False), "GOOG")
CHAIN = Symbol.create_canonical_option(GOOG)
NEAR, FAR = datetime(2015, 12, 24), datetime(2016, 1, 15)

MADE = {
    "covered_call": (750, NEAR),
    "protective_call": (750, NEAR),
    "covered_put": (750, NEAR),
    "protective_put": (750, NEAR),
    "protective_collar": (760, 740, NEAR),
    "conversion": (750, NEAR),
    "reverse_conversion": (750, NEAR),
    "naked_call": (750, NEAR),
    "naked_put": (750, NEAR),
    "bear_call_spread": (740, 750, NEAR),
    "bear_put_spread": (750, 740, NEAR),
    "bull_call_spread": (740, 750, NEAR),
    "bull_put_spread": (750, 740, NEAR),
    "straddle": (750, NEAR),
    "short_straddle": (750, NEAR),
    "strangle": (760, 740, NEAR),
    "short_strangle": (760, 740, NEAR),
    "butterfly_call": (760, 750, 740, NEAR),
    "short_butterfly_call": (760, 750, 740, NEAR),
    "butterfly_put": (760, 750, 740, NEAR),
    "short_butterfly_put": (760, 750, 740, NEAR),
    "call_calendar_spread": (750, NEAR, FAR),
    "short_call_calendar_spread": (750, NEAR, FAR),
    "put_calendar_spread": (750, NEAR, FAR),
    "short_put_calendar_spread": (750, NEAR, FAR),
    "iron_butterfly": (740, 750, 760, NEAR),
    "short_iron_butterfly": (740, 750, 760, NEAR),
    "iron_condor": (730, 740, 760, 770, NEAR),
    "short_iron_condor": (730, 740, 760, 770, NEAR),
    "box_spread": (760, 740, NEAR),
    "short_box_spread": (760, 740, NEAR),
    "jelly_roll": (750, NEAR, FAR),
    "short_jelly_roll": (750, NEAR, FAR),
    "bear_call_ladder": (740, 750, 760, NEAR),
    "bear_put_ladder": (760, 750, 740, NEAR),
    "bull_call_ladder": (740, 750, 760, NEAR),
    "bull_put_ladder": (760, 750, 740, NEAR),
}


@pytest.fixture(autouse=True)
def _in_the_sample_data(sample_data: Path) -> Iterator[None]:
    before = data_folder()
    use_data_folder(sample_data / "lean")
    yield
    use_data_folder(before)


@pytest.mark.parametrize("name", MADE)
def test_a_strategy_that_is_made_is_found_among_positions(name: str) -> None:
    made: OptionStrategy = getattr(OptionStrategies, name)(CHAIN, *MADE[name])
    held = [OptionPosition(leg.symbol, leg.quantity) for leg in made.option_legs]
    held += [OptionPosition(leg.symbol, leg.quantity // 100) for leg in made.underlying_legs]
    matches = match_strategies(held)
    assert [match.name for match in matches] == [made.name]
    assert made.name.lower().replace(" ", "_") == name


def test_backspreads() -> None:
    made = OptionStrategies.put_backspread(CHAIN, 750, 740, NEAR)
    assert [(leg.right, leg.strike, leg.quantity) for leg in made.option_legs] == [
        (OptionRight.PUT, 750.0, -1),
        (OptionRight.PUT, 740.0, 2),
    ]
    sold = OptionStrategies.short_call_backspread(CHAIN, 740, 750, NEAR)
    assert [(leg.strike, leg.quantity) for leg in sold.option_legs] == [(740.0, 1), (750.0, -2)]


def test_both_naming_styles() -> None:
    made: Any = OptionStrategies.BullCallSpread(CHAIN, 740, 750, NEAR)  # type: ignore[attr-defined]
    assert made.Name == "Bull Call Spread"
    assert made.OptionLegs[0].Symbol.Value == "GOOG  151224C00740000"


@pytest.mark.parametrize(
    ("name", "terms"),
    [
        ("bull_call_spread", (750, 740, NEAR)),
        ("bear_put_spread", (740, 750, NEAR)),
        ("strangle", (740, 760, NEAR)),
        ("butterfly_call", (761, 750, 740, NEAR)),
        ("iron_condor", (740, 730, 760, 770, NEAR)),
        ("iron_butterfly", (740, 750, 765, NEAR)),
        ("call_calendar_spread", (750, FAR, NEAR)),
        ("protective_collar", (740, 760, NEAR)),
        ("straddle", (750, datetime.min)),
    ],
)
def test_wrong_terms_are_refused(name: str, terms: tuple[Any, ...]) -> None:
    with pytest.raises(ArgumentException):
        getattr(OptionStrategies, name)(CHAIN, *terms)


def test_a_contract_is_no_chain() -> None:
    contract = OptionStrategies.naked_call(CHAIN, 750, NEAR).option_legs[0].symbol
    with pytest.raises(ArgumentException, match="canonical option symbol"):
        OptionStrategies.straddle(contract, 750, NEAR)


def test_a_strategy_by_hand_finds_its_contracts() -> None:
    made = OptionStrategy()
    made.underlying = GOOG
    made.option_legs.append(OptionLegData(OptionRight.CALL, 750, 1, NEAR))
    made.set_symbols()
    assert made.option_legs[0].symbol.value == "GOOG  151224C00750000"
