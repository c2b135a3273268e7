"""Walk-forward against a plain loop over the days."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.utils.sweep.robustness.samples import blocks_of, sharpe, stored
from utils.sweep.robustness.walk_forward import TRAINING, walk_forward


@pytest.mark.parametrize("rolling", [False, True])
def test_equals_a_walk_through_the_days(rolling: bool) -> None:
    daily = np.random.default_rng(1).normal(0.0003, 0.01, (211, 7))
    blocks = blocks_of(daily)
    combos, traded, trained = [], [], []
    for block in range(TRAINING, 16):
        ratios = sharpe(np.concatenate(blocks[block - TRAINING if rolling else 0 : block]))
        combos.append(int(np.argmax(ratios)))
        trained.append(ratios.max())
        traded.append(blocks[block][:, combos[-1]])
    earned = np.concatenate(traded)
    found = walk_forward(stored(daily), rolling)
    assert found is not None
    assert [step.combo for step in found.steps] == combos
    assert found.total == pytest.approx(earned.sum())
    assert found.sharpe == pytest.approx(earned.mean() / earned.std(ddof=1))
    assert found.efficiency == pytest.approx(found.sharpe / np.mean(trained))


def test_too_little_to_say() -> None:
    assert walk_forward(stored(np.ones((10, 3)))) is None
    assert walk_forward(stored(np.zeros((64, 3)))) is None


def test_who_has_no_variance_yet_is_not_chosen_and_the_first_of_equals_is() -> None:
    daily = np.random.default_rng(2).normal(-0.002, 0.01, (160, 4))
    daily[:, 0] = 0  # never trades: no Sharpe ratio, though it loses less than the others
    daily[:, 3] = daily[:, 2]
    daily[:80, 2:] += 0.01
    found = walk_forward(stored(daily))
    assert found is not None
    assert found.steps[0].combo == 2
    assert {step.combo for step in found.steps} <= {1, 2}
    assert [(step.first, step.block) for step in found.steps] == [(0, block) for block in range(4, 16)]
    late = np.zeros((160, 2))
    late[100:] = np.random.default_rng(3).normal(0, 0.01, (60, 2))
    waited = walk_forward(stored(late), rolling=True)
    assert waited is not None
    assert [step.block for step in waited.steps] == [11, 12, 13, 14, 15]  # trades begin in block 10


def test_efficiency_needs_something_to_compare_with() -> None:
    daily = np.random.default_rng(4).normal(-0.05, 0.01, (160, 3))
    found = walk_forward(stored(daily))
    assert found is not None
    assert found.sharpe < 0
    assert math.isnan(found.efficiency)
