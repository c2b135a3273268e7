"""A figure over a whole run: how often, how much on average and at most."""

from __future__ import annotations

import math


class Summary:
    """Sums readings up; NaN counts as none."""

    def __init__(self) -> None:
        self.count = 0
        self.maximum = math.nan
        self.latest = math.nan
        self._sum = 0.0

    @property
    def average(self) -> float:
        """The mean, NaN without readings."""
        return self._sum / self.count if self.count else math.nan

    def add(self, value: float) -> None:
        """Take in a reading."""
        if value != value:  # noqa: PLR0124 - NaN; a call would cost more than the rest
            return
        self.count += 1
        self._sum += value
        self.latest = value
        if not self.maximum >= value:
            self.maximum = value
