"""Optuna's samplers and pruners by name, each a function of the plan and of the number of trials done.

A sampler is made anew for every batch: whatever it knows it takes from the study, so that a search that
resumes proposes what one that was never interrupted would have.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import optuna
from optuna.pruners import BasePruner, MedianPruner, NopPruner, PercentilePruner
from optuna.samplers import BaseSampler, CmaEsSampler, NSGAIISampler, QMCSampler, RandomSampler, TPESampler

from utils.errors import UserError
from utils.sweep.search.config import Plan

optuna.logging.set_verbosity(optuna.logging.ERROR)

_SAMPLERS: Mapping[str, type[BaseSampler]] = {
    "tpe": TPESampler,
    "cmaes": CmaEsSampler,
    "nsga2": NSGAIISampler,
    "qmc": QMCSampler,
    "random": RandomSampler,
}
_PRUNERS: Mapping[str, type[BasePruner]] = {"median": MedianPruner, "percentile": PercentilePruner}

_OURS = frozenset({"seed", "independent_sampler"})

RESTORED = frozenset({"tpe", "random"})
"""Samplers that know nothing but the trials. The others keep notes in the study (the distribution of CMA-ES,
generations, the place in a sequence), which are rebuilt by asking and telling again."""

LEAST_GENERATION = 4
"""Trials that one generation of CMA-ES and NSGA-II has at least; else it is a batch."""

FIRST_ALONE = frozenset({"cmaes", "qmc"})
"""Samplers that learn from one finished trial which parameters there are."""


def sampler(plan: Plan, done: int) -> BaseSampler:
    """The sampler of the batch that begins after `done` trials."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)  # pinned, and tested as it is
        return _sampler(plan, done)


def _sampler(plan: Plan, done: int) -> BaseSampler:
    seed = int(np.random.SeedSequence([plan.seed, done]).generate_state(1)[0])
    if plan.sampler == "qmc":  # one sequence through all batches
        options = {"scramble": True, "warn_independent_sampling": False, **plan.options}
        return QMCSampler(**options, seed=plan.seed, independent_sampler=RandomSampler(seed))
    generation = max(plan.batch, LEAST_GENERATION)
    usual: dict[str, dict[str, Any]] = {
        "tpe": {"constant_liar": True},  # or a batch would propose one place again and again
        "cmaes": {"popsize": generation, "warn_independent_sampling": False},
        "nsga2": {"population_size": generation},
        "random": {},
    }
    return _SAMPLERS[plan.sampler](**{**usual[plan.sampler], **plan.options, "seed": seed})


def batch_of(plan: Plan, number: int) -> range:
    """The batch that trial `number` belongs to."""
    first = 1 if plan.sampler in FIRST_ALONE else plan.batch
    if number < first:
        return range(first)
    start = first + (number - first) // plan.batch * plan.batch
    return range(start, start + plan.batch)


def pruner(plan: Plan) -> BasePruner:
    """What gives trials up."""
    kind = _PRUNERS.get(plan.pruner)
    return NopPruner() if kind is None else kind(**plan.pruner_options)


def check_options(plan: Plan) -> None:
    """Raise UserError for options that the sampler or the pruner does not take."""
    parts: list[tuple[str, type[object] | None, Mapping[str, Any]]] = [
        ("options", _SAMPLERS[plan.sampler], plan.options),
        ("pruner_options", _PRUNERS.get(plan.pruner), plan.pruner_options),
    ]
    for field, kind, options in parts:
        known = (
            [] if kind is None else [name for name in inspect.signature(kind).parameters if name not in _OURS]
        )
        for name in options:
            if name not in known:
                raise UserError(f"search.{field}: unknown {name!r}; known: {', '.join(known) or 'none'}")
    try:
        sampler(plan, 0)
        pruner(plan)
    except (TypeError, ValueError) as error:
        raise UserError(f"search.options: {plan.sampler}, {plan.pruner}: {error}") from None
