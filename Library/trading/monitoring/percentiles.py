"""Percentiles of the latest readings, exact, in bounded memory."""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections import deque
from typing import Final

WINDOW: Final = 1_000


class RollingPercentiles:
    """Keeps the latest readings twice: in the order of their coming, and sorted.

    >>> latency = RollingPercentiles(window=4)
    >>> for milliseconds in (900, 10, 30, 20, 40):
    ...     latency.add(milliseconds)
    >>> latency.percentile(50), latency.percentile(99)
    (20, 40)
    """

    def __init__(self, window: int = WINDOW) -> None:
        self._window = window
        self._arrived: deque[float] = deque()
        self._sorted: list[float] = []

    def add(self, value: float) -> None:
        """Take in a reading, and forget the oldest of a full window."""
        if len(self._arrived) == self._window:
            del self._sorted[bisect_left(self._sorted, self._arrived.popleft())]
        self._arrived.append(value)
        insort(self._sorted, value)

    def percentile(self, percent: float) -> float:
        """The least reading that at least `percent` of the window do not exceed; NaN without readings."""
        if not self._sorted:
            return math.nan
        return self._sorted[max(0, math.ceil(len(self._sorted) * percent / 100) - 1)]
