"""Volatility as the value of an indicator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from utils.engine.models.volatility.base_volatility_model import BaseVolatilityModel


class IndicatorVolatilityModel(BaseVolatilityModel):
    """The value of an indicator that the algorithm updates, or a function `(security, data, indicator)`."""

    def __init__(
        self, indicator: Any, indicator_update: Callable[[Any, Any, Any], None] | None = None
    ) -> None:
        super().__init__()
        self._indicator, self._update = indicator, indicator_update

    @property
    def volatility(self) -> float:
        """The indicator's value."""
        return float(self._indicator.current.value)

    def update(self, security: Any, data: Any) -> None:
        """Give a data point to the function."""
        if self._update is not None:
            self._update(security, data, self._indicator)
