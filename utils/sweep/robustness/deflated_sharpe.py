"""Is a Sharpe ratio more than the luck of the best of many?

Bailey, D. H. and Lopez de Prado, M. (2012), "The Sharpe Ratio Efficient Frontier", Journal of Risk 15(2):
probabilistic Sharpe ratio. Bailey and Lopez de Prado (2014), "The Deflated Sharpe Ratio: Correcting for
Selection Bias, Backtest Overfitting and Non-Normality", Journal of Portfolio Management 40(5): the benchmark
it is held against is the expected maximum of the Sharpe ratios of N unskilled trials.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtr, ndtri

from utils.sweep.robustness.returns import Array, Returns

EULER_MASCHERONI = 0.5772156649015329


def daily_sharpe(returns: Returns) -> Array:
    """Sharpe ratio a day of each row, not annualized, shape (N,); NaN without variance."""
    days = float(returns.days.sum())
    total = returns.sums.sum(axis=1)
    variance = (returns.squares.sum(axis=1) - total * total / days) / (days - 1.0)
    positive = variance > 0
    return np.where(positive, total / days / np.sqrt(np.where(positive, variance, 1.0)), np.nan)


def probabilistic_sharpe(returns: Returns, benchmark: float) -> Array:
    """Probability that each row's true daily Sharpe ratio is above `benchmark`, shape (N,); NaN undefined."""
    days = float(returns.days.sum())
    sharpe = daily_sharpe(returns)
    mean = returns.sums.sum(axis=1) / days
    second = returns.squares.sum(axis=1) / days
    third, fourth = returns.cubes / days, returns.fourths / days
    variance = second - mean**2
    safe = np.where(variance > 0, variance, np.nan)
    skewness = (third - 3 * mean * second + 2 * mean**3) / safe**1.5
    kurtosis = (fourth - 4 * mean * third + 6 * mean**2 * second - 3 * mean**4) / safe**2
    spread = 1 - skewness * sharpe + (kurtosis - 1) / 4 * sharpe**2
    deviations = (sharpe - benchmark) * math.sqrt(days - 1) / np.sqrt(np.where(spread > 0, spread, np.nan))
    probability: Array = ndtr(deviations)
    return probability


def expected_maximum_sharpe(sharpe: Array, trials: int) -> float:
    """Daily Sharpe ratio that the best of `trials` unskilled rows would show; NaN for fewer than two.

    Args:
        sharpe: of all rows, whose spread stands for the trials'.
        trials: how many independent tries there were.
    """
    defined = sharpe[~np.isnan(sharpe)]
    if trials < 2 or len(defined) < 2:
        return math.nan
    quantile = (1 - EULER_MASCHERONI) * ndtri(1 - 1 / trials)
    quantile += EULER_MASCHERONI * ndtri(1 - 1 / (trials * math.e))
    return float(np.std(defined, ddof=1) * quantile)


def deflated_sharpe(returns: Returns, trials: int) -> Array:
    """Probability that each row's Sharpe ratio is more than the luck of the best of `trials`, shape (N,)."""
    return probabilistic_sharpe(returns, expected_maximum_sharpe(daily_sharpe(returns), trials))
