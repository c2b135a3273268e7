"""Asks Optuna for batches of trials, and tells it what came of them."""

from __future__ import annotations

from collections.abc import Sequence

import optuna
from optuna.trial import FixedTrial, FrozenTrial, TrialState, create_trial

from utils.errors import UserError
from utils.sweep.search.config import Plan
from utils.sweep.search.sampling import RESTORED, batch_of, pruner, sampler
from utils.sweep.search.space import Space
from utils.sweep.search.told import COMPLETE, INFEASIBLE, PRUNED, Asked, Told
from utils.sweep.selection import ASCENDING


class Proposer:
    """An Optuna study in memory, a pure function of the plan and of the trials told so far.

    Trials are numbered 0, 1, ... and come in batches with fixed borders (`sampling.batch_of`). A batch is
    asked for as a whole, and the next one after all of its trials were told; asked again it is the same.

    Args:
        plan: how it is searched.
        space: which parameters there are.
        told: trials of an earlier run, of whole batches, in order.
    Raises:
        UserError: `told` are not the trials that Optuna proposes.
    """

    def __init__(self, plan: Plan, space: Space, told: Sequence[Told] = ()) -> None:
        self._plan = plan
        self._space = space
        self._pruner = pruner(plan)
        self._study = new_study(plan)
        self._done = 0
        if plan.sampler in RESTORED:
            self._study.add_trials([frozen(space, trial) for trial in told])
            self._done = len(told)
        else:
            self._replay(told)

    def ask(self) -> list[Asked]:
        """The next batch."""
        self._study.sampler = sampler(self._plan, self._done)
        self._trials = []
        batch = []
        for _ in batch_of(self._plan, self._done):
            trial = self._study.ask()
            values = self._space.values(trial)
            batch.append(Asked(trial.number, dict(trial.params), values))
            self._trials.append(trial)
        return batch

    def tell(self, batch: Sequence[Told]) -> None:
        """What came of the batch that was asked for last, in its order."""
        for trial, told in zip(self._trials, batch, strict=True):
            if told.state == INFEASIBLE:
                # Pruned before its first report is Optuna's worst: samplers learn from it, none is misled.
                self._study.tell(trial, state=TrialState.PRUNED)
                continue
            for fold, value in enumerate(told.folds):
                trial.report(value, fold)
            if told.state == PRUNED:
                self._study.tell(trial, state=TrialState.PRUNED)
            else:
                self._study.tell(trial, told.objectives)
        self._done += len(batch)

    def gives_up(self, folds: Sequence[float]) -> bool:
        """Whether a trial with these means, one a fold so far, is to be pruned.

        It is held against the trials that were told, not against those of its own batch.
        """
        if self._plan.pruner == "none":
            return False
        running = create_trial(state=TrialState.RUNNING, intermediate_values=dict(enumerate(folds)))
        return self._pruner.prune(self._study, running)

    def _replay(self, told: Sequence[Told]) -> None:
        while self._done < len(told):
            batch = told[self._done :][: len(batch_of(self._plan, self._done))]
            check_same(self.ask(), batch)
            self.tell(batch)


def new_study(plan: Plan) -> optuna.Study:
    """A study without trials."""
    directions = ["minimize" if metric in ASCENDING else "maximize" for metric in plan.objectives]
    return optuna.create_study(directions=directions)


def frozen(space: Space, told: Told) -> FrozenTrial:
    """A trial as telling leaves it in a study."""
    complete = told.state == COMPLETE
    folds = () if told.state == INFEASIBLE else told.folds
    fixed = FixedTrial(told.asked)
    space.values(fixed)
    return create_trial(
        state=TrialState.COMPLETE if complete else TrialState.PRUNED,
        values=told.objectives if complete else folds[-1:] or None,
        params=told.asked,
        distributions=dict(fixed.distributions),
        intermediate_values=dict(enumerate(folds)),
    )


def check_same(asked: Sequence[Asked], stored: Sequence[Told]) -> None:
    """Raise UserError unless each stored trial, as far as there are some, is the one that was asked for."""
    for one, other in zip(asked, stored, strict=False):
        if one.number != other.number or one.asked != other.asked:
            raise UserError(
                f"trial {other.number}: another one is proposed now than is stored; "
                "it was stored by another version of Optuna, or the database was changed: choose another --db"
            )
