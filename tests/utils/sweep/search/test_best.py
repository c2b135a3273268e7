"""The front of several objectives against brute force."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.utils.sweep.search.conftest import DECLARED, RunSearch, search_of
from utils.sweep.search.best import front
from utils.sweep.search.config import Plan
from utils.sweep.search.told import COMPLETE, INFEASIBLE, PRUNED, Told

PLAN = Plan(objectives=("sharpe", "max_drawdown", "pnl"))
SIGNS = (1, -1, 1)


def gains(trial: Told) -> tuple[float, ...]:
    return tuple(sign * value for sign, value in zip(SIGNS, trial.objectives or (), strict=False))


def dominated(trial: Told, trials: list[Told]) -> bool:
    own = gains(trial)
    return any(
        all(a >= b for a, b in zip(gains(other), own, strict=True)) and gains(other) != own
        for other in trials
    )


@given(
    st.lists(
        st.tuples(
            st.sampled_from([COMPLETE, COMPLETE, PRUNED, INFEASIBLE]),
            st.tuples(*[st.integers(-3, 3)] * 3),
        ),
        max_size=40,
    )
)
def test_the_front_is_what_no_other_trial_beats(drawn: list[tuple[str, tuple[int, int, int]]]) -> None:
    trials = [
        Told(number, {}, state, tuple(map(float, values)) if state == COMPLETE else None)
        for number, (state, values) in enumerate(drawn)
    ]
    complete = [trial for trial in trials if trial.state == COMPLETE]
    expected = [trial for trial in complete if not dominated(trial, complete)]
    found = front(trials, PLAN)
    assert sorted(trial.number for trial in found) == [trial.number for trial in expected]
    firsts = [trial.objectives[0] for trial in found if trial.objectives]
    assert firsts == sorted(firsts, reverse=True)


def test_one_objective_has_its_best_and_its_equals() -> None:
    trials = [Told(k, {}, COMPLETE, (value,)) for k, value in enumerate((1.0, 2.0, 0.5, 2.0))]
    assert [trial.number for trial in front(trials, Plan(objectives=("pnl",)))] == [1, 3]
    assert [trial.number for trial in front(trials, Plan(objectives=("fees",)))] == [2]


def test_nsga2_of_a_real_search(run: RunSearch) -> None:
    search = search_of(DECLARED, sampler="nsga2", objectives=["sharpe", "max_drawdown"], trials=48)
    trials = run(search)
    found = front(trials, search.config.search)
    complete = [trial for trial in trials if trial.state == COMPLETE]
    assert len(found) >= 2
    assert all(trial in found or dominated(trial, complete) for trial in complete)
    assert not any(dominated(trial, complete) for trial in found)
