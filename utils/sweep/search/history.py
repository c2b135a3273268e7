"""How a search went: its objective trial by trial, and what it depends on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from utils.sweep.search.config import Plan
from utils.sweep.search.importance import importances
from utils.sweep.search.space import Space
from utils.sweep.search.told import Told
from utils.sweep.selection import ASCENDING


@dataclass(frozen=True)
class History:
    """A search trial by trial.

    Attributes:
        objective: the first one.
        values: of each trial, None where it is not complete.
        best: best value so far, None before the first.
        importances: share of each parameter, largest first; empty where it is unknown.
    """

    objective: str
    values: tuple[float | None, ...]
    best: tuple[float | None, ...]
    importances: dict[str, float]


def history(plan: Plan, space: Space, trials: Sequence[Told]) -> History:
    """The history of a search's trials, in order."""
    objective = plan.objectives[0]
    better = min if objective in ASCENDING else max
    values = [None if trial.objectives is None else trial.objectives[0] for trial in trials]
    best: list[float | None] = []
    for value in values:
        before = best[-1] if best else None
        known = [one for one in (before, value) if one is not None]
        best.append(better(known) if known else None)
    return History(objective, tuple(values), tuple(best), importances(plan, space, trials))
