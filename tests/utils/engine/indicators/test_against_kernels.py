"""The engine's indicators say what the strategies' and the sweep's say, once both are ready."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.utils.engine.indicators.indicator_bars import columns
from tests.utils.engine.indicators.indicator_bars import fed as engine_values
from tests.utils.engine.indicators.indicator_names import INDICATOR_NAMES
from trading.bars import Bar
from trading.indicators.registry import INDICATORS
from trading.indicators.spec import IndicatorSpec
from trading.indicators.streaming import stream

DATA = columns(300, seed=7)

# Kernel, settings, output: class, settings, output of the class.
CASES: dict[str, tuple[Any, ...]] = {
    "sma": (IndicatorSpec("sma", (14,)), "SimpleMovingAverage", (14,)),
    "ema": (IndicatorSpec("ema", (14,)), "ExponentialMovingAverage", (14,)),
    "wma": (IndicatorSpec("wma", (14,)), "LinearWeightedMovingAverage", (14,)),
    "wilder": (IndicatorSpec("wilder", (14,)), "WilderMovingAverage", (14,)),
    "rsi": (IndicatorSpec("rsi", (14,)), "RelativeStrengthIndex", (14,)),
    "atr": (IndicatorSpec("atr", (14,)), "AverageTrueRange", (14,)),
    "adx": (IndicatorSpec("adx", (14,)), "AverageDirectionalIndex", (14,)),
    "cci": (IndicatorSpec("cci", (14,)), "CommodityChannelIndex", (14,)),
    "maximum": (IndicatorSpec("maximum", (14,)), "Maximum", (14,)),
    "minimum": (IndicatorSpec("minimum", (14,)), "Minimum", (14,)),
    "deviation": (IndicatorSpec("deviation", (14,)), "StandardDeviation", (14,)),
    "macd": (IndicatorSpec("macd", (5, 9, 4)), "MovingAverageConvergenceDivergence", (5, 9, 4)),
    "macd_signal": (
        IndicatorSpec("macd", (5, 9, 4), output="signal"),
        "MovingAverageConvergenceDivergence",
        (5, 9, 4),
        lambda i: i.signal,
    ),
    "bollinger_upper": (
        IndicatorSpec("bollinger", (20, 2.0), output="upper"),
        "BollingerBands",
        (20, 2),
        lambda i: i.upper_band,
    ),
    "stochastic_d": (
        IndicatorSpec("stochastic", (14, 3, 3), output="d"),
        "Stochastic",
        (14, 3, 3),
        lambda i: i.stoch_d,
    ),
    "supertrend": (IndicatorSpec("supertrend", (10, 3.0)), "SuperTrend", (10, 3)),
    "obv": (IndicatorSpec("obv", ()), "OnBalanceVolume", ()),
}


def _kernel_values(spec: IndicatorSpec) -> Any:
    indicator = stream(spec)
    names = ("open", "high", "low", "close", "volume")
    rows = zip(*(DATA[name].tolist() for name in names), strict=True)
    return np.array([indicator.update(Bar._make((*row, 0))) for row in rows])


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_same_numbers(case: tuple[Any, ...]) -> None:
    spec, name, settings, *output = case
    assert spec.kind in INDICATORS
    kernel = _kernel_values(spec)
    engine = engine_values(INDICATOR_NAMES[name](*settings), DATA, *output)
    both = np.isfinite(kernel) & np.isfinite(engine)
    assert both.sum() > 200
    np.testing.assert_allclose(engine[both], kernel[both], rtol=1e-10, atol=1e-10)
