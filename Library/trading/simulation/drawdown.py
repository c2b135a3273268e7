"""Maximum drawdown through one trade, without looking at its bars where that cannot matter."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.simulation.records import ExitReason

_EVENT = int(ExitReason.EVENT)
_OPEN = int(ExitReason.OPEN)
_BUST = int(ExitReason.BUST)


@kernel
def deepened(drawdown: float, peak: float, trough: float) -> float:
    """Maximum drawdown once equity has stood at `trough` under `peak`."""
    if peak - trough > drawdown * peak:
        return (peak - trough) / peak
    return drawdown


@kernel
def walk(
    prices: NDArray[np.void],
    bar: NDArray[np.int64],
    event: int,
    row: Any,
    cash: float,
    quantity: float,
    exit_bar: int,
    reason: int,
    peak: float,
    drawdown: float,
) -> tuple[float, float]:
    """Maximum drawdown and peak after a trade but before its exit fill, bar by bar.

    Args:
        prices: the bars, `PRICE_DTYPE`.
        bar: signal bar of each event.
        event: the event that was entered.
        row: its outcome.
        cash: equity less the position's gain, its entry fee paid: equity at a price is
            cash + quantity * (price - entry price) * side.
        quantity: units held.
        exit_bar, reason: of the trade, which a bust ends before its outcome's.
        peak, drawdown: running figures before the trade.
    """
    whole_entry_bar = row.entry_bar > bar[event]
    whole_exit_bar = reason == _BUST or (reason == _EVENT and bar[row.resume] == exit_bar)
    for t in range(row.entry_bar, exit_bar + 1):
        if t == exit_bar and not whole_exit_bar and reason != _OPEN:
            break  # left at a resting order's price or at the open: only the exit itself counts
        price = prices[t].close
        if t > row.entry_bar or whole_entry_bar:
            price = prices[t].low if row.side > 0 else prices[t].high
        drawdown = deepened(drawdown, peak, cash + quantity * (row.side * (price - row.entry_price)))
        if t < exit_bar or reason == _OPEN:
            peak = max(peak, cash + quantity * (row.side * (prices[t].close - row.entry_price)))
    return drawdown, peak


@kernel
def bust_bar(prices: NDArray[np.void], row: Any, cash: float, quantity: float) -> int:
    """First bar at whose close the equity is gone; the caller knows that there is one."""
    t = int(row.entry_bar)
    while cash + quantity * (row.side * (prices[t].close - row.entry_price)) > 0.0:
        t += 1
    return t


@kernel
def mark_to_market(
    prices: NDArray[np.void],
    row: Any,
    cash: float,
    quantity: float,
    start: int,
    end: int,
    equity: Float64Array,
) -> None:
    """Write the equity at each close of a trade before bar `end`; `equity[0]` is bar `start`."""
    for t in range(row.entry_bar, end):
        equity[t - start] = cash + quantity * (row.side * (prices[t].close - row.entry_price))
