"""Walk-forward against a plain loop over the days."""

from __future__ import annotations

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
