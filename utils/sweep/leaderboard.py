"""A sweep's best rows with what speaks for and against each of them."""

from __future__ import annotations

from typing import Any

from utils.sweep.detail import Details
from utils.sweep.grid import Grid
from utils.sweep.selection import top
from utils.sweep.store import Store

HOLDOUT_METRICS = ("pnl", "sharpe", "max_drawdown", "total_trades")


def leaderboard(
    store: Store,
    sweep_id: str,
    grid: Grid,
    details: Details | None,
    metric: str,
    min_trades: int,
    count: int,
    distinct: bool = False,
) -> list[dict[str, Any]]:
    """The best rows as `selection.top` ranks them.

    Args:
        details: of the same sweep, for the holdout; None where its bars are not at hand.
    Returns:
        a dictionary a row, all with the same keys: rank, combo, one for each axis of the grid, the metrics,
        and some of the holdout's as `holdout_...`, None where there is none.
    """
    board: list[dict[str, Any]] = []
    for rank, row in enumerate(top(store, sweep_id, metric, min_trades, count, distinct), 1):
        holdout = (details.holdout(row.combo) if details else None) or {}
        board.append(
            {
                "rank": rank,
                "combo": row.combo,
                **grid.setting(row.combo),
                **row.metrics,
                **{f"holdout_{name}": holdout.get(name) for name in HOLDOUT_METRICS},
            }
        )
    return board
