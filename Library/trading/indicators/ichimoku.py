"""Ichimoku Kinko Hyo (Goichi Hosoda): five lines from the middles of three ranges.

Tenkan and kijun are the middles of the last `tenkan` and `kijun` bars' ranges. Senkou A, their mean, and
senkou B, the middle of `senkou` bars' range, are drawn `delay` bars ahead: their value at a bar was computed
`delay` bars earlier, as LEAN's. Chikou is the close of `delay` bars ago. Each is NaN until ready.

State: [bars seen, delay, sizes of the three extremes' states], three pairs of extremes' states, then rings
of `delay` values of senkou A, senkou B and the close.
"""

from __future__ import annotations

import numpy as np

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.indicators.rolling import extreme_state, maximum_update, minimum_update

Lines = tuple[float, float, float, float, float]

_SEEN, _DELAY, _SIZES, _EXTREMES = 0, 1, 2, 5


def ichimoku_state(tenkan: int, kijun: int, senkou: int, delay: int) -> Float64Array:
    """State of `ichimoku_update`, nothing seen."""
    extremes = [extreme_state(period) for period in (tenkan, kijun, senkou)]
    head = np.array([0, delay, *map(len, extremes)], np.float64)
    pairs = [np.concatenate((extreme, extreme)) for extreme in extremes]
    return np.concatenate((head, *pairs, np.full(3 * delay, np.nan)))


@kernel
def _middle(state: Float64Array, size: int, high: float, low: float) -> float:
    return (maximum_update(state[:size], high) + minimum_update(state[size:], low)) / 2.0


@kernel
def ichimoku_update(state: Float64Array, high: float, low: float, close: float) -> Lines:
    """Tenkan, kijun, senkou A, senkou B and chikou with a bar taken in."""
    tenkan_size = int(state[_SIZES])
    kijun_size = int(state[_SIZES + 1])
    senkou_size = int(state[_SIZES + 2])
    kijun_at = _EXTREMES + 2 * tenkan_size
    senkou_at = kijun_at + 2 * kijun_size
    rings_at = senkou_at + 2 * senkou_size
    tenkan = _middle(state[_EXTREMES:kijun_at], tenkan_size, high, low)
    kijun = _middle(state[kijun_at:senkou_at], kijun_size, high, low)
    senkou = _middle(state[senkou_at:rings_at], senkou_size, high, low)
    delay = int(state[_DELAY])
    place = rings_at + int(state[_SEEN]) % delay
    senkou_a = state[place]
    senkou_b = state[place + delay]
    chikou = state[place + 2 * delay]
    state[place] = (tenkan + kijun) / 2.0
    state[place + delay] = senkou
    state[place + 2 * delay] = close
    state[_SEEN] += 1.0
    return tenkan, kijun, senkou_a, senkou_b, chikou


@kernel
def ichimoku_loop(
    state: Float64Array, high: Float64Array, low: Float64Array, close: Float64Array, out: Float64Array
) -> None:
    """`ichimoku_update` of each bar into the five rows of `out`."""
    for t in range(len(high)):
        out[0, t], out[1, t], out[2, t], out[3, t], out[4, t] = ichimoku_update(
            state, high[t], low[t], close[t]
        )
