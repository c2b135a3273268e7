"""Comparisons by the current value."""

from __future__ import annotations

from typing import Any

from utils.engine.dotnet.naming import DotNet
from utils.engine.indicators.data_point import IndicatorDataPoint


class ComparedByValue(DotNet):
    """Compares its current value with numbers and with others of its kind."""

    @property
    def current(self) -> IndicatorDataPoint:
        """The last value and its time."""
        raise NotImplementedError

    def __float__(self) -> float:
        return self.current.value

    def __lt__(self, other: Any) -> bool:
        return self.current.value < float(other)

    def __le__(self, other: Any) -> bool:
        return self.current.value <= float(other)

    def __gt__(self, other: Any) -> bool:
        return self.current.value > float(other)

    def __ge__(self, other: Any) -> bool:
        return self.current.value >= float(other)
