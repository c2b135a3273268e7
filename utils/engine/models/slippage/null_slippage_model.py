"""No slippage."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from utils.engine.dotnet.money import ZERO
from utils.engine.dotnet.naming import DotNet


class NullSlippageModel(DotNet):
    """Orders do not move the price."""

    INSTANCE: ClassVar[NullSlippageModel]

    def get_slippage_approximation(self, asset: Any, order: Any) -> Decimal:
        """How far the fill is from the price, above zero."""
        return ZERO


NullSlippageModel.INSTANCE = NullSlippageModel()
