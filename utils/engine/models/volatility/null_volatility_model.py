"""No volatility."""

from __future__ import annotations

from datetime import datetime
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

    def get_history_requirements(self, security: Any, utc_time: datetime) -> list[Any]:
        """Bars to begin with: none."""
        return []


class NullVolatilityModel(VolatilityModel):
    """Always zero."""


VolatilityModel.NULL = NullVolatilityModel()
