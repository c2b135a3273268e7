"""No slippage."""

from __future__ import annotations

from typing import Any, ClassVar

from utils.engine.dotnet.naming import DotNet


class NullSlippageModel(DotNet):
    """Orders do not move the price."""

    INSTANCE: ClassVar[NullSlippageModel]

    def get_slippage_approximation(self, asset: Any, order: Any) -> float:
        """How far the fill is from the price, above zero."""
        return 0.0


NullSlippageModel.INSTANCE = NullSlippageModel()
