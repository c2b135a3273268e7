"""Plain-Python reference of Money Line, written from its rules alone: whole histories, no state kept.

Shares nothing with the kernels. Averages are the textbook recursions over floats: an EMA and Wilder's
averages are seeded with the mean of their first values.
"""

from __future__ import annotations

from trading.bars import Bars
from trading.events import Event
from trading.strategies.money_line import MoneyLineParams

Series = list[float | None]


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
        inputs = fast[t], slow[t], adx[t], ratio[t]
        enter = all(value is not None for value in inputs) and (
            side * (inputs[0] - inputs[1]) / close[t] >= params.ma_gap_min
            and inputs[2] >= params.adx_min
            and inputs[3] >= params.volume_min
        )
        stop = close[t] - side * params.stop_atr * width if params.stop_atr else 0.0
        target = close[t] + side * params.target_atr * width if params.target_atr else 0.0
        found.append(Event(t, side, enter, max(stop, 0.0), max(target, 0.0), 0.0))
    return found


def true_ranges(high: list[float], low: list[float], close: list[float]) -> list[float]:
    """The greatest of high - low and both distances to the close before; high - low on the first bar."""
    ranges = [high[0] - low[0]]
    for t in range(1, len(high)):
        before = close[t - 1]
        ranges.append(max(high[t] - low[t], abs(high[t] - before), abs(low[t] - before)))
    return ranges


def wilder(values: list[float], period: int) -> Series:
    """Wilder's average."""
    result: Series = [None] * min(period - 1, len(values))
    for t in range(period - 1, len(values)):
        before = result[-1] if t >= period else None
        if before is None:
            result.append(sum(values[:period]) / period)
        else:
            result.append(before + (values[t] - before) / period)
    return result


def ema(values: list[float], period: int) -> Series:
    """Exponential moving average with smoothing factor 2 / (period + 1)."""
    factor = 2 / (period + 1)
    result: Series = [None] * min(period - 1, len(values))
    for t in range(period - 1, len(values)):
        before = result[-1] if t >= period else None
        if before is None:
            result.append(sum(values[:period]) / period)
        else:
            result.append(factor * values[t] + (1 - factor) * before)
    return result


def average_directional_index(
    high: list[float], low: list[float], ranges: list[float], period: int
) -> Series:
    """Wilder's ADX: sums of `period` moves, then their running form, DX from them, and its average."""
    if len(high) <= period:
        return [None] * len(high)
    plus, minus = [0.0], [0.0]
    for t in range(1, len(high)):
        up, down = high[t] - high[t - 1], low[t - 1] - low[t]
        plus.append(up if up > 0 and up >= down else 0.0)
        minus.append(down if down > 0 and down > up else 0.0)

    def running(values: list[float]) -> list[float]:
        sums = [sum(values[1 : period + 1])]
        for value in values[period + 1 :]:
            sums.append(sums[-1] - sums[-1] / period + value)
        return sums

    index = []
    for rises, falls, span in zip(running(plus), running(minus), running(ranges), strict=True):
        rise, fall = (100 * rises / span, 100 * falls / span) if span else (0.0, 0.0)
        index.append(100 * abs(rise - fall) / (rise + fall) if rise + fall else 0.0)
    return [None] * period + wilder(index, period)


def volume_ratio(volume: list[float], period: int) -> Series:
    """Volume over its mean of `period` bars, its own included."""
    result: Series = []
    for t in range(len(volume)):
        window = volume[max(t - period + 1, 0) : t + 1]
        mean = sum(window) / len(window)
        result.append(None if len(window) < period else volume[t] / mean)
    return result
