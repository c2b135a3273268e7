"""`option.set_filter` in its forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.universes.option_filter_universe import OptionFilterUniverse

ContractFilter = Callable[[OptionFilterUniverse], OptionFilterUniverse]

_NAMES: Final = ("min_strike", "max_strike", "min_expiry", "max_expiry")
_ALIASES: Final = {"min_expiry_days": "min_expiry", "max_expiry_days": "max_expiry"}


def contract_filter(*terms: Any, **named: Any) -> ContractFilter:
    """A filter of contracts.

    `(min_strike, max_strike)` in steps from the price, `(min_expiry, max_expiry)` as timedeltas, all four
    with expiries as timedeltas or days, or a function of an `OptionFilterUniverse` that gives it back, gives
    a list of symbols, or gives nothing.

    Raises:
        ArgumentException: none of these.
    """
    function = terms[0] if terms and callable(terms[0]) else named.get("universe_func")
    if function is not None:
        return lambda universe: _result(function(universe), universe).apply_types_filter()
    names: tuple[str, ...] = _NAMES
    if len(terms) == 2 and isinstance(terms[0], timedelta):
        names = _NAMES[2:]
    given = dict(zip(names, terms, strict=False)) | {_ALIASES.get(n, n): v for n, v in named.items()}
    if not given or set(given) - set(_NAMES) or len(terms) > len(names) or len(given) % 2:
        raise ArgumentException(
            "set_filter: give (min_strike, max_strike), (min_expiry, max_expiry), all four, or a function"
        )

    def apply(universe: OptionFilterUniverse) -> OptionFilterUniverse:
        if "min_strike" in given:
            universe.strikes(given["min_strike"], given["max_strike"])
        if "min_expiry" in given:
            universe.expiration(given["min_expiry"], given["max_expiry"])
        return universe.apply_types_filter()

    return apply


DEFAULT_FILTER: Final = contract_filter(-1, 1, timedelta(0), timedelta(days=35))
"""One strike each side of the price, up to 35 days."""


def _result(result: Any, universe: OptionFilterUniverse) -> OptionFilterUniverse:
    """The universe that a user's function gave back; nothing means the one it was given."""
    if result is None:
        return universe
    if isinstance(result, OptionFilterUniverse):
        return result
    try:
        return universe.where_contains(list(result))
    except (TypeError, AttributeError):
        raise ArgumentException(
            f"QCAlgorithm.SetFilter: result type {type(result)} from filter function is not a valid "
            "argument, please return either a OptionFilterUniverse or a list of symbols"
        ) from None
