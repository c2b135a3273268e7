"""How a symbol is quoted and traded."""

from __future__ import annotations

from decimal import Decimal

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.money import ONE, exact, text
from utils.engine.dotnet.naming import DotNet

_CENT = Decimal("0.01")

Number = float | Decimal


class SymbolProperties(DotNet):
    """How a symbol is quoted and traded; sizes as floats, `exact_…` as decimals.

    Attributes:
        description: its name.
        quote_currency: what its price is in.
        market_ticker: its ticker on its exchange.
    """

    description: str
    quote_currency: str
    market_ticker: str
    exact_contract_multiplier: Decimal
    exact_minimum_price_variation: Decimal
    exact_lot_size: Decimal
    exact_minimum_order_size: Decimal | None
    exact_price_magnifier: Decimal
    exact_strike_multiplier: Decimal

    def __init__(
        self,
        description: str,
        quote_currency: str,
        contract_multiplier: Number,
        minimum_price_variation: Number,
        lot_size: Number,
        market_ticker: str,
        minimum_order_size: Number | None = None,
        price_magnifier: Number = 1,
        strike_multiplier: Number = 1,
    ) -> None:
        self.description = description
        self.quote_currency = quote_currency
        self.market_ticker = market_ticker
        self.exact_contract_multiplier = exact(contract_multiplier)
        self.exact_minimum_price_variation = exact(minimum_price_variation)
        self.exact_lot_size = exact(lot_size)
        self.exact_minimum_order_size = None if minimum_order_size is None else exact(minimum_order_size)
        self.exact_price_magnifier = exact(price_magnifier)
        self.exact_strike_multiplier = exact(strike_multiplier)
        for name in ("lot_size", "price_magnifier", "strike_multiplier"):
            if getattr(self, f"exact_{name}") <= 0:
                raise ArgumentException(f"SymbolProperties: {name} must be above zero")

    @staticmethod
    def get_default(quote_currency: str) -> SymbolProperties:
        """Of a symbol the database does not know: whole lots, cents."""
        return SymbolProperties("", quote_currency.upper(), ONE, _CENT, ONE, "")

    @property
    def contract_multiplier(self) -> float:
        """What one contract is of."""
        return float(self.exact_contract_multiplier)

    @property
    def minimum_price_variation(self) -> float:
        """The tick."""
        return float(self.exact_minimum_price_variation)

    @property
    def lot_size(self) -> float:
        """Quantities are multiples of it."""
        return float(self.exact_lot_size)

    @property
    def minimum_order_size(self) -> float | None:
        """Smallest order, in the currency its exchange has it in; None: there is none."""
        size = self.exact_minimum_order_size
        return None if size is None else float(size)

    @property
    def price_magnifier(self) -> float:
        """What live prices are divided by."""
        return float(self.exact_price_magnifier)

    @property
    def strike_multiplier(self) -> float:
        """What strikes are multiplied by."""
        return float(self.exact_strike_multiplier)

    def __str__(self) -> str:
        least = self.exact_minimum_order_size
        return ",".join(
            (
                self.description,
                self.quote_currency,
                text(self.exact_contract_multiplier),
                text(self.exact_minimum_price_variation),
                text(self.exact_lot_size),
                self.market_ticker,
                "" if least is None else text(least),
                text(self.exact_price_magnifier),
                text(self.exact_strike_multiplier),
            )
        )
