"""Slippage as a fraction of the price."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from utils.engine.dotnet.money import DecimalFloat, exact
from utils.engine.dotnet.naming import DotNet


class ConstantSlippageModel(DotNet):
    """A fraction of the latest bar's value."""

    def __init__(self, slippage_percent: float | Decimal) -> None:
        self._fraction = exact(slippage_percent)

    def get_slippage_approximation(self, asset: Any, order: Any) -> float:
        """How far the fill is from the price."""
        if asset.get_last_data() is None:
            return 0.0
        price: Decimal = asset.cache.exact_price
        return DecimalFloat(price * self._fraction)
