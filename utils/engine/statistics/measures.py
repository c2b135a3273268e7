"""Measures of performance, computed in the order of operations that LEAN's figures depend on.

Variance and moments are the one-pass forms of Math.NET, whose last bits differ from the two-pass ones.
Undefined measures are NaN, as there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import NormalDist
from typing import Final, NamedTuple

from utils.engine.dotnet.money import MAXIMUM, ONE, ZERO, double_of, exact, round_half_even

NAN: Final = math.nan

_NORMAL: Final = NormalDist()


def decimal_of(value: float) -> Decimal:
    """A float as decimal, held within .NET's range.

    Raises:
        ValueError: not a finite number.
    """
    if not math.isfinite(value):
        raise ValueError(f"a statistic is {value}, which is not a decimal number")
    if abs(value) >= float(MAXIMUM):
        return MAXIMUM if value > 0 else -MAXIMUM
    return exact(value)


def mean(values: Sequence[float]) -> float:
    """Average, summed from the first."""
    return sum(values, 0.0) / len(values)


def variance(values: Sequence[float]) -> float:
    """Sample variance, NaN for fewer than two values."""
    if len(values) < 2:
        return NAN
    total, spread = values[0], 0.0
    for count, value in enumerate(values[1:], 2):
        total += value
        difference = count * value - total
        spread += difference * difference / (count * (count - 1))
    return spread / (len(values) - 1)


def standard_deviation(values: Sequence[float]) -> float:
    """Square root of the sample variance."""
    return math.sqrt(variance(values))


def covariance(first: Sequence[float], second: Sequence[float]) -> float:
    """Sample covariance of two series of one length."""
    if len(first) < 2:
        return NAN
    mean_first = mean_second = product = 0.0
    for count, (a, b) in enumerate(zip(first, second, strict=True), 1):
        before = mean_second
        mean_first += (a - mean_first) / count
        mean_second += (b - mean_second) / count
        product += (a - mean_first) * (b - before)
    return product / (len(first) - 1)


def skewness_and_kurtosis(values: Sequence[float]) -> tuple[float, float]:
    """Unbiased sample skewness (from three values on) and excess kurtosis (from four), NaN otherwise."""
    first = second = third = fourth = 0.0
    for n, value in enumerate(values, 1):
        step = value - first
        share = step / n
        term = step * share * (n - 1)
        first += share
        fourth += term * share * share * (n * n - 3 * n + 3) + 6 * share * share * second - 4 * share * third
        third += term * share * (n - 2) - 3 * share * second
        second += term
    n = len(values)
    if n < 3 or not second:
        return NAN, NAN
    skewness = n * third * math.sqrt(second / (n - 1)) / (second * second * (n - 2)) * (n - 1)
    if n < 4:
        return skewness, NAN
    excess = n * fourth / (second * second) - 3 + 6.0 / (n + 1)
    return skewness, (float(n) * n - 1) / ((n - 2) * (n - 3)) * excess


def annual_performance(returns: Sequence[float], days_per_year: int) -> float:
    """The average daily return compounded over a year of trading days."""
    try:
        return math.pow(mean(returns) + 1, days_per_year) - 1
    except OverflowError:
        return math.inf


def annual_variance(returns: Sequence[float], days_per_year: int) -> float:
    """Daily variance times the trading days of a year, 0 where it is undefined."""
    daily = variance(returns)
    return 0.0 if math.isnan(daily) else daily * days_per_year


def annual_downside_deviation(returns: Sequence[float], days_per_year: int) -> float:
    """Yearly standard deviation of the losing days."""
    return math.sqrt(annual_variance([value for value in returns if value < 0], days_per_year))


def tracking_error(returns: Sequence[float], benchmark: Sequence[float], days_per_year: int) -> float:
    """Yearly standard deviation of the returns in excess of the benchmark's; 0 for unequal lengths."""
    if len(returns) != len(benchmark):
        return 0.0
    excess = [own - other for own, other in zip(returns, benchmark, strict=True)]
    return math.sqrt(annual_variance(excess, days_per_year))


def ratio_of_excess(performance: Decimal, deviation: Decimal, risk_free_rate: Decimal) -> Decimal:
    """Sharpe's ratio, or Sortino's when the deviation is the downside's."""
    if not deviation:
        return ZERO
    return decimal_of((float(performance) - float(risk_free_rate)) / float(deviation))


def probabilistic_sharpe_ratio(
    returns: Sequence[float], benchmark_sharpe_ratio: float, risk_free_rate: float = 0.0
) -> float:
    """Probability that the true daily Sharpe ratio exceeds a benchmark's, given skew and tails."""
    deviation = standard_deviation(returns)
    observed = (mean(returns) - risk_free_rate) / deviation if deviation > 0 else 0.0
    skewness, kurtosis = skewness_and_kurtosis(returns)
    spread = (1 - skewness * observed + (kurtosis - 1) / 4 * observed**2) / (len(returns) - 1)
    if math.isnan(spread) or spread < 0:
        return 0.0
    error = math.sqrt(spread)
    return normal_distribution((observed - benchmark_sharpe_ratio) / error if error else 0.0)


def normal_distribution(z: float) -> float:
    """Probability that a standard normal variable is below z."""
    return 0.5 * math.erfc(-z / math.sqrt(2))


def value_at_risk(returns: Sequence[float], days: int, confidence: float) -> Decimal:
    """Daily return undercut with probability `1 - confidence`, by the normal law of the last `days`."""
    recent = returns[-days:]
    center = 0.0
    for count, value in enumerate(recent, 1):
        center += (value - center) / count
    quantile = center - standard_deviation(recent) * _NORMAL.inv_cdf(confidence)
    return round_half_even(decimal_of(quantile), 3)


def compounding_annual_performance(start: Decimal, end: Decimal, years: Decimal) -> Decimal:
    """Yearly rate of growth from one capital to another, 0 where it is undefined."""
    if not years or not start:
        return ZERO
    try:
        rate = math.pow(double_of(end) / double_of(start), 1 / double_of(years)) - 1
    except (OverflowError, ValueError, ZeroDivisionError):
        return ZERO  # infinite, or a root of a loss beyond the capital
    return decimal_of(rate)


def drawdown_percent(current: Decimal, high: Decimal) -> Decimal:
    """Distance from a high in percent, as a figure of at most 0, to two places."""
    return round_half_even((current / high - ONE) * 100, 2)


class Drawdown(NamedTuple):
    """The deepest fall from a peak (a positive fraction) and the longest way back to a peak (whole days)."""

    depth: Decimal
    recovery_days: int


def drawdown_of(equity: Sequence[tuple[datetime, Decimal]], places: int) -> Drawdown:
    """Drawdown of an equity curve; the depth is rounded to a number of places."""
    if len(equity) < 2:
        return Drawdown(ZERO, 0)
    peak_time, peak = equity[0]
    lowest = peak
    fell_from: datetime | None = None
    deepest, longest = ZERO, timedelta(0)
    for time, value in equity:
        if value >= peak:
            if not value:
                return Drawdown(ZERO, 0)  # nothing to fall from
            if fell_from is not None:
                longest = max(longest, time - fell_from)
                fell_from = None
            peak_time = time
            peak = lowest = value
        elif value < lowest:
            lowest = value
            distance = value / peak - ONE
            if distance < 0:
                deepest = min(deepest, distance)
                fell_from = fell_from or peak_time
    return Drawdown(round_half_even(abs(deepest), places), longest.days)
