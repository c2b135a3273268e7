"""One dividend yield for all dates."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from utils.engine.dotnet.money import exact
from utils.engine.dotnet.naming import DotNet


class ConstantDividendYieldModel(DotNet):
    """The yield it is made with."""

    def __init__(self, dividend_yield: float | Decimal) -> None:
        self._yield = float(exact(dividend_yield))

    def get_dividend_yield(self, date: datetime, security_price: float | None = None) -> float:
        """Annual yield, a fraction."""
        return self._yield
