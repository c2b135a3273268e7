"""The best trials of a search: one, or the front of several objectives."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from utils.sweep.search.config import Plan
from utils.sweep.search.told import COMPLETE, Told
from utils.sweep.selection import ASCENDING


def front(trials: Sequence[Told], plan: Plan) -> list[Told]:
    """Complete trials that no other one is at least as good as in every objective and better in one.

    Of one objective: the best trial, and all that equal it. In order of the first objective, best first, ties
    by number.
    """
    complete = [trial for trial in trials if trial.state == COMPLETE]
    if not complete:
        return []
    signs = np.array([1.0 if metric in ASCENDING else -1.0 for metric in plan.objectives])
    costs = np.array([trial.objectives for trial in complete], np.float64) * signs
    order = np.lexsort((np.arange(len(costs)), *costs.T[::-1]))  # nothing is dominated by what comes after it
    chosen: list[int] = []
    for k in order.tolist():
        worse = np.all(costs[chosen] <= costs[k], axis=1) & np.any(costs[chosen] < costs[k], axis=1)
        if not worse.any():
            chosen.append(k)
    return [complete[k] for k in chosen]
