"""Matrices of daily returns, and the block sums that a sweep would have stored of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trading.simulation.market import block_days
from utils.sweep.robustness.returns import Returns, returns_of

Matrix = NDArray[np.float64]


def stored(daily: Matrix, hashes: NDArray[np.int64] | None = None) -> Returns:
    """What the store keeps of `daily`, shape (days, rows)."""
    days = block_days(len(daily))
    ends = np.cumsum(days)
    sums = np.array([daily[end - size : end].sum(axis=0) for end, size in zip(ends, days, strict=True)]).T
    squares = np.array(
        [(daily[end - size : end] ** 2).sum(axis=0) for end, size in zip(ends, days, strict=True)]
    ).T
    blocks = np.column_stack((sums, squares, (daily**3).sum(axis=0), (daily**4).sum(axis=0)))
    rows = np.arange(daily.shape[1])
    return returns_of(blocks, days, rows, rows if hashes is None else hashes)


def blocks_of(daily: Matrix) -> list[Matrix]:
    """The 16 blocks of days."""
    return np.split(daily, np.cumsum(block_days(len(daily)))[:-1])


def sharpe(daily: Matrix) -> Matrix:
    """Sharpe ratio a day of each column, 0 where it stays flat."""
    flat = np.all(daily == 0, axis=0)
    deviation = np.where(flat, 1.0, daily.std(axis=0, ddof=1))
    return np.where(flat, 0.0, daily.mean(axis=0) / deviation)
