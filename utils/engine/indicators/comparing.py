"""What an indicator is by its current value: comparisons, and its text."""

from __future__ import annotations

from typing import Any

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.money import exact, round_half_up, text
from utils.engine.dotnet.naming import DotNet
from utils.engine.indicators.data_point import IndicatorDataPoint


class ComparedByValue(DotNet):
    """Compares its current value with numbers and with others of its kind; equal to itself alone."""

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

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, ComparedByValue):
            return self is other
        return isinstance(other, (int, float)) and self.current.value == other

    def compare_to(self, other: object) -> int:
        """-1, 0 or 1 by value; anything is greater than None.

        Raises:
            ArgumentException: not an indicator.
        """
        if other is None:
            return 1
        if not isinstance(other, ComparedByValue):
            raise ArgumentException(f"Object must be of type {type(self).__name__}")
        return self.current.compare_to(other.current)

    def __str__(self) -> str:
        short = text(round_half_up(exact(self.current.value), 5).normalize())
        return short if "." in short else short + ".0"
