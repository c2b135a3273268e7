"""A million bars: neither drift nor a jump that has left stays in a rolling sum."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tests.trading.indicators import definitions as define
from tests.trading.indicators.series import bars_of
from trading.bars import Bars
from trading.indicators import IndicatorSpec, compute

LENGTH = 1_000_000
BOUND = 1e-9
PERIODS = (20, 200)


@cache
def long_bars(jumps: bool) -> Bars:
    """A walk at 100,000 with noise of 1e-3; with jumps of its level and spikes of ten thousand times it."""
    random = np.random.default_rng(17)
    close = 1e5 + np.cumsum(random.normal(size=LENGTH) * 1e-3)
    if jumps:
        for place in range(50_000, LENGTH, 100_000):
            close[place:] += random.choice([-1.0, 1.0]) * 4_000.0
        close[70_000::90_000] *= 1e4
    close[500_123:500_923] = close[500_123]
    return bars_of(close)


def sampled(period: int) -> list[int]:
    """Bars to look at: anywhere, the last ones, and those just after jumps and spikes."""
    anywhere = np.random.default_rng(3).integers(period, LENGTH, 40).tolist()
    after = [70_000 + 90_000 * k + period + ahead for k in range(4) for ahead in (0, 1, period)]
    return sorted({*anywhere, *after, *range(LENGTH - 10, LENGTH)})


@pytest.mark.parametrize("jumps", [False, True], ids=["walk", "jumps"])
@pytest.mark.parametrize("period", PERIODS)
def test_sampled_windows(period: int, jumps: bool) -> None:
    bars = long_bars(jumps)
    arrays = {
        (kind, output): compute(
            IndicatorSpec(kind, (period, 2.0) if kind == "bollinger" else (period,), output), bars
        )
        for kind, output in (
            ("sma", "sma"),
            ("wma", "wma"),
            ("deviation", "deviation"),
            ("bollinger", "upper"),
            ("bollinger", "lower"),
            ("linear_regression", "slope"),
            ("linear_regression", "fit"),
            ("quadratic_regression", "curvature"),
            ("quadratic_regression", "fit"),
        )
    }
    for t in sampled(period):
        window = bars.close[t - period + 1 : t + 1].tolist()
        scale = max(map(abs, window))
        line, parabola = define.polynomial_fit(window, 1), define.polynomial_fit(window, 2)
        mean, deviation = define.mean(window), define.deviation(window)
        truths = {
            ("sma", "sma"): (mean, scale),
            ("wma", "wma"): (define.weighted_mean(window), scale),
            ("deviation", "deviation"): (deviation, scale),
            ("bollinger", "upper"): (mean + 2 * deviation, scale),
            ("bollinger", "lower"): (mean - 2 * deviation, scale),
            ("linear_regression", "slope"): (line["slope"], scale / period),
            ("linear_regression", "fit"): (line["fit"], scale),
            ("quadratic_regression", "curvature"): (parabola["curvature"], scale / period**2),
            ("quadratic_regression", "fit"): (parabola["fit"], scale),
        }
        for key, (truth, units) in truths.items():
            assert truth is not None
            assert abs(arrays[key][t] - truth) <= BOUND * max(abs(truth), units), (key, t)


@pytest.mark.parametrize("period", PERIODS)
def test_equal_values_have_no_deviation_at_all(period: int) -> None:
    bars = long_bars(True)
    still = slice(500_123 + period - 1, 500_923)
    assert not compute(IndicatorSpec("deviation", (period,)), bars)[still].any()
    for output in ("upper", "lower"):
        band = compute(IndicatorSpec("bollinger", (period, 2.0), output), bars)[still]
        np.testing.assert_array_equal(band, compute(IndicatorSpec("bollinger", (period, 2.0)), bars)[still])
    assert np.isnan(compute(IndicatorSpec("linear_regression", (period,), "r2"), bars)[still]).all()
    assert compute(IndicatorSpec("deviation", (period,)), bars)[still.stop] > 0.0
