"""Sums of quantities that are decimals in the data."""

from __future__ import annotations


def decimal_sum(first: float, second: float) -> float:
    """The float next to the decimal sum: 0.1 and 0.2 make 0.3."""
    total = first + second
    return total if total % 1.0 == 0.0 else float(f"{total:.15g}")
