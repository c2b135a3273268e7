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
    _extremes(values, window, out[4], 1.0)
    _extremes(values, window, out[5], -1.0)
    return out


@kernel
def _statistics(values: Float64Array, window: int, out: Float64Array) -> None:
    n = float(window)
    skew_scale = np.sqrt(n * (n - 1.0)) / (n - 2.0)
    kurtosis_scale = (n - 1.0) / ((n - 2.0) * (n - 3.0))
    shift, s1, s2, s3, s4 = 0.0, 0.0, 0.0, 0.0, 0.0
    count = 0  # values since the last gap
    run = 0  # equal values at the end
    for t in range(len(values)):
        value = values[t]
        if np.isnan(value):
            count = run = 0
            out[:4, t] = np.nan
            continue
        run = run + 1 if count > 0 and value == values[t - 1] else 1
        if count % window == 0:
            # The sums of the window's last values, about the newest.
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
        if count < window:
            out[:4, t] = np.nan
            continue
        mean = s1 / n
        m2 = s2 / n - mean * mean
        out[0, t] = shift + mean
        if run >= window or m2 <= _SPAN * (s2 / n):
            out[1, t] = 0.0
            out[2, t] = out[3, t] = np.nan
            continue
        m3 = s3 / n - mean * (3.0 * s2 / n - 2.0 * mean * mean)
        m4 = s4 / n - mean * (4.0 * s3 / n - mean * (6.0 * s2 / n - 3.0 * mean * mean))
        out[1, t] = np.sqrt(m2 * n / (n - 1.0))
        out[2, t] = skew_scale * m3 / (m2 * np.sqrt(m2))
        out[3, t] = kurtosis_scale * ((n + 1.0) * m4 / (m2 * m2) - 3.0 * (n - 1.0))


@kernel
def _extremes(values: Float64Array, window: int, out: Float64Array, sign: float) -> None:
    """Least value of each window for sign +1, greatest for -1, by a monotonic queue of positions."""
    queue = np.empty(window, np.int64)
    head = length = count = 0
    for t in range(len(values)):
        value = sign * values[t]
        if np.isnan(value):
            head = length = count = 0
            out[t] = np.nan
            continue
        if length > 0 and queue[head] <= t - window:
            head = head + 1 if head + 1 < window else 0
            length -= 1
        while length > 0:
            last = head + length - 1
            if last >= window:
                last -= window
            if sign * values[queue[last]] < value:
                break
            length -= 1
        tail = head + length
        if tail >= window:
            tail -= window
        queue[tail] = t
        length += 1
        count += 1
        out[t] = sign * (sign * values[queue[head]]) if count >= window else np.nan
