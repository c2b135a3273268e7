"""What is said of a whole sweep, and of the rows that a store keeps."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.utils.sweep.robustness.samples import stored
from trading.simulation.records import BLOCKS
from utils.sweep.grid import Grid
from utils.sweep.leaderboard import overfitting_figures
from utils.sweep.robustness import assess
from utils.sweep.robustness.cscv import Overfitting
from utils.sweep.robustness.deflated_sharpe import (
    deflated_sharpe,
    expected_maximum_sharpe,
    probabilistic_sharpe,
)
from utils.sweep.robustness.returns import load_returns
from utils.sweep.store import Store, SweepRecord

SKILL = 0.01


def noise(seed: int = 6, rows: int = 30, edge: float = 0.0) -> NDArray[np.float64]:
    daily = np.random.default_rng(seed).normal(0, 0.01, (320, rows))
    daily[:, 3] += edge
    return daily


def overfit(probability: float) -> Overfitting:
    nothing = np.zeros(12_870)
    return Overfitting(probability, 0.0, 0.0, nothing, nothing, nothing, 30)


@pytest.mark.parametrize(
    ("probability", "edge", "says", "ends"),
    [
        (1.0, SKILL, "in 100%, and the", "treat this list as noise."),
        (0.5, SKILL, "in 50%, and the", "treat this list as noise."),
        (0.499, 0.0, "in 50%, but the", "this list is no proof of skill."),
        (0.1, 0.0, "in only 10%, but the", "this list is no proof of skill."),
        (0.4, SKILL, "in 40%, though the", "promising, but pick from a plateau and trust the holdout first."),
        (0.2, SKILL, "in 20%, though the", "promising, but pick from a plateau and trust the holdout first."),
        (0.19, SKILL, "in only 19%, and the", "the evidence holds up; confirm it on the holdout."),
        (0.0, SKILL, "in less than 1%, and the", "the evidence holds up; confirm it on the holdout."),
    ],
)
def test_each_verdict(
    probability: float, edge: float, says: str, ends: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = sys.modules[assess.__module__]  # the package's `assess` is the function
    monkeypatch.setattr(module, "overfitting", lambda _: overfit(probability))
    assessment = assess(stored(noise(edge=edge)), 365)
    assert assessment.verdict.startswith("Of 12,870 ways to split the history, ")
    assert says in assessment.verdict
    assert f"{assessment.best_sharpe:.2f}, compares with {assessment.lucky_sharpe:.2f} " in assessment.verdict
    assert assessment.verdict.endswith(f": {ends}")


@pytest.mark.parametrize(
    "daily",
    [
        np.ones((5, 3)),  # fewer days than blocks
        np.zeros((64, 3)),  # nobody traded
        np.zeros((64, 0)),  # nothing was simulated
        noise(rows=4) * [0, 0, 0, 1],  # one row alone traded: its luck has no measure
    ],
)
def test_no_verdict_where_nothing_can_be_told(daily: NDArray[np.float64]) -> None:
    assessment = assess(stored(daily), 365)
    assert assessment.verdict.startswith("There is too little history, or too few different rows")
    assert "nan" not in assessment.verdict
    figures = overfitting_figures(assessment)
    assert not any(isinstance(value, float) and math.isnan(value) for value in figures.values())


def test_figures_are_annual_and_by_combination() -> None:
    daily = noise(edge=0.0005)
    daily[:, 5] = 0
    daily[:, 9] = daily[:, 8]
    rows = np.arange(30)
    returns = stored(daily, np.where(rows == 9, 8, rows))
    assessment = assess(returns, 252)
    trading = np.delete(daily, 5, axis=1)
    ratios = trading.mean(axis=0) / trading.std(axis=0, ddof=1)
    distinct = np.delete(ratios, 8)  # 9 is 8 again, and 5 is gone
    assert (assessment.rows, assessment.distinct) == (30, 29)
    assert assessment.best_sharpe == pytest.approx(ratios.max() * math.sqrt(252))
    lucky = expected_maximum_sharpe(distinct, 29)
    assert assessment.lucky_sharpe == pytest.approx(lucky * math.sqrt(252))
    assert set(assessment.deflated) == set(assessment.deflated_distinct) == set(range(30)) - {5}
    np.testing.assert_allclose(
        list(assessment.deflated_distinct.values()), np.delete(probabilistic_sharpe(returns, lucky), 5)
    )
    np.testing.assert_allclose(list(assessment.deflated.values()), np.delete(deflated_sharpe(returns, 30), 5))
    assert assessment.overfitting is not None
    assert assessment.overfitting.rows == 29


def test_the_first_of_equal_rows_stands_for_all() -> None:
    returns = stored(noise(rows=6), np.array([7, -3, 7, 0, -3, 2**62]))
    distinct = returns.distinct()
    assert distinct.combos.tolist() == [0, 1, 3, 5]
    assert len(distinct) == 4
    for name in ("hashes", "sums", "squares", "cubes", "fourths"):
        np.testing.assert_array_equal(getattr(distinct, name), getattr(returns, name)[[0, 1, 3, 5]])
    np.testing.assert_array_equal(distinct.days, returns.days)


def test_rows_of_a_store(
    tmp_path: Path,
    toy_grid: Grid,
    record_of: Callable[..., SweepRecord],
    rows_of: Callable[[int, int], NDArray[np.void]],
) -> None:
    """Those that went bust take part, contradictory combinations do not."""
    record = record_of()
    with Store.to_write(tmp_path / "toy.db") as store:
        store.add(record)
        assert len(load_returns(store, record)) == 0
        for chunk in reversed(store.unfinished(record.id)):
            params = toy_grid.params_json(chunk.start_combo, chunk.end_combo)
            store.complete(record, chunk, params, rows_of(chunk.start_combo, chunk.end_combo))
        returns = load_returns(store, record)
    combos = [combo for combo in range(200) if combo % 7 != 3]
    blocks = rows_of(0, 200)["blocks"][combos]
    assert returns.combos.tolist() == combos
    np.testing.assert_array_equal(returns.sums, blocks[:, :BLOCKS])
    np.testing.assert_array_equal(returns.squares, blocks[:, BLOCKS : 2 * BLOCKS])
    np.testing.assert_array_equal(returns.cubes, blocks[:, 32])
    np.testing.assert_array_equal(returns.fourths, blocks[:, 33])
    assert returns.days.tolist() == [2] * 16


@pytest.mark.parametrize(
    ("edge", "endings"),
    [(0.0, ("noise.", "no proof of skill.")), (SKILL, ("holdout.",)), (-SKILL, ("noise.", "skill."))],
)
def test_skill_is_told_from_noise(edge: float, endings: tuple[str, ...]) -> None:
    assert assess(stored(noise(edge=edge)), 365).verdict.endswith(endings)
