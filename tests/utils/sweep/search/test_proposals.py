"""A search's trials are those of a plain Optuna study of the same seeds and batches, interrupted or not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pytest

from tests.utils.sweep.search.conftest import DECLARED, MINED, RunSearch, evaluator, search_of
from trading.indicators import IndicatorTable
from trading.simulation import simulate
from utils.errors import UserError
from utils.sweep.search.definition import Search
from utils.sweep.search.evaluation import Span
from utils.sweep.search.folds import fold_spans
from utils.sweep.search.sampling import sampler
from utils.sweep.search.told import COMPLETE, INFEASIBLE, PRUNED, Told
from utils.sweep.store import Store

CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "tpe": (DECLARED, {"sampler": "tpe"}),
    "random": (DECLARED, {"sampler": "random"}),
    "cmaes": (DECLARED, {"sampler": "cmaes"}),
    "qmc": (DECLARED, {"sampler": "qmc"}),
    "nsga2": (DECLARED, {"sampler": "nsga2", "objectives": ["sharpe", "max_drawdown"]}),
    "tpe of two objectives": (DECLARED, {"objectives": ["pnl", "max_drawdown"]}),
    "pruned folds": (DECLARED, {"folds": 3, "pruner": "median", "pruner_options": {"n_startup_trials": 3}}),
    "pruned cmaes": (DECLARED, {"sampler": "cmaes", "folds": 3, "pruner": "percentile",
                                "pruner_options": {"percentile": 40.0, "n_startup_trials": 2}}),
    "mined rules": (MINED, {"trials": 24}),
}  # fmt: skip


def case(name: str, **plan: Any) -> Search:
    content, own = CASES[name]
    return search_of(content, **{**own, **plan})


def metrics(search: Search, values: dict[str, Any], span: Span) -> np.void | None:
    """The result of one set of parameters over a span by the plain simulator; None of contradictory ones."""
    config = search.config
    strategy = config.registered()
    try:
        params = strategy.parse(values)
    except ValueError:
        return None
    bars = search.bars[: span[1]]
    events = strategy.signals(bars, IndicatorTable(bars), params)
    return simulate(bars, events, config.instrument, config.capital, span[0]).result


def plain_optuna(search: Search) -> list[Told]:
    """The same search as a loop over Optuna's own study, without a store."""
    plan = search.config.search
    least = {"max_drawdown"}
    directions = ["minimize" if metric in least else "maximize" for metric in plan.objectives]
    options = plan.pruner_options
    pruner: optuna.pruners.BasePruner = {
        "none": optuna.pruners.NopPruner,
        "median": optuna.pruners.MedianPruner,
        "percentile": optuna.pruners.PercentilePruner,
    }[plan.pruner](**options)
    study = optuna.create_study(directions=directions, pruner=pruner)
    spans = fold_spans(search.bars, plan.folds)
    found: list[Told] = []
    while len(found) < plan.trials:
        study.sampler = sampler(plan, len(found))
        size = 1 if plan.sampler in ("cmaes", "qmc") and not found else plan.batch
        batch = []
        for _ in range(size):
            trial = study.ask()
            batch.append((trial, search.space.values(trial)))
        told = []
        for trial, values in batch:
            means: list[float] = []
            state, objectives = COMPLETE, None
            sums: list[list[float]] = []
            if plan.folds > 1:
                for number, span in enumerate(spans):
                    row = metrics(search, values, span)
                    if row is None or row["status"] != 0:
                        state = INFEASIBLE
                        break
                    sums.append([float(np.nan_to_num(row[metric])) for metric in plan.objectives])
                    means.append(float(np.mean([value[0] for value in sums])))
                    trial.report(means[-1], number)
                    if number < len(spans) - 1 and trial.should_prune():
                        state = PRUNED
                        break
            whole = metrics(search, values, (0, len(search.bars)))
            if state == COMPLETE:
                if whole is None or whole["status"] != 0 or whole["total_trades"] < plan.min_trades:
                    state = INFEASIBLE
                else:
                    objectives = tuple(float(whole[metric]) for metric in plan.objectives)
                    if plan.folds > 1:
                        objectives = (means[-1],)
                    if any(map(np.isnan, objectives)):
                        state, objectives = INFEASIBLE, None
            told.append((trial, state, objectives, means))
        for trial, state, objectives, means in told:
            if state == COMPLETE:
                study.tell(trial, objectives)
            else:
                study.tell(trial, state=optuna.trial.TrialState.PRUNED)
            found.append(Told(trial.number, dict(trial.params), state, objectives, tuple(means)))
    return found[: plan.trials]


