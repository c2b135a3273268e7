"""Session VWAP: volume-weighted mean of the typical price since the trading day began.

As LEAN's IntradayVwap: typical price is (high + low + close) / 3, sums begin anew with each day, and while a
day has no volume the value is the close. State: [day, sum of price x volume, sum of volume].
"""

from __future__ import annotations

import numpy as np

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.indicators.cci import typical_price

_DAY, _VALUE, _VOLUME = 0, 1, 2


def vwap_state() -> Float64Array:
    """State of `vwap_update`, nothing seen."""
    return np.array([np.nan, 0.0, 0.0])


@kernel
def vwap_update(
    state: Float64Array, high: float, low: float, close: float, volume: float, day: float
) -> float:
    """The mean with a bar taken in, price units."""
    if state[_DAY] != day:
        state[_DAY] = day
        state[_VALUE] = 0.0
        state[_VOLUME] = 0.0
    state[_VALUE] += typical_price(high, low, close) * volume
    state[_VOLUME] += volume
    return state[_VALUE] / state[_VOLUME] if state[_VOLUME] > 0.0 else close


@kernel
def vwap_loop(
    state: Float64Array,
    high: Float64Array,
    low: Float64Array,
    close: Float64Array,
    volume: Float64Array,
    day: Float64Array,
    out: Float64Array,
) -> None:
    """`vwap_update` of each bar into out[0]."""
    for t in range(len(high)):
        out[0, t] = vwap_update(state, high[t], low[t], close[t], volume[t], day[t])
