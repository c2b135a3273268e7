"""Slippage of Alpha Streams."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from utils.engine.enums import SecurityType
from utils.engine.models.slippage.constant_slippage_model import ConstantSlippageModel

_FRACTION = Decimal("0.0001")


class AlphaStreamsSlippageModel(ConstantSlippageModel):
    """A hundredth of a percent of the price of shares; nothing of others."""

    def __init__(self) -> None:
        super().__init__(_FRACTION)

    def get_slippage_approximation(self, asset: Any, order: Any) -> float:
        """How far the fill is from the price."""
        if asset.type != SecurityType.EQUITY:
            return 0.0
        return super().get_slippage_approximation(asset, order)
