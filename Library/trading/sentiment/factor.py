"""What sentiment may do to a trade: make it smaller, or not happen. There is no way to say more."""

from __future__ import annotations

import math
from dataclasses import dataclass

from trading.sentiment.sentiment import Sentiment


@dataclass(frozen=True)
class RiskFactor:
    """A share from 0 (veto) to 1 (no effect) of what the risk limits allow.

    Raises:
        ValueError: the value is anything else.
    """

    value: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.value) and 0.0 <= self.value <= 1.0):
            raise ValueError(f"risk factor: {self.value} is not between 0 and 1")

    @property
    def vetoes(self) -> bool:
        """Whether nothing is left."""
        return self.value == 0.0

    def applied(self, contracts: int) -> int:
        """At most as many contracts as given, of the same sign, rounded toward zero."""
        return int(contracts * self.value)


def entry_factor(sentiment: Sentiment, side: int, largest_cut: float) -> RiskFactor:
    """How much of an entry is left, for a position that gains when the share rises (side 1) or falls (−1).

    Agreeing and neutral sentiment leave all of it. Opposing sentiment takes off score × confidence of
    `largest_cut`: 1 − largest_cut · |score| · confidence.
    """
    if side not in (1, -1):
        raise ValueError(f"side: {side} is neither 1 nor -1")
    against = max(0.0, -side * sentiment.score) * sentiment.confidence
    return RiskFactor(1.0 - min(1.0, max(0.0, largest_cut)) * against)
