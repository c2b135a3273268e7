"""Against TA-Lib: windows from their first value, averages without an end once its seeds have faded."""

from __future__ import annotations

import numpy as np
import pytest
import talib

from tests.trading.indicators.series import bitcoin, sp500
from trading.bars import Bars, Float64Array
from trading.indicators import IndicatorSpec, compute

FADED = 600
"""Bars after which the other seed no longer shows."""


@pytest.fixture(params=["index, daily", "bitcoin, five minutes"])
def bars(request: pytest.FixtureRequest) -> Bars:
    if request.param == "index, daily":
        return sp500(3_000)
    return bitcoin(request.getfixturevalue("sample_data"), 3_000)


def same(spec: IndicatorSpec, bars: Bars, theirs: Float64Array, scale: float, first: int) -> None:
    ours = compute(spec, bars)
    assert np.isnan(ours[:first]).all()
    np.testing.assert_allclose(ours[first:], theirs[first:], rtol=1e-9, atol=1e-9 * scale)


def alike(spec: IndicatorSpec, bars: Bars, theirs: Float64Array, scale: float = 0.0) -> None:
    np.testing.assert_allclose(compute(spec, bars)[FADED:], theirs[FADED:], rtol=1e-6, atol=1e-6 * scale)


@pytest.mark.parametrize("period", [2, 14, 50])
def test_windows(bars: Bars, period: int) -> None:
    level = float(np.max(bars.close))
    args, first = (period,), period - 1
    same(IndicatorSpec("sma", args), bars, talib.SMA(bars.close, period), level, first)
    same(IndicatorSpec("wma", args), bars, talib.WMA(bars.close, period), level, first)
    same(IndicatorSpec("maximum", args), bars, talib.MAX(bars.close, period), 0.0, first)
    same(IndicatorSpec("minimum", args), bars, talib.MIN(bars.close, period), 0.0, first)
    slope = talib.LINEARREG_SLOPE(bars.close, period)
    same(IndicatorSpec("linear_regression", args, "slope"), bars, slope, level, first)
    fit = talib.LINEARREG(bars.close, period)
    same(IndicatorSpec("linear_regression", args, "fit"), bars, fit, level, first)


@pytest.mark.parametrize("period", [5, 20])
def test_deviations(bars: Bars, period: int) -> None:
    # TA-Lib subtracts two sums of squares: half of its digits are gone where the deviation is small.
    level = float(np.max(bars.close))
    theirs = talib.STDDEV(bars.close, period)
    ours = compute(IndicatorSpec("deviation", (period,)), bars)
    np.testing.assert_allclose(ours[period - 1 :] ** 2, theirs[period - 1 :] ** 2, atol=1e-10 * level**2)
    bands = talib.BBANDS(bars.close, period, 2.0, 2.0)
    for output, band in zip(("upper", "middle", "lower"), bands, strict=True):
        same(IndicatorSpec("bollinger", (period, 2.0), output), bars, band, 100 * level, period - 1)


def test_cci(bars: Bars) -> None:
    theirs = talib.CCI(bars.high, bars.low, bars.close, 20)
    same(IndicatorSpec("cci", (20,)), bars, theirs, 1000.0, 19)


def test_stochastic(bars: Bars) -> None:
    ranges = (bars.high, bars.low, bars.close)
    fast, _ = talib.STOCHF(*ranges, fastk_period=14, fastd_period=1)
    k, d = talib.STOCH(*ranges, fastk_period=14, slowk_period=3, slowd_period=5)
    for output, theirs, ready in (("fast", fast, 13), ("k", k, 15), ("d", d, 19)):
        ours = compute(IndicatorSpec("stochastic", (14, 3, 5), output), bars)
        assert int(np.argmax(~np.isnan(ours))) == ready
        began = ~np.isnan(theirs)
        np.testing.assert_allclose(ours[began], theirs[began], atol=1e-7)


def test_on_balance_volume(bars: Bars) -> None:
    total = float(np.sum(bars.volume))
    same(IndicatorSpec("obv"), bars, talib.OBV(bars.close, bars.volume), total, 0)


def test_averages_without_an_end(bars: Bars) -> None:
    alike(IndicatorSpec("ema", (20,)), bars, talib.EMA(bars.close, 20))
    level = float(np.max(bars.close))
    lines = talib.MACD(bars.close, 12, 26, 9)
    for output, theirs in zip(("line", "signal", "histogram"), lines, strict=True):
        # Differences of averages: held to the scale of a typical line.
        alike(IndicatorSpec("macd", (12, 26, 9), output), bars, theirs, 1e-3 * level)


def test_wilders_family(bars: Bars) -> None:
    ranges = (bars.high, bars.low, bars.close)
    alike(IndicatorSpec("rsi", (14,)), bars, talib.RSI(bars.close, 14))
    alike(IndicatorSpec("atr", (14,)), bars, talib.ATR(*ranges, 14))
    # A rise of the high as large as the fall of the low counts here and in LEAN, not in TA-Lib.
    ties = np.flatnonzero((np.diff(bars.high) > 0) & (np.diff(bars.high) == -np.diff(bars.low))) + 1
    before = bars[: int(ties[0])] if len(ties) else bars
    bars, ranges = before, (before.high, before.low, before.close)
    assert len(bars) > FADED + 500
    alike(IndicatorSpec("adx", (14,), "adx"), bars, talib.ADX(*ranges, 14))
    alike(IndicatorSpec("adx", (14,), "plus_di"), bars, talib.PLUS_DI(*ranges, 14))
    alike(IndicatorSpec("adx", (14,), "minus_di"), bars, talib.MINUS_DI(*ranges, 14))
