"""What the market did while a trade was open, looked up when it is needed instead of at every bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.engine.dotnet.money import ZERO, exact
from utils.engine.statistics.trade import Trade, TradeDirection

PricePath = Callable[[Any, int, int], "Sequence[float] | NDArray[np.float64]"]
"""(symbol, since, until) -> the security's prices after `since` up to `until` included (ns UTC)."""


@dataclass
class OpenTrade:
    """A trade not closed yet, with the profit per unit it has had and has given back at most."""

    trade: Trade
    best_profit: Decimal = ZERO
    given_back: Decimal = ZERO

    def see(self, profit: Decimal) -> None:
        """Take in the profit per unit at one moment."""
        if profit < self.best_profit:
            self.given_back = max(self.given_back, self.best_profit - profit)
        else:
            self.best_profit = profit

    def see_price(self, price: Decimal) -> None:
        """Take in one market price."""
        entry = self.trade.exact_entry_price
        self.see(price - entry if self.trade.direction == TradeDirection.LONG else entry - price)

    def see_path(self, prices: NDArray[np.float64]) -> None:
        """Take in many prices at once: only the deepest fall from a peak and the last peak matter."""
        side = 1.0 if self.trade.direction == TradeDirection.LONG else -1.0
        signed = side * prices
        entry = self.trade.exact_entry_price
        start = side * float(entry) + float(self.best_profit)
        peaks = np.maximum.accumulate(np.concatenate(([start], signed)))[1:]
        trough = int(np.argmax(peaks - signed))
        before = signed[: trough + 1]
        peak = int(np.argmax(before))
        if before[peak] >= start:
            self.see_price(exact(float(prices[peak])))
        self.see_price(exact(float(prices[trough])))
        self.see_price(exact(float(prices[int(np.argmax(signed))])))


def as_path(prices: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    """Prices as an array of floats."""
    return np.asarray(prices, dtype=np.float64)