def same(one: Told, other: Told) -> bool:
    return (
        (one.number, one.asked, one.state) == (other.number, other.asked, other.state)
        and np.allclose(one.folds, other.folds, rtol=1e-12, atol=1e-12)
        and (one.objectives is None) == (other.objectives is None)
        and (
            one.objectives is None or np.allclose(one.objectives, other.objectives or (), rtol=1e-12, atol=0)
        )
    )


@pytest.mark.parametrize("name", CASES)
def test_the_trials_are_plain_optunas(name: str, run: RunSearch) -> None:
    search = case(name)
    trials = run(search)
    expected = plain_optuna(search)
    assert [trial.number for trial in trials] == list(range(search.config.search.trials))
    assert all(map(same, trials, expected))
    assert len({str(trial.asked) for trial in trials}) > len(trials) * 0.8
    if search.config.search.pruner != "none":
        assert {trial.state for trial in trials} >= {COMPLETE, PRUNED}


@pytest.mark.parametrize("name", CASES)
def test_more_trials_later_are_those_of_one_long_search(name: str, run: RunSearch) -> None:
    whole = run(case(name), "whole.db")
    for trials in (
        1,
        5,
        8,
        19,
        len(whole),
    ):  # within the first batch, at its end, in the middle of a later one
        part = run(case(name, trials=trials), "part.db")
        assert part == whole[:trials]


def test_a_run_that_ends_within_a_batch_leaves_nothing_of_it(run: RunSearch, tmp_path: Path) -> None:
    search = case("pruned folds")
    whole = run(search, "whole.db")

    class Failing:
        name, cores = "failing", 1

        def __init__(self, calls: int) -> None:
            self._calls = calls
            self._real = evaluator(search)

        def rows(self, params: Any, span: Span) -> Any:
            self._calls -= 1
            if self._calls < 0:
                raise RuntimeError("lost")
            return self._real.rows(params, span)

    for calls in range(1, 20):
        with pytest.raises(RuntimeError):
            run(search, f"{calls}.db", Failing(calls))
        with Store.to_read(tmp_path / f"{calls}.db") as store:
            ((trials, rows, batches),) = store.query(
                "SELECT (SELECT count(*) FROM trials), (SELECT count(*) FROM strategies),"
                " (SELECT count(*) FROM chunks WHERE status = 'completed')"
            )
        assert trials == rows == 8 * batches < 40
        assert run(search, f"{calls}.db") == whole


def test_threads_do_not_change_a_bit(run: RunSearch) -> None:
    search = case("mined rules")
    assert run(search, "one.db") == run(search, "four.db", evaluator(search, workers=4))


def test_another_seed_gives_other_trials(run: RunSearch) -> None:
    assert run(case("tpe"), "a.db")[-1].asked != run(case("tpe", seed=2), "b.db")[-1].asked


def test_a_store_that_was_tampered_with_is_refused(run: RunSearch, tmp_path: Path) -> None:
    search = case("cmaes", trials=25)
    run(search)
    with Store.to_write(tmp_path / "search.db") as store:
        store.connection.execute(
            "UPDATE trials SET asked = json_set(asked, '$.atr_period', 4) WHERE trial = 20"
        )
    with pytest.raises(UserError, match="trial 20: another one is proposed now"):
        run(case("cmaes", trials=30))
