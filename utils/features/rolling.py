"""Mean, deviation, skewness, kurtosis and extremes of the last `window` values, in O(1) a row.

Power sums about a shift that is taken anew once a window: neither a trend nor a spike that has left stays in
them. Sample figures as pandas has them: deviation with ddof 1, skewness and excess kurtosis with its
corrections for small samples. Equal values have deviation 0, and neither skewness nor kurtosis.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from trading.bars import Float64Array
from utils.features.compiled import kernel

STATISTICS: Final = ("mean", "deviation", "skewness", "kurtosis", "minimum", "maximum")
"""Rows of what `rolling_statistics` gives."""

_SPAN = 1.0e-12  # of the squared level about the shift: less spread than this is rounding


def rolling_statistics(values: Float64Array, window: int, out: Float64Array | None = None) -> Float64Array:
    """The statistics of each row's window, shape (6, rows), NaN until the window is full.

    A missing value (NaN) empties the window.

    Args:
        out: where to write them; fresh memory costs several times the arithmetic.

    Raises:
        ValueError: a window below 4, which has no kurtosis.
    """
    if window < 4:
        raise ValueError(f"window: at least 4 values are wanted, not {window}")
    values = np.ascontiguousarray(values, np.float64)
    out = np.empty((len(STATISTICS), len(values))) if out is None else out
    _statistics(values, window, out)
    _extremes(values, window, out[4], out[5])
    return out


@kernel
def _statistics(values: Float64Array, window: int, out: Float64Array) -> None:
    n = float(window)
    share = 1.0 / n  # divisions cost more than all else here
    sample = n / (n - 1.0)
    skew_scale = np.sqrt(n * (n - 1.0)) / (n - 2.0)
    kurtosis_scale = (n - 1.0) / ((n - 2.0) * (n - 3.0))
    shift, s1, s2, s3, s4 = 0.0, 0.0, 0.0, 0.0, 0.0
    count = 0  # values since the last gap
    renewal = 0  # rows until the sums are taken anew
    run = 0  # equal values at the end
    for t in range(len(values)):
        value = values[t]
        if np.isnan(value):
            count = renewal = run = 0
            out[:4, t] = np.nan
            continue
        run = run + 1 if count > 0 and value == values[t - 1] else 1
        if renewal == 0:
            # The sums of the window's last values, about the newest.
            renewal = window
            shift, s1, s2, s3, s4 = value, 0.0, 0.0, 0.0, 0.0
            for i in range(t - min(count, window - 1), t):
                d = values[i] - shift
                square = d * d
                s1 += d
                s2 += square
                s3 += square * d
                s4 += square * square
        else:
            d = value - shift
            square = d * d
            s1 += d
            s2 += square
            s3 += square * d
            s4 += square * square
            if count >= window:
                d = values[t - window] - shift
                square = d * d
                s1 -= d
                s2 -= square
                s3 -= square * d
                s4 -= square * square
        count += 1
        renewal -= 1
        if count < window:
            out[:4, t] = np.nan
            continue
        mean = s1 * share
        mean2, mean3, mean4 = s2 * share, s3 * share, s4 * share
        m2 = mean2 - mean * mean
        out[0, t] = shift + mean
        if run >= window or m2 <= _SPAN * mean2:
            out[1, t] = 0.0
            out[2, t] = out[3, t] = np.nan
            continue
        m3 = mean3 - mean * (3.0 * mean2 - 2.0 * mean * mean)
        m4 = mean4 - mean * (4.0 * mean3 - mean * (6.0 * mean2 - 3.0 * mean * mean))
        over = 1.0 / m2
        out[1, t] = np.sqrt(m2 * sample)
        out[2, t] = skew_scale * m3 * over * np.sqrt(over)
        out[3, t] = kurtosis_scale * ((n + 1.0) * m4 * over * over - 3.0 * (n - 1.0))


@kernel
def _extremes(values: Float64Array, window: int, least: Float64Array, greatest: Float64Array) -> None:
    """Least and greatest value of each window (van Herk 1992; Gil and Werman 1993).

    Rows are taken in blocks of a window's length. Any window is the end of one block and the beginning of
    the next: its extreme is that of the two, which run backwards through the one and forwards through the
    other. No branch depends on the values, so none is mispredicted.
    """
    low_end, high_end = np.empty(window), np.empty(window)  # of the last block, from each place to its end
    low, high = 0.0, 0.0  # of this block, up to now
    place = 0  # in this block
    follows = False  # a block without a gap
    for t in range(len(values)):
        value = values[t]
        if np.isnan(value):
            place, follows = 0, False
            least[t] = greatest[t] = np.nan
            continue
        low = value if place == 0 or value < low else low
        high = value if place == 0 or value > high else high
        place += 1
        if place < window:
            if follows:
                end_low, end_high = low_end[place], high_end[place]
                least[t] = low if low < end_low else end_low
                greatest[t] = high if high > end_high else end_high
            else:
                least[t] = greatest[t] = np.nan
            continue
        least[t], greatest[t] = low, high
        place, follows = 0, True
        low = high = value
        for i in range(window - 1, 0, -1):
            value = values[t - window + 1 + i]
            low = value if value < low else low
            high = value if value > high else high
            low_end[i], high_end[i] = low, high
