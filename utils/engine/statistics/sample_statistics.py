"""Mean and deviation of samples, summed in the order LEAN's library sums them."""

from __future__ import annotations

import math
from collections.abc import Iterable


def mean(samples: Iterable[float]) -> float:
    """Average; zero of none."""
    found = 0.0
    for count, sample in enumerate(samples, start=1):
        found += (sample - found) / count
    return found


def variance(samples: Iterable[float]) -> float:
    """Variance of a sample (divided by one less than its size); not a number of fewer than two.

    After the updating formula of Chan, Golub and LeVeque, "Updating Formulae and a Pairwise Algorithm for
    Computing Sample Variances" (1979).
    """
    total, squares, count = 0.0, 0.0, 0
    for sample in samples:
        count += 1
        total += sample
        if count > 1:
            difference = count * sample - total
            squares += difference * difference / (count * (count - 1))
    return squares / (count - 1) if count > 1 else math.nan


def standard_deviation(samples: Iterable[float]) -> float:
    """Standard deviation of a sample; not a number of fewer than two."""
    return math.sqrt(variance(samples))
