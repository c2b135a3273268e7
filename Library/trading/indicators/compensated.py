"""Sums that carry their rounding errors along, and exact products: twice the precision of a double.

An accumulator is two neighbouring places of a state, sum and error. Summation after Neumaier (1974), the
product after Dekker (1971), both without a fused multiply-add, so that every host gives the same bits.
"""

from __future__ import annotations

from trading.bars import Float64Array
from trading.compiled import kernel

_SPLITTER = 134_217_729.0  # 2^27 + 1: halves of 26 bits multiply without rounding


@kernel
def two_product(a: float, b: float) -> tuple[float, float]:
    """a * b as the rounded product and its rounding error."""
    product = a * b
    scaled = _SPLITTER * a
    a_high = scaled - (scaled - a)
    a_low = a - a_high
    scaled = _SPLITTER * b
    b_high = scaled - (scaled - b)
    b_low = b - b_high
    return product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low


@kernel
def add(state: Float64Array, at: int, value: float) -> None:
    """Add `value` to the accumulator at `at`."""
    before = state[at]
    total = before + value
    if abs(before) >= abs(value):
        state[at + 1] += (before - total) + value
    else:
        state[at + 1] += (value - total) + before
    state[at] = total


@kernel
def add_product(state: Float64Array, at: int, a: float, b: float) -> None:
    """Add a * b, unrounded, to the accumulator at `at`."""
    product, error = two_product(a, b)
    add(state, at, product)
    state[at + 1] += error


@kernel
def clear(state: Float64Array, at: int) -> None:
    """Set the accumulator at `at` to zero."""
    state[at] = 0.0
    state[at + 1] = 0.0


@kernel
def value_of(state: Float64Array, at: int) -> float:
    """The accumulator's value, rounded once."""
    value: float = state[at] + state[at + 1]
    return value
