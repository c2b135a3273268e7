"""BQX momentum: how far the last rates stood from the present one, added up, in units of the present one.

    BQX_w(t) = sum of (rate(t - i) - rate(t)) / rate(t) over i = 1..w

Positive when the rate has fallen. O(1) a row and window: a rolling sum about a shift that is taken anew once
a window, so that its error does not grow with the length of the series.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from trading.bars import Float64Array
from utils.features.compiled import kernel


def bqx(rates: Float64Array, windows: Sequence[int], out: Float64Array | None = None) -> Float64Array:
    """BQX of every window, shape (windows, rows); NaN for the first `w` rows of a window `w`.

    A row with a missing rate, or with one among its window, is NaN.

    Args:
        out: where to write them; fresh memory costs several times the arithmetic.

    Raises:
        ValueError: a window below 1, or rates that are not one positive number a row (or NaN).
    """
    rates = np.ascontiguousarray(rates, np.float64)
    if rates.ndim != 1 or bool((rates <= 0).any()) or bool(np.isinf(rates).any()):
        raise ValueError("rates: one positive number a row is wanted")
    if any(window < 1 for window in windows):
        raise ValueError(f"windows: whole numbers from 1 are wanted, not {min(windows)}")
    out = np.empty((len(windows), len(rates))) if out is None else out
    for row, window in zip(out, windows, strict=True):
        _bqx(rates, window, row)
    return out


@kernel
def _bqx(rates: Float64Array, window: int, out: Float64Array) -> None:
    shift, total = 0.0, 0.0
    since_gap = 0  # rates without a gap before this row
    for t in range(len(rates)):
        rate = rates[t]
        if np.isnan(rate):
            since_gap, total = 0, 0.0
            out[t] = np.nan
            continue
        if since_gap == 0:
            shift = rate
        elif since_gap % window == 0:
            shift, total = rate, 0.0
            for i in range(t - window, t):
                total += rates[i] - shift
        ready = since_gap >= window
        out[t] = (total - window * (rate - shift)) / rate if ready else np.nan
        total += rate - shift
        since_gap += 1
        if since_gap > window:
            total -= rates[t - window] - shift
