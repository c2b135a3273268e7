"""The option strategies that LEAN knows.

The order is LEAN's: of strategies with as many legs the first that fits the positions is taken.
"""

from __future__ import annotations

from typing import ClassVar, Final

from utils.engine.dotnet.naming import DotNet, pascal_case
from utils.engine.option_strategies.definition import (
    OptionStrategyDefinition,
    call,
    expires,
    put,
    strategy,
    strike,
    wing,
)

_SAME_DAY: Final = expires("==", 0)
_LATER: Final = expires(">", 0)
_ABOVE: Final = (strike(">", 0), _SAME_DAY)
_BELOW: Final = (strike("<", 0), _SAME_DAY)
_SAME: Final = (strike("==", 0), _SAME_DAY)
_BODY: Final = (strike(">=", 0), _SAME_DAY)
_WING: Final = (strike(">=", 1), _SAME_DAY, wing(1, 0))
_IRON_WING: Final = (wing(0, 1), _SAME_DAY)


class OptionStrategyDefinitions(DotNet):
    """Every strategy by name."""

    COVERED_CALL: Final = strategy("Covered Call", call(-1), lots=1)
    PROTECTIVE_CALL: Final = strategy("Protective Call", call(1), lots=-1)
    COVERED_PUT: Final = strategy("Covered Put", put(-1), lots=-1)
    PROTECTIVE_PUT: Final = strategy("Protective Put", put(1), lots=1)
    PROTECTIVE_COLLAR: Final = strategy("Protective Collar", call(-1), put(1, *_BELOW), lots=1)
    CONVERSION: Final = strategy("Conversion", call(-1), put(1, *_SAME), lots=1)
    REVERSE_CONVERSION: Final = strategy("Reverse Conversion", call(1), put(-1, *_SAME), lots=-1)
    NAKED_CALL: Final = strategy("Naked Call", call(-1))
    NAKED_PUT: Final = strategy("Naked Put", put(-1))
    BEAR_CALL_SPREAD: Final = strategy("Bear Call Spread", call(-1), call(1, *_ABOVE))
    BEAR_PUT_SPREAD: Final = strategy("Bear Put Spread", put(1), put(-1, *_BELOW))
    BULL_CALL_SPREAD: Final = strategy("Bull Call Spread", call(1), call(-1, *_ABOVE))
    BULL_PUT_SPREAD: Final = strategy("Bull Put Spread", put(-1), put(1, *_BELOW))
    STRADDLE: Final = strategy("Straddle", call(1), put(1, *_SAME))
    SHORT_STRADDLE: Final = strategy("Short Straddle", call(-1), put(-1, *_SAME))
    STRANGLE: Final = strategy("Strangle", call(1), put(1, *_BELOW))
    SHORT_STRANGLE: Final = strategy("Short Strangle", call(-1), put(-1, *_BELOW))
    BUTTERFLY_CALL: Final = strategy("Butterfly Call", call(1), call(-2, *_BODY), call(1, *_WING))
    SHORT_BUTTERFLY_CALL: Final = strategy(
        "Short Butterfly Call", call(-1), call(2, *_BODY), call(-1, *_WING)
    )
    BUTTERFLY_PUT: Final = strategy("Butterfly Put", put(1), put(-2, *_BODY), put(1, *_WING))
    SHORT_BUTTERFLY_PUT: Final = strategy("Short Butterfly Put", put(-1), put(2, *_BODY), put(-1, *_WING))
    CALL_CALENDAR_SPREAD: Final = strategy("Call Calendar Spread", call(-1), call(1, strike("==", 0), _LATER))
    SHORT_CALL_CALENDAR_SPREAD: Final = strategy(
        "Short Call Calendar Spread", call(1), call(-1, strike("==", 0), _LATER)
    )
    PUT_CALENDAR_SPREAD: Final = strategy("Put Calendar Spread", put(-1), put(1, strike("==", 0), _LATER))
    SHORT_PUT_CALENDAR_SPREAD: Final = strategy(
        "Short Put Calendar Spread", put(1), put(-1, strike("==", 0), _LATER)
    )
    IRON_BUTTERFLY: Final = strategy(
        "Iron Butterfly", put(-1), put(1, *_BELOW), call(-1, *_SAME), call(1, *_IRON_WING)
    )
    SHORT_IRON_BUTTERFLY: Final = strategy(
        "Short Iron Butterfly", put(1), put(-1, *_BELOW), call(1, *_SAME), call(-1, *_IRON_WING)
    )
    IRON_CONDOR: Final = strategy(
        "Iron Condor",
        put(1),
        put(-1, *_ABOVE),
        call(-1, strike(">", 1), _SAME_DAY),
        call(1, strike(">", 2), _SAME_DAY),
    )
    SHORT_IRON_CONDOR: Final = strategy(
        "Short Iron Condor",
        put(-1),
        put(1, *_ABOVE),
        call(1, strike(">", 1), _SAME_DAY),
        call(-1, strike(">", 2), _SAME_DAY),
    )
    BOX_SPREAD: Final = strategy(
        "Box Spread", put(1), put(-1, *_BELOW), call(1, strike("==", 1), _SAME_DAY), call(-1, *_SAME)
    )
    SHORT_BOX_SPREAD: Final = strategy(
        "Short Box Spread", put(-1), put(1, *_BELOW), call(-1, strike("==", 1), _SAME_DAY), call(1, *_SAME)
    )
    JELLY_ROLL: Final = strategy(
        "Jelly Roll",
        call(-1),
        call(1, strike("==", 0), _LATER),
        put(1, *_SAME),
        put(-1, strike("==", 0), expires("==", 1)),
    )
    SHORT_JELLY_ROLL: Final = strategy(
        "Short Jelly Roll",
        call(1),
        call(-1, strike("==", 0), _LATER),
        put(-1, *_SAME),
        put(1, strike("==", 0), expires("==", 1)),
    )
    BEAR_CALL_LADDER: Final = strategy(
        "Bear Call Ladder", call(-1), call(1, *_ABOVE), call(1, strike(">", 1), _SAME_DAY)
    )
    BEAR_PUT_LADDER: Final = strategy(
        "Bear Put Ladder", put(1), put(-1, *_BELOW), put(-1, strike("<", 1), _SAME_DAY)
    )
    BULL_CALL_LADDER: Final = strategy(
        "Bull Call Ladder", call(1), call(-1, *_ABOVE), call(-1, strike(">", 1), _SAME_DAY)
    )
    BULL_PUT_LADDER: Final = strategy(
        "Bull Put Ladder", put(-1), put(1, *_BELOW), put(1, strike("<", 1), _SAME_DAY)
    )
    CALL_BACKSPREAD: Final = strategy("Call Backspread", call(-1), call(2, *_ABOVE))
    PUT_BACKSPREAD: Final = strategy("Put Backspread", put(-1), put(2, *_BELOW))
    SHORT_CALL_BACKSPREAD: Final = strategy("Short Call Backspread", call(1), call(-2, *_ABOVE))
    SHORT_PUT_BACKSPREAD: Final = strategy("Short Put Backspread", put(1), put(-2, *_BELOW))

    ALL_DEFINITIONS: ClassVar[tuple[OptionStrategyDefinition, ...]]


def _with_inversions() -> tuple[OptionStrategyDefinition, ...]:
    """All strategies; one whose sold form has no name of its own is followed by it."""
    members = vars(OptionStrategyDefinitions).values()
    own = [one for one in members if isinstance(one, OptionStrategyDefinition)]
    named = {(one.underlying_lots, one.legs) for one in own}
    found = []
    for one in own:
        found.append(one)
        sold = one.inverted()
        if (sold.underlying_lots, sold.legs) not in named:
            found.append(sold)
    return tuple(found)


OptionStrategyDefinitions.ALL_DEFINITIONS = _with_inversions()
for _name, _value in list(vars(OptionStrategyDefinitions).items()):
    if isinstance(_value, OptionStrategyDefinition):
        setattr(OptionStrategyDefinitions, pascal_case(_name.lower()), _value)
OptionStrategyDefinitions.AllDefinitions = OptionStrategyDefinitions.ALL_DEFINITIONS  # type: ignore[attr-defined]
