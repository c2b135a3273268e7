"""Probability of backtest overfitting by combinatorially symmetric cross-validation (CSCV).

Bailey, D. H., Borwein, J., Lopez de Prado, M. and Zhu, Q. J. (2017), "The Probability of Backtest
Overfitting", Journal of Computational Finance 20(4). The history is cut into 16 blocks; each of the 12,870
ways to take 8 of them for in-sample picks the row that is best there and asks where it ranks in the other 8.

Exact from block sums: the Sharpe ratio of any set of blocks follows from its sums of r and r^2. Sums over 8
of 16 blocks are one addition of two of 256 subset sums, of the first and of the last 8 blocks.
"""

from __future__ import annotations

import itertools
import math
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trading.compiled import kernel
from utils.sweep.robustness.returns import Array, Returns

HALF = 8
_SUBSETS = 1 << HALF
_TILE = 256  # rows whose subset sums stay in a core's cache


@dataclass(frozen=True, eq=False)
class Overfitting:
    """What the splits say; S = 12,870, arrays in the same order of splits.

    Attributes:
        probability: PBO, share of splits in which the in-sample winner is below the median out of sample.
        probability_of_loss: share in which its out-of-sample Sharpe ratio is negative.
        degradation: slope of its out-of-sample on its in-sample Sharpe ratio.
        logits: log(w / (1 - w)) of its relative rank w out of sample, shape (S,).
        in_sample, out_of_sample: its Sharpe ratios a day, shape (S,).
        rows: how many rows competed.
    """

    probability: float
    probability_of_loss: float
    degradation: float
    logits: Array
    in_sample: Array
    out_of_sample: Array
    rows: int


def overfitting(returns: Returns, threads: int | None = None) -> Overfitting | None:
    """CSCV over all rows with equal trades counted once; None for fewer than two such rows.

    An account that stays flat through all blocks of a side has a Sharpe ratio of 0 there. A tie for the best
    is won by the lowest combination; a tie in rank shares the mean rank.
    """
    rows = returns.distinct()
    if len(rows) < 2 or np.any(returns.days == 0):
        return None
    splits = _splits(returns.days)
    tiles = range(0, len(rows), _TILE)
    with ThreadPoolExecutor(threads or len(os.sched_getaffinity(0))) as pool:
        bests = pool.map(
            lambda start: _best(*_subset_sums(rows, start), splits.low, splits.high, splits.days), tiles
        )
        winner = _overall_best(list(bests))
        inside = _score_of(rows, winner, splits)
        opposite = splits.opposite()
        outside = _score_of(rows, winner, opposite)
        counts = pool.map(
            lambda start: _rank(
                *_subset_sums(rows, start), opposite.low, opposite.high, opposite.days, outside
            ),
            tiles,
        )
        below, level = np.sum(list(counts), axis=0)
    relative = (below + (level + 1) / 2) / (len(rows) + 1)  # `level` counts the winner itself
    logits = np.log(relative / (1 - relative))
    in_sample, out_of_sample = _sharpe(inside, splits.days), _sharpe(outside, opposite.days)
    return Overfitting(
        probability=float(np.mean(logits <= 0)),
        probability_of_loss=float(np.mean(out_of_sample < 0)),
        degradation=_slope(in_sample, out_of_sample),
        logits=logits,
        in_sample=in_sample,
        out_of_sample=out_of_sample,
        rows=len(rows),
    )


class _Splits(NamedTuple):
    """Ways to choose 8 of 16 blocks: bit masks of those among the first 8 and the last 8, and their days."""

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    days: Array
    all_days: float

    def opposite(self) -> _Splits:
        """The blocks that each split leaves out."""
        every = _SUBSETS - 1
        return _Splits(self.low ^ every, self.high ^ every, self.all_days - self.days, self.all_days)


def _splits(days: NDArray[np.int64]) -> _Splits:
    chosen = np.array(list(itertools.combinations(range(2 * HALF), HALF)))
    masks = (1 << chosen).sum(axis=1)
    low, high = masks & (_SUBSETS - 1), masks >> HALF
    return _Splits(low, high, days[chosen].sum(axis=1).astype(np.float64), float(days.sum()))


def _subset_sums(rows: Returns, start: int) -> tuple[Array, Array, Array, Array]:
    """Sums of r and of r^2 of a tile of rows over each subset of the first and of the last 8 blocks.

    Four arrays of shape (256, tile), subset first: the low half's two, then the high half's.
    """
    tile = slice(start, start + _TILE)
    return (
        _over_subsets(rows.sums[tile, :HALF]),
        _over_subsets(rows.squares[tile, :HALF]),
        _over_subsets(rows.sums[tile, HALF:]),
        _over_subsets(rows.squares[tile, HALF:]),
    )


