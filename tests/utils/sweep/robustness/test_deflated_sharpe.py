"""Probabilistic and deflated Sharpe ratios against raw returns, scipy and the published example."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from tests.utils.sweep.robustness.samples import stored
from trading.simulation.market import block_days
from utils.sweep.robustness.deflated_sharpe import (
    daily_sharpe,
    deflated_sharpe,
    expected_maximum_sharpe,
    probabilistic_sharpe,
)
from utils.sweep.robustness.returns import Returns, returns_of


def with_moments(days: int, ratio: float, skewness: float, kurtosis: float) -> Returns:
    """One row whose daily returns have a Sharpe ratio of `ratio` and these moments."""
    deviation = 0.01
    mean = ratio * deviation
    variance = deviation**2 * (days - 1) / days
    second = variance + mean**2
    third = skewness * variance**1.5 + 3 * mean * variance + mean**3
    fourth = kurtosis * variance**2 + 4 * mean * skewness * variance**1.5 + 6 * mean**2 * variance + mean**4
    lengths = block_days(days)
    blocks = np.concatenate((lengths * mean, lengths * second, [days * third, days * fourth]))
    return returns_of(blocks[None], lengths, np.zeros(1, np.int64), np.zeros(1, np.int64))


def test_probabilistic_sharpe_from_raw_returns() -> None:
    daily = stats.skewnorm.rvs(4, loc=-0.006, scale=0.01, size=(500, 6), random_state=1)
    benchmark = 0.02
    ratio = daily.mean(axis=0) / daily.std(axis=0, ddof=1)
    kurtosis = stats.kurtosis(daily, axis=0, fisher=False)
    spread = 1 - stats.skew(daily, axis=0) * ratio + (kurtosis - 1) / 4 * ratio**2
    expected = stats.norm.cdf((ratio - benchmark) * math.sqrt(499) / np.sqrt(spread))
    np.testing.assert_allclose(daily_sharpe(stored(daily)), ratio, rtol=1e-9)
    np.testing.assert_allclose(probabilistic_sharpe(stored(daily), benchmark), expected, rtol=1e-7)


def test_the_expected_maximum_is_that_of_normal_draws() -> None:
    rng = np.random.default_rng(2)
    spread = rng.normal(0, 0.03, 5_000)
    best = rng.normal(0, np.std(spread, ddof=1), (4_000, 200)).max(axis=1).mean()
    assert expected_maximum_sharpe(spread, 200) == pytest.approx(best, rel=0.01)


@pytest.mark.parametrize("trials", [2, 10, 65_536])
def test_the_expected_maximum_is_the_published_formula(trials: int) -> None:
    spread = np.array([0.02, math.nan, -0.01, 0.05])  # a row that never traded is no part of the spread
    low, high = stats.norm.ppf([1 - 1 / trials, 1 - math.exp(-1) / trials])
    expected = np.std([0.02, -0.01, 0.05], ddof=1) * ((1 - np.euler_gamma) * low + np.euler_gamma * high)
    assert expected_maximum_sharpe(spread, trials) == pytest.approx(expected, rel=1e-12)


def test_the_example_of_the_paper() -> None:
    """Bailey and Lopez de Prado (2014): annual Sharpe ratio 2.5 over 1,250 days, skewness -3, kurtosis 10.

    The best of 100 trials whose annual Sharpe ratios have a variance of 1/2: deflated, it is about 0.90.
    """
    spread = np.array([-1.0, 1.0]) * math.sqrt(0.5 / 250) * math.sqrt(0.5)  # that variance, ddof 1
    assert np.var(spread, ddof=1) == pytest.approx(0.5 / 250)
    benchmark = expected_maximum_sharpe(spread, 100)
    assert benchmark == pytest.approx(0.1132, abs=5e-4)
    returns = with_moments(1250, 2.5 / math.sqrt(250), skewness=-3, kurtosis=10)
    assert probabilistic_sharpe(returns, benchmark)[0] == pytest.approx(0.90, abs=0.005)


def test_more_tries_ask_for_more() -> None:
    returns = stored(np.random.default_rng(3).normal(0.0005, 0.01, (400, 20)))
    few, many = deflated_sharpe(returns, 20), deflated_sharpe(returns, 20_000)
    assert np.all(many < few)


def test_undefined() -> None:
    daily = np.random.default_rng(4).normal(0, 0.01, (64, 3))
    daily[:, 1] = 0
    returns = stored(daily)
    assert np.isnan(daily_sharpe(returns)[1])
    assert np.isnan(probabilistic_sharpe(returns, 0.0)[1])
    assert math.isnan(expected_maximum_sharpe(np.array([0.1]), 1))
