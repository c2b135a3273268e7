"""Entry filters that trend strategies share: gap of two averages, ADX, volume."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.indicators.spec import IndicatorSpec

ADX_PERIOD = 14
VOLUME_PERIOD = 20
ADX = IndicatorSpec("adx", (ADX_PERIOD,))
VOLUME_RATIO = IndicatorSpec("volume_ratio", (VOLUME_PERIOD,))


@kernel
def passes(
    side: int,
    close: float,
    fast: float,
    slow: float,
    adx: float,
    volume_ratio: float,
    gap_min: float,
    adx_min: float,
    volume_min: float,
) -> bool:
    """Whether one event may be entered; False while any input is not ready.

    The gap ``side * (fast - slow) / close`` is positive when the averages agree with the side. A `volume_min`
    of 0 asks for no volume at all, so that markets without volume can be traded: their ratio is NaN for ever.
    That it is ready needs no look then: the ADX takes longer.
    """
    gap = side * (fast - slow) / close
    # Without short cuts: a branch on each condition costs more than testing all three.
    return (gap >= gap_min) & (adx >= adx_min) & ((volume_min == 0.0) | (volume_ratio >= volume_min))


@kernel
def passing(
    bar: NDArray[np.int64],
    side: NDArray[np.int64],
    close: Float64Array,
    fast: Float64Array,
    slow: Float64Array,
    adx: Float64Array,
    volume_ratio: Float64Array,
    gap_min: float,
    adx_min: float,
    volume_min: float,
) -> NDArray[np.bool_]:
    """`passes` for each event; the columns from `close` on are whole arrays over the bars."""
    enter = np.empty(len(bar), np.bool_)
    for k in range(len(bar)):
        t = bar[k]
        enter[k] = passes(
            side[k], close[t], fast[t], slow[t], adx[t], volume_ratio[t], gap_min, adx_min, volume_min
        )
    return enter
