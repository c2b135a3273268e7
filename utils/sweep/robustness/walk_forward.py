"""Walk-forward: what choosing by the past would have earned in the blocks that followed.

At each step the row with the best Sharpe ratio over the training blocks is traded for the next block.
Anchored training takes all blocks so far, rolling the last `TRAINING` ones. (Pardo, R. (2008), The Evaluation
and Optimization of Trading Strategies, 2nd ed., chapter 11.)
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from utils.sweep.robustness.returns import Array, Returns

TRAINING = 4
"""Blocks before the first choice."""


@dataclass(frozen=True)
class Step:
    """One choice: trained on blocks [first, block), traded in `block`.

    Attributes:
        combo: the row chosen; sharpe: its daily Sharpe ratio in training.
        total: sum of its daily returns in `block`.
    """

    first: int
    block: int
    combo: int
    sharpe: float
    total: float


@dataclass(frozen=True)
class WalkForward:
    """All steps of one scheme.

    Attributes:
        sharpe: daily Sharpe ratio over all traded blocks, NaN where undefined.
        total: sum of daily returns over them.
        efficiency: `sharpe` over the mean Sharpe ratio in training, NaN where that is not positive.
    """

    steps: tuple[Step, ...]
    sharpe: float
    total: float
    efficiency: float


def walk_forward(returns: Returns, rolling: bool = False) -> WalkForward | None:
    """Walk through the blocks; None without rows or with days in fewer than all blocks.

    A row without variance in training is not chosen; ties go to the lowest combination.
    """
    if len(returns) == 0 or np.any(returns.days == 0):
        return None
    steps: list[Step] = []
    sums = squares = days = 0.0
    for block in range(TRAINING, len(returns.days)):
        first = block - TRAINING if rolling else 0
        ratios = _sharpe(returns, first, block)
        if np.all(np.isnan(ratios)):
            continue
        row = int(np.nanargmax(ratios))
        steps.append(
            Step(first, block, int(returns.combos[row]), float(ratios[row]), float(returns.sums[row, block]))
        )
        sums += float(returns.sums[row, block])
        squares += float(returns.squares[row, block])
        days += float(returns.days[block])
    if not steps:
        return None
    variance = (squares - sums * sums / days) / (days - 1)
    sharpe = sums / days / math.sqrt(variance) if variance > 0 else math.nan
    trained = float(np.mean([step.sharpe for step in steps]))
    return WalkForward(tuple(steps), sharpe, sums, sharpe / trained if trained > 0 else math.nan)


def _sharpe(returns: Returns, first: int, end: int) -> Array:
    days = float(returns.days[first:end].sum())
    total = returns.sums[:, first:end].sum(axis=1)
    variance = (returns.squares[:, first:end].sum(axis=1) - total * total / days) / (days - 1)
    positive = variance > 0
    return np.where(positive, total / days / np.sqrt(np.where(positive, variance, 1.0)), np.nan)
