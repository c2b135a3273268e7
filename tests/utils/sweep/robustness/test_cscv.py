"""Probability of backtest overfitting against the published procedure on the whole matrix of returns."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import rankdata

from tests.utils.sweep.robustness.samples import Matrix, blocks_of, sharpe, stored
from utils.sweep.robustness.cscv import overfitting


def published(daily: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """Logits, in-sample and out-of-sample Sharpe ratios of the winner, split by split."""
    blocks = blocks_of(daily)
    logits, inside, outside = [], [], []
    for chosen in itertools.combinations(range(16), 8):
        train = sharpe(np.concatenate([blocks[k] for k in chosen]))
        test = sharpe(np.concatenate([blocks[k] for k in range(16) if k not in chosen]))
        winner = int(np.argmax(train))
        relative = rankdata(test)[winner] / (daily.shape[1] + 1)
        logits.append(np.log(relative / (1 - relative)))
        inside.append(train[winner])
        outside.append(test[winner])
    return np.array(logits), np.array(inside), np.array(outside)


@pytest.mark.parametrize("days", [160, 187])  # blocks of equal length, and not
def test_equals_the_published_procedure(days: int) -> None:
    daily = np.random.default_rng(1).normal(0.0002, 0.01, (days, 9))
    daily[: days // 2, 4] = 0  # flat through the first half: a Sharpe ratio of 0 there
    found = overfitting(stored(daily))
    assert found is not None
    logits, inside, outside = published(daily)
    np.testing.assert_allclose(found.logits, logits, atol=1e-12)
    np.testing.assert_allclose(found.in_sample, inside, rtol=1e-9)
    np.testing.assert_allclose(found.out_of_sample, outside, rtol=1e-9, atol=1e-12)
    assert found.probability == np.mean(logits <= 0)
    assert found.probability_of_loss == np.mean(outside < 0)
    assert found.degradation == pytest.approx(np.polyfit(inside, outside, 1)[0], rel=1e-9)
    assert len(logits) == 12_870


def test_more_rows_than_a_tile_and_any_number_of_threads() -> None:
    daily = np.random.default_rng(2).normal(0, 0.01, (64, 600))
    one, two = (overfitting(stored(daily), threads) for threads in (1, 2))
    assert one is not None
    assert two is not None
    np.testing.assert_array_equal(one.logits, two.logits)
    blocks = blocks_of(daily)
    splits = list(itertools.combinations(range(16), 8))
    for k in range(0, len(splits), 997):
        train = sharpe(np.concatenate([blocks[j] for j in splits[k]]))
        test = sharpe(np.concatenate([blocks[j] for j in range(16) if j not in splits[k]]))
        relative = rankdata(test)[np.argmax(train)] / 601
        assert one.logits[k] == pytest.approx(np.log(relative / (1 - relative)))


def test_level_rows_share_a_rank_and_the_first_wins() -> None:
    """Two rows earn the same by other trades, two stay flat, and one trades in the first block alone."""
    daily = np.random.default_rng(8).normal(0, 0.01, (100, 7))
    daily[:, 5] = daily[:, 1]
    daily[:, [2, 6]] = 0
    daily[6:, 3] = 0
    found = overfitting(stored(daily))
    assert found is not None
    assert found.rows == 7
    logits, inside, outside = published(daily)
    np.testing.assert_allclose(found.logits, logits, atol=1e-12)
    np.testing.assert_allclose(found.in_sample, inside, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.out_of_sample, outside, rtol=1e-9, atol=1e-12)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), days=st.integers(16, 90), rows=st.integers(2, 9))
def test_neither_the_order_of_rows_nor_their_scale_matters(seed: int, days: int, rows: int) -> None:
    rng = np.random.default_rng(seed)
    daily = rng.normal(0, 0.01, (days, rows))
    found = overfitting(stored(daily))
    mixed = overfitting(stored(daily[:, rng.permutation(rows)]))
    scaled = overfitting(stored(daily * 2.0 ** rng.integers(-3, 4, rows)))  # leverage moves no Sharpe ratio
    assert found is not None
    assert mixed is not None
    assert scaled is not None
    np.testing.assert_array_equal(mixed.logits, found.logits)
    np.testing.assert_array_equal(scaled.logits, found.logits)
    np.testing.assert_array_equal(mixed.out_of_sample, found.out_of_sample)
    assert 0 <= found.probability <= 1


def test_rows_with_equal_trades_compete_once() -> None:
    daily = np.random.default_rng(3).normal(0, 0.01, (80, 5))
    doubled = np.column_stack((daily, daily[:, 2], daily[:, 2]))
    alone = overfitting(stored(daily))
    together = overfitting(stored(doubled, np.array([0, 1, 2, 3, 4, 2, 2])))
    assert alone is not None
    assert together is not None
    assert together.rows == 5
    np.testing.assert_array_equal(alone.logits, together.logits)


def test_noise_is_a_coins_toss_and_skill_is_not() -> None:
    noise = [
        overfitting(stored(np.random.default_rng(seed).normal(0, 0.01, (320, 40)))) for seed in range(12)
    ]
    assert np.mean([found.probability for found in noise if found]) == pytest.approx(0.5, abs=0.15)
    daily = np.random.default_rng(4).normal(0, 0.01, (320, 40))
    daily[:, 7] += 0.004
    skilled = overfitting(stored(daily))
    assert skilled is not None
    assert skilled.probability < 0.01
    assert skilled.probability_of_loss < 0.01


def test_too_little_to_say() -> None:
    assert overfitting(stored(np.ones((10, 3)))) is None  # fewer days than blocks
    assert overfitting(stored(np.random.default_rng(5).normal(0, 1, (64, 1)))) is None
