"""The volatility by the others of an expiry, against fits that really leave a contract out."""

from __future__ import annotations

import numpy as np
import pytest

from trading.bars import Float64Array
from trading.scanners.smile import volatility_of_the_others


def fitted_without(index: int, x: Float64Array, y: Float64Array, weight: Float64Array) -> float:
    others = np.arange(len(x)) != index
    coefficients = np.polyfit(x[others], y[others], 2, w=weight[others])
    return float(np.polyval(coefficients, x[index]))


def test_each_contract_is_compared_with_a_fit_that_leaves_it_out() -> None:
    random = np.random.default_rng(1)
    expiry = np.repeat(np.array([1, 2]), 12)
    x = random.uniform(-0.2, 0.2, 24)
    y = 0.25 - 0.3 * x + x * x + random.normal(0, 0.01, 24)
    weight = random.uniform(0.5, 20.0, 24)
    found = volatility_of_the_others(expiry, x, y, weight)
    for one in (1, 2):
        rows = np.flatnonzero(expiry == one)
        expected = [fitted_without(k, x[rows], y[rows], weight[rows]) for k in range(12)]
        assert found[rows] == pytest.approx(expected, abs=1e-9)


def test_a_contract_that_is_too_cheap_stands_out() -> None:
    x = np.linspace(-0.1, 0.1, 9)
    y = 0.25 - 0.3 * x
    y[4] = 0.2
    found = volatility_of_the_others(np.zeros(9, np.int64), x, y, np.ones(9))
    assert found[4] == pytest.approx(0.25)


def test_too_few_others_say_nothing() -> None:
    x = np.array([0.0, 0.1, 0.2, 0.3, 0.4])
    assert np.isnan(volatility_of_the_others(np.zeros(5, np.int64), x, x + 0.2, np.ones(5))).all()
    same = np.repeat([0.0, 0.1, 0.2], 4)
    assert np.isnan(volatility_of_the_others(np.zeros(12, np.int64), same, same + 0.2, np.ones(12))).all()


def test_unknown_and_useless_points_are_left_out() -> None:
    x = np.linspace(-0.1, 0.1, 9)
    y = 0.25 - 0.3 * x
    precision = np.ones(9)
    y[0], precision[8] = np.nan, 0.0
    found = volatility_of_the_others(np.zeros(9, np.int64), x, y, precision)
    assert np.isnan(found[[0, 8]]).all()
    assert found[1:8] == pytest.approx(0.25 - 0.3 * x[1:8])
