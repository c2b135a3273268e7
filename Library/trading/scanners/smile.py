"""What a contract's volatility would be by the other contracts of its expiry.

A volatility surface that goes through every quote finds nothing cheap. Here each expiry's implied
volatilities are smoothed by a parabola over log-moneyness, and each contract is compared with the parabola
through all but itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LEAST_POINTS = 6
LEAST_STRIKES = 4
"""Contracts and strikes of an expiry below which a parabola says nothing."""


def volatility_of_the_others(
    expiry: NDArray[np.int64],
    log_moneyness: NDArray[np.float64],
    volatility: NDArray[np.float64],
    precision: NDArray[np.float64],
) -> NDArray[np.float64]:
    """For each of n contracts the volatility that the others of its expiry imply; NaN where they are too few.

    Weighted least squares; the prediction that leaves a point out is y − r ÷ (1 − h), with its residual r and
    its leverage h (Allen's PRESS), so that one fit an expiry is enough.

    Args:
        expiry: equal for contracts of one expiry.
        log_moneyness: log(strike ÷ forward).
        volatility: implied, NaN where unknown.
        precision: of the volatility, one over its standard error up to a factor; zero or NaN: not used.
    """
    found = np.full(len(expiry), np.nan)
    usable = np.isfinite(log_moneyness) & np.isfinite(volatility) & np.isfinite(precision) & (precision > 0)
    for one in np.unique(expiry[usable]):
        rows = np.flatnonzero(usable & (expiry == one))
        if len(rows) < LEAST_POINTS or len(np.unique(log_moneyness[rows])) < LEAST_STRIKES:
            continue
        weight = precision[rows] / precision[rows].max()
        x = log_moneyness[rows] / np.abs(log_moneyness[rows]).max()
        design = np.column_stack((np.ones(len(rows)), x, x * x)) * weight[:, None]
        orthonormal, _ = np.linalg.qr(design)
        y = volatility[rows] * weight
        residual = y - orthonormal @ (orthonormal.T @ y)
        leverage = (orthonormal * orthonormal).sum(axis=1)
        free = leverage < 1 - 1e-9  # a point that the parabola must go through has no others
        left_out = np.divide(residual, 1 - leverage, out=np.full(len(rows), np.nan), where=free)
        found[rows] = volatility[rows] - left_out / weight
    return found
