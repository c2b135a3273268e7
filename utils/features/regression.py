"""Least-squares line and parabola through the last `window` values, in O(1) a row.

By polynomials orthogonal over the window (Forsythe 1957): with c = (n - 1) / 2 and P1 = i - c,
P2 = P1^2 - (n^2 - 1) / 12, each coefficient has its own sum and none needs a matrix. Sums are taken about a
shift that is renewed once a window, position weights slide along with the window. The kernel of
`trading.indicators.regression` does the same one value at a time in twice the precision, at a fifth of the
speed; the tests hold the two together.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from trading.bars import Float64Array
from utils.features.compiled import kernel

LINEAR: Final = ("slope", "fit", "r2", "residual")
QUADRATIC: Final = ("curvature", "slope", "fit", "r2", "residual")
REGRESSION: Final = tuple(f"linear_{name}" for name in LINEAR) + tuple(f"quadratic_{n}" for n in QUADRATIC)
"""Rows of what `rolling_regression` gives: slopes a row, the parabola's at the newest row; curvature a row
squared; the fit and what the newest value leaves over it in the values' unit; R^2, NaN for equal values."""

_SPAN = 1.0e-12  # share of the sum of squares about the shift: less spread than this is rounding


def rolling_regression(values: Float64Array, window: int, out: Float64Array | None = None) -> Float64Array:
    """Line and parabola of each row's window, shape (9, rows), NaN until the window is full.

    A missing value (NaN) empties the window.

    Args:
        out: where to write them; fresh memory costs several times the arithmetic.

    Raises:
        ValueError: a window below 4, which a parabola fits with hardly a residual.
    """
    if window < 4:
        raise ValueError(f"window: at least 4 values are wanted, not {window}")
    out = np.empty((len(REGRESSION), len(values))) if out is None else out
    _regression(np.ascontiguousarray(values, np.float64), window, out)
    return out


@kernel
def _regression(values: Float64Array, window: int, out: Float64Array) -> None:
    n = float(window)
    centre = (n - 1.0) / 2.0
    variance = (n * n - 1.0) / 12.0  # of the positions
    norm1 = n * variance  # sum of P1^2
    norm2 = norm1 * (n * n - 4.0) / 15.0  # sum of P2^2
    end2 = centre * centre - variance  # P2 at the newest row
    newest = n - 1.0
    shift, s0, s1, s2, squares = 0.0, 0.0, 0.0, 0.0, 0.0  # sums of d, i d, i^2 d, d^2
    count = run = 0
    for t in range(len(values)):
        value = values[t]
        if np.isnan(value):
            count = run = 0
            out[:, t] = np.nan
            continue
        run = run + 1 if count > 0 and value == values[t - 1] else 1
        count += 1
        if count < window:
            out[:, t] = np.nan
            continue
        if count % window == 0:
            shift, s0, s1, s2, squares = value, 0.0, 0.0, 0.0, 0.0
            for i in range(window):
                d = values[t - window + 1 + i] - shift
                weighted = i * d
                s0 += d
                s1 += weighted
                s2 += i * weighted
                squares += d * d
        else:
            oldest, d = values[t - window] - shift, value - shift
            # The oldest leaves from position 0; all others move down by one: (i - 1)^2 = i^2 - 2 i + 1.
            s0 -= oldest
            s2 += s0 - 2.0 * s1 + newest * newest * d
            s1 += newest * d - s0
            s0 += d
            squares += d * d - oldest * oldest
        mean = s0 / n
        first = s1 - centre * s0
        second = s2 - 2.0 * centre * s1 + end2 * s0
        slope, curvature = first / norm1, second / norm2
        total = squares - s0 * mean
        line = mean + slope * centre
        parabola = line + curvature * end2
        d = value - shift
        flat = run >= window or total <= _SPAN * squares
        out[0, t] = slope
        out[1, t] = shift + line
        out[2, t] = np.nan if flat else min(first * slope / total, 1.0)
        out[3, t] = d - line
        out[4, t] = curvature
        out[5, t] = slope + 2.0 * curvature * centre
        out[6, t] = shift + parabola
        out[7, t] = np.nan if flat else min((first * slope + second * curvature) / total, 1.0)
        out[8, t] = d - parabola
