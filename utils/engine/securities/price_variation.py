"""The smallest step of a price."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from utils.engine.dotnet.money import ONE
from utils.engine.dotnet.naming import DotNet

_SUB_DOLLAR_TICK = Decimal("0.0001")


class SecurityPriceVariationModel(DotNet):
    """The tick of the symbol properties."""

    def minimum_price_variation(self, security: Any, reference: Decimal) -> Decimal:
        """Tick at a price."""
        tick: Decimal = security.symbol_properties.exact_minimum_price_variation
        return tick


class EquityPriceVariationModel(SecurityPriceVariationModel):
    """US equities below a dollar are quoted in hundredths of a cent (17 CFR 242.612)."""

    def minimum_price_variation(self, security: Any, reference: Decimal) -> Decimal:
        """Tick at a price."""
        if reference < ONE:
            return _SUB_DOLLAR_TICK
        return super().minimum_price_variation(security, reference)


class AdjustedPriceVariationModel(SecurityPriceVariationModel):
    """Prices adjusted for dividends and splits have no tick."""

    def minimum_price_variation(self, security: Any, reference: Decimal) -> Decimal:
        """Zero: no rounding."""
        return Decimal(0)
