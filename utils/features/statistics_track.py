"""Track 1: Bollinger bands, statistics and technical indicators of rates and of their BQX momentum."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import numpy as np

from trading.bars import Bars, Float64Array
from trading.indicators.spec import IndicatorSpec
from trading.indicators.table import IndicatorTable
from utils.features.bqx import bqx
from utils.features.rolling import STATISTICS, rolling_statistics
from utils.features.track import Spans, Track

BANDS: Final = ("upper", "lower", "width", "percent")
WIDTH: Final = 2.0
"""Population deviations from the mean to each Bollinger band."""

TECHNICAL: Final = {
    "rsi": IndicatorSpec("rsi", (14,)),
    "macd": IndicatorSpec("macd", (12, 26, 9), "line"),
    "macd_signal": IndicatorSpec("macd", (12, 26, 9), "signal"),
    "stochastic_k": IndicatorSpec("stochastic", (14, 3, 3), "k"),
    "stochastic_d": IndicatorSpec("stochastic", (14, 3, 3), "d"),
    "adx": IndicatorSpec("adx", (14,)),
    "cci": IndicatorSpec("cci", (20,)),
}
"""Technical indicators by column; their periods are the usual ones, whatever the window."""

_STUDIED: Final = (*STATISTICS, *BANDS)


class StatisticsTrack(Track):
    """Statistics and bands over the window, of the rate and of BQX; indicators of BQX over the window."""

    number = 1
    name = "track1"
    columns = (
        *(f"rate_{name}" for name in _STUDIED),
        "bqx",
        *(f"bqx_{name}" for name in _STUDIED),
        *(f"bqx_{name}" for name in TECHNICAL),
    )
    kernels = 2 * 3 + 1 + len({spec.kind for spec in TECHNICAL.values()})

    def compute(self, bars: Bars, window: int, out: Float64Array) -> None:
        """See `Track.compute`."""
        count = len(_STUDIED)
        _study(bars.close, window, out[:count])
        momentum = out[count]
        bqx(bars.close, [window], out[count : count + 1])
        _study(momentum, window, out[count + 1 : 2 * count + 1])
        _indicators(bars, momentum, out[2 * count + 1 :])


class TechnicalTrack(Track):
    """Technical indicators of the rates themselves, which have no window of their own (0 stands for it)."""

    number = 1
    name = "technical"
    columns = tuple(TECHNICAL)
    spans = Spans.NONE
    kernels = len({spec.kind for spec in TECHNICAL.values()})

    def compute(self, bars: Bars, window: int, out: Float64Array) -> None:
        """See `Track.compute`."""
        del window
        table = IndicatorTable(bars)
        for row, spec in zip(out, TECHNICAL.values(), strict=True):
            row[:] = table[spec]


def _study(values: Float64Array, window: int, out: Float64Array) -> None:
    """Statistics of a window, then the bands that follow from its mean and deviation."""
    rolling_statistics(values, window, out[: len(STATISTICS)])
    mean, deviation = out[0], out[1]
    upper, lower, width, percent = out[len(STATISTICS) :]
    # Bands are of the population's deviation, as they are commonly drawn.
    np.multiply(deviation, 2 * WIDTH * math.sqrt((window - 1) / window), out=width)
    np.multiply(width, 0.5, out=upper)
    np.subtract(mean, upper, out=lower)
    np.add(mean, upper, out=upper)
    with np.errstate(divide="ignore", invalid="ignore"):
        np.divide(values - lower, width, out=percent)
    percent[width == 0] = np.nan


def _indicators(bars: Bars, momentum: Float64Array, out: Float64Array) -> None:
    """Indicators of BQX as if it were traded: every bar is the one value. NaN before its first value."""
    known = np.flatnonzero(~np.isnan(momentum))
    out[:] = np.nan
    if not len(known):
        return
    values = momentum[known]
    of_momentum = replace(bars[known], open=values, high=values, low=values, close=values)
    table = IndicatorTable(of_momentum)
    for row, spec in zip(out, TECHNICAL.values(), strict=True):
        row[known] = table[spec]
