"""The history in folds: spans of days, each traded on its own, that a trial is judged by."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from trading.bars import Bars
from trading.simulation.records import Status
from utils.errors import UserError
from utils.sweep.search.config import Plan
from utils.sweep.search.evaluation import Span


def fold_spans(bars: Bars, folds: int) -> list[Span]:
    """Spans of as many days each, to one, that follow one another and cover all bars.

    Raises:
        UserError: there are fewer days than folds.
    """
    days = np.unique(bars.day)
    if len(days) < folds:
        raise UserError(f"search.folds: {folds} are more than the {len(days)} days there are; take fewer")
    firsts = days[[len(days) * fold // folds for fold in range(folds)]]
    starts = [*np.searchsorted(bars.day, firsts).tolist(), len(bars)]
    return list(pairwise(starts))


def fold_values(row: np.void, plan: Plan) -> tuple[float, ...] | None:
    """Objectives of one fold, None of one that went bust or makes no sense; undefined counts 0.

    A fold without trades has no Sharpe ratio, as an account that stays flat has none; it is no reason to drop
    the others.
    """
    if row["status"] != Status.OK:
        return None
    values = (float(row[metric]) for metric in plan.objectives)
    return tuple(0.0 if math.isnan(value) else value for value in values)


def whole_values(row: np.void, plan: Plan) -> tuple[float, ...] | None:
    """Objectives over all bars, None of a row that is infeasible."""
    if row["status"] != Status.OK or row["total_trades"] < plan.min_trades:
        return None
    values = tuple(float(row[metric]) for metric in plan.objectives)
    return None if any(map(math.isnan, values)) else values


def mean_of(folds: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
    """Mean of each objective over folds."""
    return tuple(math.fsum(values) / len(folds) for values in zip(*folds, strict=True))
