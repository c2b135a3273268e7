"""What the functions that make strategies share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.money import exact
from utils.engine.enums import OptionRight
from utils.engine.identity.symbol_properties_database import SymbolPropertiesDatabase
from utils.engine.option_strategies.definition import OptionStrategyDefinition
from utils.engine.option_strategies.option_strategy import OptionLegData, OptionStrategy, UnderlyingLegData
from utils.engine.securities.as_symbol import as_symbol

Strike = float | Decimal
CALL: Final = OptionRight.CALL
PUT: Final = OptionRight.PUT

LegTerms = tuple[OptionRight, Strike, int, datetime]  # right, strike, contracts, expiry


def chain_of(canonical_option: Any, name: str, *expirations: datetime) -> Any:
    """The symbol of a chain.

    Raises:
        ArgumentException: it is no chain's, or an expiry is missing.
    """
    chain = as_symbol(canonical_option)
    if chain is None or not chain.has_underlying or exact(chain.id.exact_strike_price):
        raise ArgumentException(f"{name}: canonicalOption must contain canonical option symbol")
    if any(date in (datetime.min, datetime.max) for date in expirations):
        raise ArgumentException(f"{name}: expiration must contain expiration date")
    return chain


def strategy(
    known: OptionStrategyDefinition, chain: Any, legs: Iterable[LegTerms], lots: int = 0
) -> OptionStrategy:
    """A strategy of legs, and of lots of the underlying; a lot is what a contract delivers."""
    underlying = []
    if lots:
        properties = SymbolPropertiesDatabase.from_data_folder().get_symbol_properties(
            chain.id.market, chain, chain.security_type, ""
        )
        lot = int(properties.exact_contract_multiplier)
        underlying.append(UnderlyingLegData.create(lots * lot, chain.underlying))
    return OptionStrategy(known.name, chain, [OptionLegData(*leg) for leg in legs], underlying)


def inverted(made: OptionStrategy, known: OptionStrategyDefinition) -> OptionStrategy:
    """The same strategy sold, under its own name."""
    made.name = known.name
    for leg in (*made.option_legs, *made.underlying_legs):
        leg.quantity = -leg.quantity
    return made
