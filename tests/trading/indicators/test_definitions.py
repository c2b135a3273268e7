"""Every output against its definition, worked out over whole windows in exact arithmetic.

The error may be 1e-9 x the greater of the true value and the scale of what went in: the largest absolute
value in the window for outputs in units of the input, and a power of the period less for slopes; for indices
and shares, 1e-9 of their range, plus what an error of one unit in the last place of the inputs makes of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from tests.trading.indicators import definitions as define
from tests.trading.indicators.series import PERIOD, bars_of, bitcoin, made_bars, sp500, spec
from trading.bars import Bars, Float64Array
from trading.indicators import INDICATORS, IndicatorSpec, compute

BOUND = 1e-9
ULP = 2.0**-52

Expected = tuple[define.Series, Float64Array | float]
"""True values and the scale of their inputs."""


def largest(values: Float64Array, period: int) -> Float64Array:
    """Largest absolute value among the last `period`."""
    return np.array([np.max(np.abs(values[max(t - period + 1, 0) : t + 1])) for t in range(len(values))])


def remembered(values: Float64Array, factor: float) -> Float64Array:
    """Largest absolute value so far, each fading as an exponential average forgets it."""
    scale = np.empty(len(values))
    before = 0.0
    for t, value in enumerate(np.abs(values)):
        before = max(value, before * (1.0 - factor))
        scale[t] = before
    return scale


def of_share(x: Float64Array, period: int) -> Float64Array:
    """Scale of a share of the window's spread.

    Values are rounded once where they are taken relative to another; and the squares, kept at twice a float's
    precision, lose what a spike among the last three windows took of it.
    """
    deviations = define.windows(x.tolist(), period, define.deviation)
    spread = np.array([deviation or np.nan for deviation in deviations], np.float64)
    rounded = 8 * ULP * largest(x, period) / spread
    return 1.0 + (rounded + (ULP * largest(x, 3 * period) / spread) ** 2) / BOUND


def of_one_input(x: Float64Array) -> Iterator[tuple[str, str, Expected]]:
    values = x.tolist()
    scale = largest(x, PERIOD)
    smooth = remembered(x, 1 / PERIOD)
    yield "sma", "sma", (define.windows(values, PERIOD, define.mean), scale)
    yield "wma", "wma", (define.windows(values, PERIOD, define.weighted_mean), scale)
    yield "maximum", "maximum", (define.windows(values, PERIOD, max), 0.0)
    yield "minimum", "minimum", (define.windows(values, PERIOD, min), 0.0)
    yield "deviation", "deviation", (define.windows(values, PERIOD, define.deviation), scale)
    yield "ema", "ema", (define.ema(values, PERIOD), remembered(x, 2 / (PERIOD + 1)))
    yield "wilder", "wilder", (define.wilder(values, PERIOD), smooth)
    yield "rsi", "rsi", (define.strength(values, lambda v: define.wilder(v, PERIOD)), 100.0)
    cutler = define.strength(values, lambda v: define.windows(v, PERIOD, define.mean))
    yield "cutler_rsi", "cutler_rsi", (cutler, 100.0)
    for output, row in define.macd(values, 3, 6, 4).items():
        yield "macd", output, (row, remembered(x, 2 / 7))
    bands = largest(x, 5)
    for output, row in define.bollinger(values, 5, 2.0).items():
        if output == "percent":
            yield "bollinger", output, (row, of_share(x, 5))
        else:
            yield "bollinger", output, (row, 100.0 if output == "width" else bands)


def of_fits(x: Float64Array) -> Iterator[tuple[str, str, Expected]]:
    values = x.tolist()
    scale = largest(x, PERIOD)
    share = of_share(x, PERIOD)
    for kind, degree in (("linear_regression", 1), ("quadratic_regression", 2)):
        fits = [
            define.polynomial_fit(values[t - PERIOD + 1 : t + 1], degree) for t in range(PERIOD - 1, len(x))
        ]
        missing: define.Series = [None] * min(PERIOD - 1, len(x))
        for output in INDICATORS[kind].outputs:
            powers = {"slope": scale / PERIOD, "curvature": scale / PERIOD**2, "r2": share}
            yield kind, output, (missing + [fit[output] for fit in fits], powers.get(output, scale))


def of_ranges(bars: Bars) -> Iterator[tuple[str, str, Expected]]:
    high, low, close = bars.high.tolist(), bars.low.tolist(), bars.close.tolist()
    typical = ((bars.high + bars.low + bars.close) / 3.0).tolist()
    ranges = define.true_ranges(high, low, close)
    atr_scale = remembered(np.array(ranges), 1 / PERIOD)
    yield "atr", "atr", (define.wilder(ranges, PERIOD), atr_scale)
    for output, row in define.directional(high, low, close, PERIOD).items():
        yield "adx", output, (row, 100.0)
    index = define.windows(typical, PERIOD, define.commodity_channel)
    spread = np.array([y or np.nan for y in define.windows(typical, PERIOD, define.deviation)], np.float64)
    # The mean is rounded to a float before the price's distance from it is taken.
    yield "cci", "cci", (index, 100.0 + 400 * ULP / BOUND * largest(np.array(typical), PERIOD) / spread)
    for output, row in define.stochastic(high, low, close, (5, 3, 2)).items():
        yield "stochastic", output, (row, 100.0)
    for output, row in define.ichimoku(high, low, close, (3, 5, 7, 4)).items():
        yield "ichimoku", output, (row, 0.0)
    level = remembered(bars.high, 1 / 5)
    for output, row in define.supertrend(high, low, close, 5, 2.5).items():
        yield "supertrend", output, (row, level if output == "line" else 0.0)


def of_volume(bars: Bars) -> Iterator[tuple[str, str, Expected]]:
    close, volume = bars.close.tolist(), bars.volume.tolist()
    typical = ((bars.high + bars.low + bars.close) / 3.0).tolist()
    yield "obv", "obv", (define.on_balance(close, volume), np.cumsum(bars.volume))
    yield "vwap", "vwap", (define.session_vwap(typical, close, volume, bars.day.tolist()), bars.close)
    yield "volume_ratio", "volume_ratio", (define.windows(volume, PERIOD, define.volume_ratio), 1.0)


def assert_close(wanted: IndicatorSpec, bars: Bars, expected: Expected) -> None:
    truth = np.array([np.nan if value is None else value for value in expected[0]], np.float64)
    actual = compute(wanted, bars)
    scale = np.nan_to_num(np.broadcast_to(expected[1], truth.shape))
    with np.errstate(invalid="ignore"):
        far = ~(np.abs(actual - truth) <= BOUND * np.maximum(np.abs(truth), scale))
    far &= ~(np.isnan(actual) & np.isnan(truth))
    if wanted.output in ("r2", "percent"):  # none of a share's digits is left: it may be missing too
        far &= BOUND * scale < 1.0
    assert not far.any(), (wanted, np.flatnonzero(far)[:5], actual[far][:5], truth[far][:5], scale[far][:5])


FAMILIES: dict[str, Callable[[Bars], Iterator[tuple[str, str, Expected]]]] = {
    "one input": lambda bars: of_one_input(bars.close),
    "fits": lambda bars: of_fits(bars.close),
    "ranges": of_ranges,
    "volume": of_volume,
}


def test_every_output_has_a_definition() -> None:
    defined = {(kind, output) for family in FAMILIES.values() for kind, output, _ in family(sp500(20))}
    assert defined == {(kind, o) for kind, definition in INDICATORS.items() for o in definition.outputs}


@pytest.mark.parametrize("family", FAMILIES)
def test_real_daily_index(family: str) -> None:
    bars = sp500(400)
    for kind, output, expected in FAMILIES[family](bars):
        assert_close(spec(kind, output), bars, expected)


@pytest.mark.parametrize("family", FAMILIES)
def test_real_five_minutes(family: str, sample_data: Path) -> None:
    bars = bitcoin(sample_data, 600)
    for kind, output, expected in FAMILIES[family](bars):
        assert_close(spec(kind, output), bars, expected)


@pytest.mark.parametrize("family", FAMILIES)
@given(bars=made_bars(longest=60))
@settings(max_examples=60, deadline=None)
def test_made_bars(family: str, bars: Bars) -> None:
    for kind, output, expected in FAMILIES[family](bars):
        assert_close(spec(kind, output), bars, expected)


def test_a_small_spread_around_a_large_level_keeps_its_digits() -> None:
    close = 1e9 + np.random.default_rng(5).normal(size=300) * 1e-2
    bars = bars_of(close)
    for kind, output in (
        ("deviation", ""),
        ("linear_regression", "slope"),
        ("quadratic_regression", "curvature"),
    ):
        values = compute(spec(kind, output), bars)
        for t in range(PERIOD - 1, 300):
            window = close[t - PERIOD + 1 : t + 1].tolist()
            fit = define.polynomial_fit(window, 1 if kind == "linear_regression" else 2)
            truth = fit[output] if output else define.deviation(window)
            assert truth is not None
            assert abs(values[t] - truth) <= 1e-9 * define.deviation(window)
