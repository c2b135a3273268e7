"""Plain-Python indicators over whole lists, None until ready: what the strategies' references stand on.

Textbook recursions over floats; an EMA and Wilder's averages are seeded with the mean of their first values.
"""

from __future__ import annotations

Series = list[float | None]


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


def sma(values: list[float], period: int) -> Series:
    """Mean of the last `period` values."""
    return [
        None if t + 1 < period else sum(values[t + 1 - period : t + 1]) / period for t in range(len(values))
    ]


def wma(values: list[float], period: int) -> Series:
    """Mean of the last `period` values with weights 1 for the oldest to `period` for the newest."""
    weights = range(1, period + 1)
    return [
        None
        if t + 1 < period
        else sum(map(float.__mul__, map(float, weights), values[t + 1 - period : t + 1])) / sum(weights)
        for t in range(len(values))
    ]
