"""Open, high, low, close."""

# ruff: noqa: A002 - the names and arguments are LEAN's

from __future__ import annotations

from utils.engine.data.rounded_text import rounded_text
from utils.engine.dotnet.naming import DotNet


class Bar(DotNet):
    """Four prices, e.g. of the bid over a minute."""

    __slots__ = ("_open_set", "close", "high", "low", "open")
    open: float
    high: float
    low: float
    close: float

    def __init__(
        self, open: float = 0.0, high: float = 0.0, low: float = 0.0, close: float = 0.0
    ) -> None:  # LEAN's argument names
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self._open_set = open != 0.0

    def update(self, value: float) -> None:
        """Take in a price; zero is no price."""
        if value == 0.0:
            return
        if not self._open_set:
            self.open = self.high = self.low = value
            self._open_set = True
        elif value > self.high:
            self.high = value
        elif value < self.low:
            self.low = value
        self.close = value

    def clone(self) -> Bar:
        """A copy."""
        return Bar(self.open, self.high, self.low, self.close)

    def to_string(self) -> str:
        """The text."""
        return str(self)

    def __str__(self) -> str:
        return (
            f"O: {rounded_text(self.open)} H: {rounded_text(self.high)} "
            f"L: {rounded_text(self.low)} C: {rounded_text(self.close)}"
        )
