"""Plateau score: does a row stand on a plateau of the grid, or on a peak of its own?

Median of a metric over the rows one step away along one axis each, divided by the row's own. Near 1: the
neighbours do as well; near 0 or below: a lucky spike.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from utils.sweep.robustness.returns import Array


def plateau_scores(metric: Array, shape: Sequence[int], combos: Sequence[int]) -> Array:
    """Plateau score of each of `combos`, NaN where its own metric is undefined or not positive.

    Args:
        metric: of every combination of the grid in order, NaN = undefined, shape (prod(shape),).
        shape: values along each axis, the last moves fastest.
    """
    table = metric.reshape(shape)
    return np.array([_score(table, np.unravel_index(combo, shape)) for combo in combos])


def _score(table: Array, place: tuple[np.intp, ...]) -> float:
    own = float(table[place])
    if not own > 0:
        return float("nan")
    around = []
    for axis, at in enumerate(place):
        for step in (-1, 1):
            if 0 <= at + step < table.shape[axis]:
                around.append(table[(*place[:axis], at + step, *place[axis + 1 :])])  # noqa: PERF401
    values = np.array(around)
    values = values[~np.isnan(values)]
    return float(np.median(values)) / own if len(values) else float("nan")
