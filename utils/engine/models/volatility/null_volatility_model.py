"""No volatility."""

from __future__ import annotations

from typing import Any, ClassVar

from utils.engine.dotnet.naming import DotNet


class VolatilityModel(DotNet):
    """Base of volatility models."""

    NULL: ClassVar[VolatilityModel]

    @property
    def volatility(self) -> float:
        """Annualized, as a fraction."""
        return 0.0

    def update(self, security: Any, data: Any) -> None:
        """Take in a data point."""


class NullVolatilityModel(VolatilityModel):
    """Always zero."""


VolatilityModel.NULL = NullVolatilityModel()
