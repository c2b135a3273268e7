"""Which parameters of a search its objective depends on."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import optuna

from utils.sweep.search.config import Plan
from utils.sweep.search.proposer import frozen, new_study
from utils.sweep.search.space import Space
from utils.sweep.search.told import COMPLETE, Told

LEAST_TRIALS = 10
"""Complete trials below which shares would be noise."""


def importances(plan: Plan, space: Space, trials: Sequence[Told]) -> dict[str, float]:
    """Share of each parameter in what sets the best trials apart, largest first.

    PED-ANOVA (Watanabe, Bansal and Hutter 2023, arXiv:2304.10255), of parameters that every complete trial
    has. Empty for several objectives and for fewer than `LEAST_TRIALS` complete trials.
    """
    complete = [trial for trial in trials if trial.state == COMPLETE]
    if len(plan.objectives) > 1 or len(complete) < LEAST_TRIALS:
        return {}
    study = new_study(plan)
    study.add_trials([frozen(space, trial) for trial in complete])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)  # pinned, and tested as it is
        evaluator = optuna.importance.PedAnovaImportanceEvaluator()
    return dict(optuna.importance.get_param_importances(study, evaluator=evaluator))
