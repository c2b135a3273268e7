"""What the pricers ask about a contract, and how their array arguments combine."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from trading.bars import Float64Array


class Right(IntEnum):
    """The right to buy or to sell; the value is the sign of the payoff's slope."""

    CALL = 1
    PUT = -1


class Greeks(NamedTuple):
    """Price and sensitivities, arrays of one shape, per unit of the underlying (no contract multiplier).

    Attributes:
        price: money.
        delta: change of price per 1.00 of spot.
        gamma: change of delta per 1.00 of spot.
        vega: change of price per 1.00 of volatility (from 0.20 to 1.20); a hundredth of it is per point.
        theta: change of price per year as time goes by, mostly negative; / 365 per calendar day.
        rho: change of price per 1.00 of interest rate; a hundredth of it is per per cent.
    """

    price: Float64Array
    delta: Float64Array
    gamma: Float64Array
    vega: Float64Array
    theta: Float64Array
    rho: Float64Array


def broadcast(*values: ArrayLike) -> tuple[tuple[int, ...], Float64Array]:
    """The common shape of `values`, and a matrix whose rows are they, spread to that shape and flat.

    Raises:
        ValueError: when the shapes do not go together.
    """
    arrays = [np.asarray(value, dtype=np.float64) for value in values]
    shape = np.broadcast_shapes(*(array.shape for array in arrays))
    rows = np.empty((len(arrays), *shape))
    for k, array in enumerate(arrays):
        rows[k] = array
    return shape, rows.reshape(len(arrays), -1)


def as_greeks(rows: Float64Array, shape: tuple[int, ...]) -> Greeks:
    """`rows`, six in the order of `Greeks`, each in `shape`."""
    return Greeks(*(row.reshape(shape) for row in rows))
