"""What a search asks of Optuna and tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from utils.sweep.grid import Values

COMPLETE, PRUNED, INFEASIBLE = "complete", "pruned", "infeasible"
"""States of a trial: it has its objectives; it was given up after a fold; its parameters contradict each
other, it went bust, an objective is undefined, or it has too few trades."""


@dataclass(frozen=True)
class Asked:
    """A trial that was proposed.

    Attributes:
        number: from 0 on.
        asked: Optuna's parameters by name.
        values: the strategy's parameters, complete.
    """

    number: int
    asked: dict[str, Any]
    values: Values


@dataclass(frozen=True)
class Told:
    """What came of a trial.

    Attributes:
        number, asked: as proposed.
        state: COMPLETE, PRUNED or INFEASIBLE.
        objectives: one value an objective; None unless complete.
        folds: mean of the objective over the folds so far, after each of them; () of one fold, and of several
            objectives.
    """

    number: int
    asked: dict[str, Any]
    state: str
    objectives: tuple[float, ...] | None
    folds: tuple[float, ...] = ()
