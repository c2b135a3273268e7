"""What a report shows, gathered from a store and from simulations of its chosen rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.sweep.combinations import Swept
from utils.sweep.detail import Details, Figures, Year
from utils.sweep.leaderboard import leaderboard
from utils.sweep.robustness import Assessment
from utils.sweep.search.history import History, history
from utils.sweep.search.stored import StoredSearch
from utils.sweep.search.trials import stored_trials
from utils.sweep.selection import metric_table
from utils.sweep.store import Store, SweepRecord

Array = NDArray[np.float64]

MAPPED_METRICS = {
    "sharpe": ("Sharpe ratio", ".2f"),
    "pnl": ("Profit", ",.0f"),
    "max_drawdown": ("Maximum drawdown", ".1%"),
}
"""Metrics that the heatmaps offer: heading and number format (d3)."""


@dataclass(frozen=True, eq=False)
class Curve:
    """Daily equity of one row and of buying and holding, from the swept span on into the holdout.

    Attributes:
        dates: trading dates, ISO, shape (d,).
        equity, hold: money at each day's close, shape (d,).
        holdout: first day of the holdout among them, d when there is none.
    """

    dates: list[str]
    equity: Array
    hold: Array
    holdout: int

    def drawdown(self) -> Array:
        """Fraction below the highest close so far, shape (d,), zero or negative."""
        result: Array = self.equity / np.maximum.accumulate(self.equity) - 1.0
        return result


@dataclass(frozen=True, eq=False)
class Content:
    """Everything on the page.

    Attributes:
        record, sweep: the sweep or search.
        assessment: its overfitting figures.
        metric: that the rows are ranked by.
        leaders: the best rows, best first.
        curve, years, sensitivity: of the first of them; None and empty where no row qualifies.
        tables: metric -> its value for every combination or trial in order, NaN = undefined.
        history: of a search, trial by trial; None of a sweep.
    """

    record: SweepRecord
    sweep: Swept
    assessment: Assessment
    metric: str
    leaders: list[dict[str, Any]]
    curve: Curve | None
    years: list[Year]
    sensitivity: dict[str, Figures]
    tables: dict[str, Array]
    history: History | None = None


def gather(
    store: Store,
    record: SweepRecord,
    sweep: Swept,
    assessment: Assessment,
    metric: str,
    min_trades: int,
    count: int,
) -> Content:
    """The content of a report; simulates the chosen rows again."""
    details = Details(sweep)
    leaders = leaderboard(
        store, record.id, sweep.rows, details, metric, min_trades, count, distinct=True, assessment=assessment
    )
    first = leaders[0][sweep.rows.key] if leaders else None
    return Content(
        record=record,
        sweep=sweep,
        assessment=assessment,
        metric=metric,
        leaders=leaders,
        curve=None if first is None else _curve(sweep, details, first),
        years=[] if first is None else details.years(details.simulation(first)),
        sensitivity={}
        if first is None
        else {"as swept": details.figures(first), **details.sensitivity(first)},
        tables={name: metric_table(store, record.id, name, record.combos) for name in MAPPED_METRICS},
        history=_history(store, sweep),
    )


def pair_maps(
    table: Array, shape: tuple[int, ...], least_is_best: bool
) -> dict[tuple[int, int], dict[str, Array]]:
    """Median and best of a metric over all other axes, for each pair of axes with two values or more.

    Args:
        table: of every combination in order, shape (prod(shape),).
    Returns:
        (axis for rows, axis for columns) -> {"median", "best"}, NaN where nothing is defined.
    """
    grid = table.reshape(shape)
    pairs = combinations([axis for axis, size in enumerate(shape) if size > 1], 2)
    return {
        (rows, columns): {
            "median": _over_others(np.nanmedian, grid, rows, columns),
            "best": _over_others(np.nanmin if least_is_best else np.nanmax, grid, rows, columns),
        }
        for rows, columns in pairs
    }


def _over_others(function: Callable[..., Array], grid: Array, rows: int, columns: int) -> Array:
    cells = np.moveaxis(grid, (rows, columns), (0, 1)).reshape(grid.shape[rows], grid.shape[columns], -1)
    defined = ~np.all(np.isnan(cells), axis=2)
    values = np.full(cells.shape[:2], np.nan)
    values[defined] = function(cells[defined], axis=1)
    return values


def _history(store: Store, sweep: Swept) -> History | None:
    if not isinstance(sweep, StoredSearch):
        return None
    return history(sweep.config.search, sweep.space, stored_trials(store, sweep.id))


def _curve(sweep: Swept, details: Details, combo: int) -> Curve:
    """Swept span and holdout one after the other: the holdout begins flat with what the swept span left."""
    bars, split = sweep.bars, sweep.split
    equity = details.simulation(combo).equity
    if split < len(bars):
        ahead = details.holdout_simulation(combo).equity
        equity = np.concatenate((equity, ahead / sweep.config.capital.initial_equity * equity[-1]))
    last = np.append(np.flatnonzero(np.diff(bars.day)), len(bars) - 1)
    hold = sweep.config.capital.initial_equity * bars.close[last] / bars.close[0]
    dates = bars.day[last].astype("datetime64[D]").astype(str).tolist()
    return Curve(dates, equity[last], hold, int(np.searchsorted(last, split)))
