"""A strategy to order: legs of options, and of their underlying."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from utils.engine.dotnet.money import ZERO, exact, text
from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.surface import float_of
from utils.engine.enums import OptionRight
from utils.engine.identity.symbol import Symbol
from utils.engine.orders.leg import Leg
from utils.engine.securities.as_symbol import as_symbol


class OptionLegData(Leg):
    """Contracts of one option; without a symbol it is made of right, strike and expiry."""

    right: OptionRight
    expiration: datetime
    strike = float_of("exact_strike")

    def __init__(
        self,
        right: OptionRight = OptionRight.CALL,
        strike: float | Decimal = ZERO,
        quantity: int = 0,
        expiration: datetime = datetime.min,
    ) -> None:
        self.symbol, self.quantity, self.order_price = None, quantity, None
        self.right, self.expiration = right, expiration
        self.exact_strike = exact(strike)

    @staticmethod
    def create(quantity: int, symbol: Any, order_price: float | None = None) -> OptionLegData:  # type: ignore[override]
        """Contracts of an option that is known by symbol."""
        contract = as_symbol(symbol)
        sid = contract.id
        leg = OptionLegData(sid.option_right, sid.exact_strike_price, quantity, sid.date)
        leg.symbol, leg.order_price = contract, order_price
        return leg

    def __str__(self) -> str:
        return (
            f"Leg: {self.quantity}. Right: {self.right}. Strike: {text(self.exact_strike)}. "
            f"Expiration: {self.expiration:%Y%m%d}"
        )


class UnderlyingLegData(Leg):
    """Units of the underlying."""

    def __init__(self) -> None:
        self.symbol, self.quantity, self.order_price = None, 0, None

    @staticmethod
    def create(  # type: ignore[override]
        quantity: int, symbol: Any = None, order_price: float | None = None
    ) -> UnderlyingLegData:
        """Units of an underlying: `(quantity, symbol, order_price)` or `(quantity, order_price)`."""
        if isinstance(symbol, (int, float, Decimal)):
            symbol, order_price = None, float(symbol)
        leg = UnderlyingLegData()
        leg.quantity, leg.symbol, leg.order_price = quantity, as_symbol(symbol), order_price
        return leg

    def __str__(self) -> str:
        return f"Leg: {self.quantity}. {self.symbol}" if self.symbol is not None else ""


class OptionStrategy(DotNet):
    """Legs that are ordered together by `buy(strategy, quantity)` and `sell`.

    Example:
        >>> strategy = OptionStrategy()
        >>> strategy.name, strategy.option_legs
        ('', [])
    """

    name: str
    canonical_option: Any
    underlying: Any
    option_legs: list[OptionLegData]
    underlying_legs: list[UnderlyingLegData]

    def __init__(
        self,
        name: str = "",
        canonical_symbol: Any = None,
        option_legs: Sequence[OptionLegData] = (),
        underlying_legs: Sequence[UnderlyingLegData] = (),
    ) -> None:
        self.name = name
        self.canonical_option = as_symbol(canonical_symbol)
        self.underlying = None if self.canonical_option is None else self.canonical_option.underlying
        self.option_legs, self.underlying_legs = list(option_legs), list(underlying_legs)
        self.set_symbols()

    def set_symbols(self) -> None:
        """Name the contracts of the legs that are known by their terms only."""
        if self.canonical_option is None:
            if self.underlying is None:
                first = self.underlying_legs[0] if self.underlying_legs else None
                if first is None or first.symbol is None:
                    return
                self.underlying = first.symbol
            self.canonical_option = Symbol.create_canonical_option(self.underlying)
        sid, underlying = self.canonical_option.id, self.underlying
        for leg in self.option_legs:
            if leg.symbol is None:
                terms = (leg.right, leg.exact_strike, leg.expiration)
                leg.symbol = Symbol.create_option(
                    underlying, sid.symbol, underlying.id.market, sid.option_style, *terms
                )


# LEAN has the legs' classes inside the strategy's.
OptionStrategy.OptionLegData = OptionLegData  # type: ignore[attr-defined]
OptionStrategy.UnderlyingLegData = UnderlyingLegData  # type: ignore[attr-defined]
