"""A sweep's best rows, with what speaks for and against each of them and against all of them."""

from __future__ import annotations

import math
from typing import Any

from utils.sweep.combinations import Combinations
from utils.sweep.detail import Details
from utils.sweep.grid import Grid
from utils.sweep.robustness import Assessment, plateau_scores
from utils.sweep.selection import metric_table, top
from utils.sweep.store import Store

HOLDOUT_METRICS = ("pnl", "sharpe", "max_drawdown", "total_trades")


def leaderboard(
    store: Store,
    sweep_id: str,
    combinations: Combinations,
    details: Details | None,
    metric: str,
    min_trades: int,
    count: int,
    distinct: bool = False,
    assessment: Assessment | None = None,
) -> list[dict[str, Any]]:
    """The best rows as `selection.top` ranks them.

    Args:
        combinations: what the rows stand for.
        details: of the same sweep, for the holdout; None where its bars are not at hand.
        assessment: of the same sweep, for the deflated Sharpe ratios; None leaves them undefined.
    Returns:
        a dictionary a row, all with the same keys: rank, combo (or trial), one for each axis, the metrics,
        `deflated_sharpe` (all rows counted as tries) and `deflated_sharpe_distinct` (rows with equal trades
        counted once), `plateau` (of the metric ranked by; trials have none), and some of the holdout's
        metrics as `holdout_...`; None where undefined.
    """
    rows = top(store, sweep_id, metric, min_trades, count, distinct)
    plateaus = _plateaus(store, sweep_id, combinations, metric, [row.combo for row in rows])
    deflated = assessment.deflated if assessment else {}
    deflated_distinct = assessment.deflated_distinct if assessment else {}
    board: list[dict[str, Any]] = []
    for rank, (row, plateau) in enumerate(zip(rows, plateaus, strict=True), 1):
        holdout = (details.holdout(row.combo) if details else None) or {}
        board.append(
            {
                "rank": rank,
                combinations.key: row.combo,
                **combinations.setting(row.combo),
                **row.metrics,
                "deflated_sharpe": deflated.get(row.combo),
                "deflated_sharpe_distinct": deflated_distinct.get(row.combo),
                "plateau": plateau,
                **{f"holdout_{name}": holdout.get(name) for name in HOLDOUT_METRICS},
            }
        )
    return board


def overfitting_figures(assessment: Assessment) -> dict[str, Any]:
    """Figures of a sweep as a whole, None where undefined, and the verdict; Sharpe ratios annualized."""
    cscv, anchored, rolling = assessment.overfitting, assessment.anchored, assessment.rolling
    return {
        "rows": assessment.rows,
        "distinct_rows": assessment.distinct,
        "best_sharpe": _defined(assessment.best_sharpe),
        "lucky_sharpe": _defined(assessment.lucky_sharpe),
        "probability_of_overfitting": cscv and cscv.probability,
        "probability_of_loss": cscv and cscv.probability_of_loss,
        "walk_forward_sharpe": anchored and _defined(anchored.sharpe * assessment.annual),
        "walk_forward_sharpe_rolling": rolling and _defined(rolling.sharpe * assessment.annual),
        "walk_forward_efficiency": anchored and _defined(anchored.efficiency),
        "verdict": assessment.verdict,
    }


def _plateaus(
    store: Store, sweep_id: str, combinations: Combinations, metric: str, numbers: list[int]
) -> list[float | None]:
    if not isinstance(combinations, Grid):  # trials have no neighbours
        return [None] * len(numbers)
    table = metric_table(store, sweep_id, metric, len(combinations))
    return [_defined(score) for score in plateau_scores(table, combinations.shape, numbers).tolist()]


def _defined(value: float) -> float | None:
    return None if math.isnan(value) else value
