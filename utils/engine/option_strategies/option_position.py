"""A contract held, or lots of the underlying, as the matching of strategies sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from utils.engine.enums import OptionRight


@dataclass(frozen=True, slots=True)
class OptionPosition:
    """Signed contracts of an option, or signed lots of an underlying; a lot is what one contract delivers."""

    symbol: Any
    quantity: int

    @property
    def is_underlying(self) -> bool:
        """Whether it is of the underlying itself."""
        return not self.symbol.has_underlying

    @property
    def right(self) -> OptionRight:
        """Call or put."""
        right: OptionRight = self.symbol.id.option_right
        return right

    @property
    def strike(self) -> Decimal:
        """Strike as the contract's name has it."""
        strike: Decimal = self.symbol.id.exact_strike_price
        return strike

    @property
    def expiration(self) -> datetime:
        """Last day."""
        date: datetime = self.symbol.id.date
        return date
