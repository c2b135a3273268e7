"""What becomes of a batch of trials: fold by fold, then over all bars."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from trading.simulation.records import Status
from utils.sweep.evaluation import invalid_rows
from utils.sweep.grid import Values
from utils.sweep.search.config import Plan
from utils.sweep.search.evaluation import Span, TrialEvaluation
from utils.sweep.search.folds import fold_values, mean_of, whole_values
from utils.sweep.search.told import COMPLETE, INFEASIBLE, PRUNED, Asked, Told
from utils.sweep.search.trials import Evaluated

GivesUp = Callable[[Sequence[float]], bool]
"""Whether a trial with these means, one a fold so far, is to be pruned."""


def judge(
    asked: Sequence[Asked], plan: Plan, spans: Sequence[Span], evaluation: TrialEvaluation, gives_up: GivesUp
) -> list[Evaluated]:
    """Evaluate a batch.

    With several folds a trial trades one after the other; after each, but for the last, it may be given up,
    and sees no further bar then. The others are simulated over all bars too: that is what is stored of them.

    Args:
        spans: the folds, in order; they cover all bars.
        gives_up: asked with the means of one objective.
    """
    trials = [_Running(one) for one in asked]
    if plan.folds > 1:
        for number, span in enumerate(spans, 1):
            running = [trial for trial in trials if trial.state is None]
            rows = evaluation.rows([trial.values for trial in running], span)
            for trial, row in zip(running, rows, strict=True):
                trial.take(fold_values(row, plan))
                if trial.state is None and number < len(spans) and trial.single and gives_up(trial.means):
                    trial.state = PRUNED
    finished = [trial for trial in trials if trial.state != PRUNED]
    whole = evaluation.rows([trial.values for trial in finished], (spans[0][0], spans[-1][1]))
    for trial, row in zip(finished, whole, strict=True):
        trial.row = row
        objectives = whole_values(row, plan)
        if objectives is None or trial.state == INFEASIBLE:
            trial.state = INFEASIBLE
        else:
            trial.state, trial.objectives = COMPLETE, mean_of(trial.folds) if trial.folds else objectives
    return [trial.evaluated() for trial in trials]


class _Running:
    """A trial on its way through the folds."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self.values: Values = asked.values
        self.state: str | None = None
        self.folds: list[tuple[float, ...]] = []
        self.means: list[float] = []
        self.objectives: tuple[float, ...] | None = None
        self.row = invalid_rows(1)[0]

    @property
    def single(self) -> bool:
        """Whether there is one objective."""
        return len(self.folds[0]) == 1

    def take(self, values: tuple[float, ...] | None) -> None:
        """Objectives of the next fold."""
        if values is None:
            self.state = INFEASIBLE
            return
        self.folds.append(values)
        if self.single:
            self.means.append(mean_of(self.folds)[0])

    def evaluated(self) -> Evaluated:
        """What is stored of it."""
        assert self.state is not None
        assert self.state != COMPLETE or self.row["status"] == Status.OK
        told = Told(self._asked.number, self._asked.asked, self.state, self.objectives, tuple(self.means))
        return Evaluated(told, self.values, self.row)
