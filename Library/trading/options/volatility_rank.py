"""Where today's implied volatility stands in its own history.

`history` has one row a day, and as many columns as there are current values (or is one column for one value);
its NaN days are left out. Both are NaN where nothing is left, or the current value is NaN.
"""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import ArrayLike

from trading.bars import Float64Array


def iv_rank(current: ArrayLike, history: ArrayLike) -> Float64Array:
    """Place between the history's lowest (0) and highest (1) value; outside them below 0 or above 1.

    NaN where the history never moved.
    """
    days = np.asarray(history, dtype=np.float64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # columns of NaN have no extremes: NaN
        low, high = np.nanmin(days, axis=0), np.nanmax(days, axis=0)
    spread = np.where(high > low, high - low, np.nan)
    return np.asarray((np.asarray(current, dtype=np.float64) - low) / spread)


def iv_percentile(current: ArrayLike, history: ArrayLike) -> Float64Array:
    """Fraction of days on which the volatility was below the current one."""
    days = np.asarray(history, dtype=np.float64)
    now = np.asarray(current, dtype=np.float64)
    known = np.sum(~np.isnan(days), axis=0)
    below = np.sum(days < now, axis=0)
    return np.where((known > 0) & ~np.isnan(now), below / np.maximum(known, 1), np.nan)
