"""Plain-Python reference of Money Line, written from its rules alone: whole histories, no state kept.

Shares nothing with the kernels.
"""

from __future__ import annotations

from tests.trading.strategies.plain_indicators import (
    average_directional_index,
    ema,
    true_ranges,
    volume_ratio,
    wilder,
)
from trading.bars import Bars
from trading.events import Event
from trading.strategies.money_line import MoneyLineParams


def events(bars: Bars, params: MoneyLineParams) -> list[Event]:
    """Every flip of the line, in order."""
    high, low, close = bars.high.tolist(), bars.low.tolist(), bars.close.tolist()
    ranges = true_ranges(high, low, close)
    atr = wilder(ranges, params.atr_period)
    fast, slow = ema(close, params.ma_fast), ema(close, params.ma_slow)
    adx = average_directional_index(high, low, ranges, 14)
    ratio = volume_ratio(bars.volume.tolist(), 20)

    found = []
    up = False
    upper = lower = previous = None
    for t in range(len(close)):
        width = atr[t]
        if width is None:
            continue
        middle = (high[t] + low[t]) / 2
        basic_upper, basic_lower = middle + params.multiplier * width, middle - params.multiplier * width
        flipped = False
        if upper is None or lower is None or previous is None:
            upper, lower = basic_upper, basic_lower
        else:
            upper = basic_upper if basic_upper < upper or previous > upper else upper
            lower = basic_lower if basic_lower > lower or previous < lower else lower
            flipped = close[t] < lower if up else close[t] > upper
        previous = close[t]
        if not flipped:
            continue
        up = not up
        side = 1 if up else -1
        gap, strength, activity = fast_less_slow(fast[t], slow[t]), adx[t], ratio[t]
        enter = (
            gap is not None
            and strength is not None
            and activity is not None
            and side * gap / close[t] >= params.ma_gap_min
            and strength >= params.adx_min
            and activity >= params.volume_min
        )
        stop = close[t] - side * params.stop_atr * width if params.stop_atr else 0.0
        target = close[t] + side * params.target_atr * width if params.target_atr else 0.0
        found.append(Event(t, side, enter, max(stop, 0.0), max(target, 0.0), 0.0))
    return found


def fast_less_slow(fast: float | None, slow: float | None) -> float | None:
    """Their difference, None until both are ready."""
    return None if fast is None or slow is None else fast - slow