def _over_subsets(blocks: Array) -> Array:
    totals = np.zeros((_SUBSETS, len(blocks)))
    for subset in range(1, _SUBSETS):
        lowest = subset & -subset
        totals[subset] = totals[subset ^ lowest] + blocks[:, lowest.bit_length() - 1]
    return totals


@kernel
def _score(total: float, squares: float, per_day: float) -> float:
    """Grows with the Sharpe ratio, and needs no square root: sign * total^2 / (sum of squared deviations)."""
    deviations = squares - total * total * per_day
    divisor = deviations if deviations > 0.0 else 1.0
    score = total * abs(total) / divisor
    return score if deviations > 0.0 else 0.0


@kernel
def _tile_scores(
    low_sums: Array, low_squares: Array, high_sums: Array, high_squares: Array, per_day: float, out: Array
) -> None:
    for i in range(len(out)):
        out[i] = _score(low_sums[i] + high_sums[i], low_squares[i] + high_squares[i], per_day)


@kernel
def _best(
    low_sums: Array,
    low_squares: Array,
    high_sums: Array,
    high_squares: Array,
    low: NDArray[np.int64],
    high: NDArray[np.int64],
    days: Array,
) -> tuple[Array, NDArray[np.int64]]:
    """Best score of each split in a tile, and its row, the first of equals."""
    scores = np.empty(low_sums.shape[1])
    best = np.empty(len(low))
    row = np.empty(len(low), np.int64)
    for k in range(len(low)):
        a, b = low[k], high[k]
        _tile_scores(low_sums[a], low_squares[a], high_sums[b], high_squares[b], 1.0 / days[k], scores)
        row[k] = np.argmax(scores)
        best[k] = scores[row[k]]
    return best, row


@kernel
def _rank(
    low_sums: Array,
    low_squares: Array,
    high_sums: Array,
    high_squares: Array,
    low: NDArray[np.int64],
    high: NDArray[np.int64],
    days: Array,
    winner: Array,
) -> NDArray[np.int64]:
    """How many scores of a tile are below each split's winner's, and how many equal it, shape (2, splits)."""
    scores = np.empty(low_sums.shape[1])
    counts = np.zeros((2, len(low)), np.int64)
    for k in range(len(low)):
        a, b = low[k], high[k]
        _tile_scores(low_sums[a], low_squares[a], high_sums[b], high_squares[b], 1.0 / days[k], scores)
        below = 0
        level = 0
        for score in scores:
            below += score < winner[k]
            level += score == winner[k]
        counts[0, k] = below
        counts[1, k] = level
    return counts


def _overall_best(tiles: list[tuple[Array, NDArray[np.int64]]]) -> NDArray[np.int64]:
    """Row of each split's best over all tiles, the first of equals."""
    scores = np.array([best for best, _ in tiles])
    tile = np.argmax(scores, axis=0)
    rows = np.array([row for _, row in tiles])
    winner: NDArray[np.int64] = tile * _TILE + rows[tile, np.arange(rows.shape[1])]
    return winner


def _score_of(rows: Returns, winner: NDArray[np.int64], splits: _Splits) -> Array:
    """Score of one row for each split, summed in the same order as a tile's: equal to the last bit."""
    scores = np.empty(len(winner))
    for row in np.unique(winner).tolist():
        low_sums, low_squares, high_sums, high_squares = (
            sums[:, 0]
            for sums in (
                _over_subsets(rows.sums[row : row + 1, :HALF]),
                _over_subsets(rows.squares[row : row + 1, :HALF]),
                _over_subsets(rows.sums[row : row + 1, HALF:]),
                _over_subsets(rows.squares[row : row + 1, HALF:]),
            )
        )
        mine = np.flatnonzero(winner == row)
        low, high = splits.low[mine], splits.high[mine]
        total, squares = low_sums[low] + high_sums[high], low_squares[low] + high_squares[high]
        scores[mine] = [
            _score(*values) for values in zip(total, squares, 1.0 / splits.days[mine], strict=True)
        ]
    return scores


def _sharpe(scores: Array, days: Array) -> Array:
    """Daily Sharpe ratios from scores: mean / deviation, ddof 1."""
    ratios: Array = np.sign(scores) * np.sqrt(np.abs(scores) * (days - 1)) / days
    return ratios


def _slope(x: Array, y: Array) -> float:
    centred = x - x.mean()
    spread = float(centred @ centred)
    return float(centred @ (y - y.mean())) / spread if spread > 0 else math.nan
