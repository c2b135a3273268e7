"""Feature kernels against NumPy, SciPy and the indicators' own kernels, window by window."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kurtosis as excess_kurtosis
from scipy.stats import skew

from trading.bars import Float64Array
from trading.indicators import regression as streaming
from utils.features.bqx import bqx
from utils.features.regression import LINEAR, QUADRATIC, REGRESSION, rolling_regression
from utils.features.rolling import STATISTICS, rolling_statistics

WINDOWS = (4, 5, 15, 60, 113)


def rates(seed: int, rows: int = 2_000) -> Float64Array:
    """A walk of rates with five decimals and, from time to time, standing still."""
    chance = np.random.default_rng(seed)
    steps = chance.normal(0, 1e-4, rows) * (chance.random(rows) > 0.2)
    walk: Float64Array = np.round(1.1 * np.exp(np.cumsum(steps)), 5)
    return walk


@st.composite
def awkward(draw: st.DrawFn) -> Float64Array:
    """Values at any level, with spikes, runs of equal values and gaps."""
    level = draw(st.sampled_from([1e-3, 1.0, 150.0, 1e5]))
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    values = level * (1 + chance.normal(0, draw(st.sampled_from([1e-5, 1e-2])), 300).cumsum() * 0.1)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, 299))
        match draw(st.sampled_from(["spike", "run", "gap"])):
            case "spike":
                values[at] *= 3
            case "run":
                values[at : at + 40] = values[at]
            case _:
                values[at] = np.nan
    sizes: Float64Array = np.abs(values)
    return sizes


def windows_of(values: Float64Array, window: int) -> Float64Array:
    """Every full window, newest value last; shape (rows - window + 1, window)."""
    found: Float64Array = np.lib.stride_tricks.sliding_window_view(values, window)
    return found


@pytest.mark.parametrize("window", WINDOWS)
def test_bqx_is_its_definition(window: int) -> None:
    values = rates(1)
    expected = np.array(
        [
            ((values[t - window : t] - values[t]) / values[t]).sum() if t >= window else np.nan
            for t in range(len(values))
        ]
    )

    np.testing.assert_allclose(bqx(values, [window])[0], expected, rtol=0, atol=1e-12)


def test_bqx_starts_anew_after_a_gap() -> None:
    values = rates(2, 200)
    values[100] = np.nan
    found = bqx(values, [10])[0]

    np.testing.assert_allclose(found[101:], bqx(values[101:], [10])[0])
    np.testing.assert_allclose(found[:100], bqx(values[:100], [10])[0])
    assert np.isnan(found[100])


@pytest.mark.parametrize("values", [[1.0, 0.0], [1.0, -1.0], [1.0, np.inf]])
def test_rates_are_positive(values: list[float]) -> None:
    with pytest.raises(ValueError, match="rates: one positive number a row"):
        bqx(np.array(values), [2])


@settings(max_examples=60, deadline=None)
@given(awkward(), st.sampled_from(WINDOWS))
def test_statistics_are_those_of_each_window(values: Float64Array, window: int) -> None:
    found = dict(zip(STATISTICS, rolling_statistics(values, window), strict=True))
    rows = windows_of(values, window)
    whole = ~np.isnan(rows).any(axis=1)
    scale = np.abs(rows[whole] - rows[whole].mean(axis=1, keepdims=True)).max(initial=0.0)
    level = np.abs(rows[whole]).max(initial=0.0)
    for name, method in (("mean", np.mean), ("minimum", np.min), ("maximum", np.max)):
        np.testing.assert_allclose(found[name][window - 1 :][whole], method(rows[whole], axis=1), rtol=1e-12)
    deviation = rows[whole].std(axis=1, ddof=1)
    np.testing.assert_allclose(
        found["deviation"][window - 1 :][whole], deviation, rtol=1e-6, atol=1e-9 * level + 1e-6 * scale
    )
    for name in STATISTICS:
        assert np.isnan(found[name][: window - 1]).all()
        assert np.isnan(found[name][window - 1 :][~whole]).all()


@pytest.mark.parametrize("window", WINDOWS)
def test_skewness_and_kurtosis_are_the_unbiased_ones(window: int) -> None:
    chance = np.random.default_rng(7)
    values = 5.0 + chance.gamma(2.0, 1.0, 1_000)
    _, _, skewness, kurtosis, _, _ = rolling_statistics(values, window)
    rows = windows_of(values, window)

    np.testing.assert_allclose(skewness[window - 1 :], skew(rows, axis=1, bias=False), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(
        kurtosis[window - 1 :], excess_kurtosis(rows, axis=1, bias=False), rtol=1e-6, atol=1e-6
    )


def test_equal_values_have_no_deviation_and_no_shape() -> None:
    values = np.full(50, 0.1)
    values[:10] = 7.3
    _, deviation, skewness, kurtosis, _, _ = rolling_statistics(values, 15)

    assert (deviation[24:] == 0).all()
    assert np.isnan(skewness[24:]).all()
    assert np.isnan(kurtosis[24:]).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(WINDOWS))
def test_regressions_are_polyfit(seed: int, window: int) -> None:
    values = rates(seed, 400)
    found = dict(zip(REGRESSION, rolling_regression(values, window), strict=True))
    position = np.arange(window) - (window - 1.0)
    for t in range(window - 1, len(values), 37):
        y = values[t - window + 1 : t + 1] - values[t]
        slope, fit = np.polyfit(position, y, 1)
        curvature, bend, top = np.polyfit(position, y, 2)
        expected = {
            "linear_slope": slope,
            "linear_fit": fit + values[t],
            "linear_residual": -fit,
            "quadratic_curvature": curvature,
            "quadratic_slope": bend,
            "quadratic_fit": top + values[t],
            "quadratic_residual": -top,
        }
        for name, value in expected.items():
            assert found[name][t] == pytest.approx(value, rel=1e-9, abs=1e-12), name


@pytest.mark.parametrize("window", WINDOWS)
def test_regressions_agree_with_the_streaming_kernel(window: int) -> None:
    values = rates(5, 1_000)
    found = rolling_regression(values, window)
    line, parabola = np.empty((len(LINEAR), 1_000)), np.empty((len(QUADRATIC), 1_000))
    streaming.linear_loop(streaming.regression_state(window), values, line)
    streaming.quadratic_loop(streaming.regression_state(window), values, parabola)

    np.testing.assert_allclose(found, np.vstack([line, parabola]), rtol=1e-7, atol=1e-9)


def test_regressions_start_anew_after_a_gap() -> None:
    values = rates(6, 300)
    values[150] = np.nan
    found = rolling_regression(values, 20)

    np.testing.assert_array_equal(found[:, 151:], rolling_regression(values[151:], 20))
    assert np.isnan(found[:, 150]).all()


def test_the_error_does_not_grow_with_the_series() -> None:
    values = rates(8, 300_000)
    window = 1440
    found = rolling_regression(values, window)[:, -1]
    position = np.arange(window) - (window - 1.0)
    curvature, slope, _ = np.polyfit(position, values[-window:] - values[-1], 2)

    assert found[REGRESSION.index("quadratic_curvature")] == pytest.approx(curvature, rel=1e-9)
    assert found[REGRESSION.index("quadratic_slope")] == pytest.approx(slope, rel=1e-9)
