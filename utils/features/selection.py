"""Which features tell something of the returns that follow, and do so again and again.

Walk-forward folds: each is learnt from rows whose targets were known before the fold's rows begin (purged),
so that nothing of what is judged was seen. A random forest gives the share of variance each feature explains;
the loss of accuracy when its values are shuffled among the fold's rows (permutation importance) says whether
that holds out of sample; stability is the share of folds in which it was among the best.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestRegressor
from sklearn.inspection import permutation_importance

from utils.errors import UserError
from utils.features.training import TrainingSet

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Judged:
    """A feature's figures over all folds.

    Attributes:
        importance: mean share of the variance it explains in the forest; all features' add up to 1.
        permutation: mean loss of R^2 out of sample when it is shuffled; below zero it does harm.
        stability: share of the folds in which it was among the best by permutation.
    """

    name: str
    importance: float
    permutation: float
    stability: float


@dataclass(frozen=True)
class SelectionTerms:
    """How features are judged; the same seed gives the same figures.

    Attributes:
        folds: how often it is learnt and judged.
        best: how many features count as the best of a fold.
        trees: of each forest.
        learn_rows, judge_rows: rows learnt from and judged by in a fold at most, spread evenly; judging
            takes three forecasts of them a feature.
    """

    folds: int = 5
    best: int = 20
    trees: int = 100
    learn_rows: int = 10_000
    judge_rows: int = 2_000
    seed: int = 1


def judge_features(training: TrainingSet, terms: SelectionTerms | None = None) -> list[Judged]:
    """All features, the most stable and then the best by permutation first.

    Raises:
        UserError: too few rows for the folds.
    """
    terms = terms or SelectionTerms()
    importances, losses = [], []
    for number, (past, part) in enumerate(purged_folds(training, terms.folds)):
        learn, judge = _spread(past, terms.learn_rows), _spread(part, terms.judge_rows)
        seed = terms.seed + number
        forest = RandomForestRegressor(
            terms.trees, max_features="sqrt", min_samples_leaf=20, n_jobs=-1, random_state=seed
        )
        forest.fit(training.features[learn], training.target[learn])
        forest.set_params(n_jobs=1)  # trees add up in the order of threads: not the same figures each time
        shuffled = permutation_importance(
            forest, training.features[judge], training.target[judge], n_repeats=3, random_state=seed
        )
        importances.append(forest.feature_importances_)
        losses.append(shuffled.importances_mean)
    best = np.sum([_among_best(loss, terms.best) for loss in losses], axis=0)
    mean_importance, mean_loss = np.mean(importances, axis=0), np.mean(losses, axis=0)
    judged = [
        Judged(name, float(mean_importance[i]), float(mean_loss[i]), float(best[i] / len(losses)))
        for i, name in enumerate(training.names)
    ]
    return sorted(judged, key=lambda one: (-one.stability, -one.permutation, one.name))


def purged_folds(training: TrainingSet, folds: int) -> list[tuple[Rows, Rows]]:
    """Rows to learn from and rows to judge by; of the first, targets end before the second begin.

    Rows with a feature that is not defined take no part.

    Raises:
        UserError: too few rows.
    """
    usable = np.flatnonzero(np.isfinite(training.features).all(axis=1))
    least = 100 * (folds + 1)
    if len(usable) < least:
        raise UserError(
            f"features: {training.series}: {len(usable)} rows have all features and a target, too few for "
            f"{folds} folds; at least {least} are needed: give more data, shorter windows or fewer folds"
        )
    found = []
    for part in np.array_split(usable, folds + 1)[1:]:
        past = usable[training.target_end[usable] <= training.time[part[0]]]
        found.append((past, part))
    return found


def _among_best(loss: NDArray[np.float64], best: int) -> NDArray[np.float64]:
    """1 for features among the best whose loss is one, else 0."""
    chosen = np.argsort(-loss, kind="stable")[:best]
    counted = np.zeros(len(loss))
    counted[chosen] = loss[chosen] > 0
    return counted


def _spread(rows: Rows, most: int) -> Rows:
    """At most so many of the rows, evenly."""
    if len(rows) <= most:
        return rows
    chosen: Rows = rows[np.linspace(0, len(rows) - 1, most).astype(np.int64)]
    return chosen
