"""Volume over its simple average of the last `period` bars, this one included; 1 = as usual.

NaN until `period` bars are seen, 0 where none of them had any volume. State: the average's.
"""

from __future__ import annotations

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.indicators.sma import sma_state, sma_update


def volume_ratio_state(period: int) -> Float64Array:
    """State of `volume_ratio_update`, nothing seen."""
    return sma_state(period)


@kernel
def volume_ratio_update(state: Float64Array, volume: float) -> float:
    """The ratio with `volume` taken in, NaN until ready."""
    average = sma_update(state, volume)
    return volume / average if average != 0.0 else 0.0


@kernel
def volume_ratio_loop(state: Float64Array, volume: Float64Array, out: Float64Array) -> None:
    """`volume_ratio_update` of each bar into out[0]."""
    for t in range(len(volume)):
        out[0, t] = volume_ratio_update(state, volume[t])
