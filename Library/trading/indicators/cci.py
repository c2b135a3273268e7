"""Commodity channel index: (typical price - its mean) / (0.015 x its mean absolute deviation).

Donald Lambert, Commodities magazine, October 1980; typical price is (high + low + close) / 3. As LEAN's:
ready at bar `period`, 0 where the deviation is 0. The mean moves with every bar and each distance to it with
it, so this one indicator costs O(period) a bar. State: a rolling sum's.
"""

from __future__ import annotations

import numpy as np

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.indicators.rolling import RING, sum_state, sum_update


def cci_state(period: int) -> Float64Array:
    """State of `cci_update`, nothing seen."""
    return sum_state(period)


@kernel
def typical_price(high: float, low: float, close: float) -> float:
    """Mean of high, low and close."""
    return (high + low + close) / 3.0


@kernel
def cci_update(state: Float64Array, high: float, low: float, close: float) -> float:
    """The index with a bar taken in, NaN until ready."""
    typical = typical_price(high, low, close)
    mean: float = sum_update(state, typical) / state[0]
    if np.isnan(mean):
        return np.nan
    period = int(state[0])
    distance = 0.0
    equal = True
    for k in range(period):
        distance += abs(state[RING + k] - mean)
        equal = equal and state[RING + k] == typical
    if equal or distance == 0.0:
        return 0.0
    return (typical - mean) / (0.015 * (distance / period))


@kernel
def cci_loop(
    state: Float64Array, high: Float64Array, low: Float64Array, close: Float64Array, out: Float64Array
) -> None:
    """`cci_update` of each bar into out[0]."""
    for t in range(len(high)):
        out[0, t] = cci_update(state, high[t], low[t], close[t])
