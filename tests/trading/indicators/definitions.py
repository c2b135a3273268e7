"""The indicators by their definitions: whole windows in exact or 50-digit arithmetic, None until ready.

Differences of two prices are taken in floats: they are what an indicator sees, rounded once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from functools import wraps
from itertools import pairwise
from typing import ParamSpec, TypeVar

Series = list[float | None]
Rows = dict[str, Series]

P = ParamSpec("P")
R = TypeVar("R")


def fifty_digits(function: Callable[P, R]) -> Callable[P, R]:
    @wraps(function)
    def exact(*args: P.args, **kwargs: P.kwargs) -> R:
        with localcontext(Context(prec=50)):
            return function(*args, **kwargs)

    return exact


def windows(values: Sequence[float], period: int, of: Callable[[Sequence[float]], float | None]) -> Series:
    """`of` each window of `period` values."""
    return [None if t < period - 1 else of(values[t - period + 1 : t + 1]) for t in range(len(values))]


def mean(window: Sequence[float]) -> float:
    return math.fsum(window) / len(window)


def weighted_mean(window: Sequence[float]) -> float:
    total = sum(Fraction(value) * weight for weight, value in enumerate(window, 1))
    return float(total / (len(window) * (len(window) + 1) // 2))


def variance(window: Sequence[float]) -> Fraction:
    exact = [Fraction(value) for value in window]
    centre = sum(exact, Fraction(0)) / len(exact)
    return sum(((value - centre) ** 2 for value in exact), Fraction(0)) / len(exact)


@fifty_digits
def root(square: Fraction) -> float:
    return float((Decimal(square.numerator) / Decimal(square.denominator)).sqrt())


def deviation(window: Sequence[float]) -> float:
    return root(variance(window))


@fifty_digits
def smoothed(values: Sequence[float], period: int, factor: tuple[int, int]) -> Series:
    """Exponential average with weight factor[0] / factor[1] for a new value, seeded with a simple average."""
    weight = Decimal(factor[0]) / Decimal(factor[1])
    result: Series = [None] * min(period - 1, len(values))
    if len(values) >= period:
        average = sum(map(Decimal, values[:period]), Decimal(0)) / period
        result.append(float(average))
        for value in values[period:]:
            average = Decimal(value) * weight + average * (1 - weight)
            result.append(float(average))
    return result


def ema(values: Sequence[float], period: int) -> Series:
    return smoothed(values, period, (2, period + 1))


def wilder(values: Sequence[float], period: int) -> Series:
    return smoothed(values, period, (1, period))


def strength(values: Sequence[float], average: Callable[[Sequence[float]], Series]) -> Series:
    """Relative strength index on an average of gains and of losses; 100 without a loss at ten decimals."""
    changes = [after - before for before, after in pairwise(values)]
    gains = average([max(change, 0.0) for change in changes])
    losses = average([max(-change, 0.0) for change in changes])
    result: Series = [None] * min(1, len(values))
    for gain, loss in zip(gains, losses, strict=True):
        if gain is None or loss is None:
            result.append(None)
        else:
            result.append(100.0 if round(loss, 10) == 0 else 100.0 * gain / (gain + loss))
    return result


def macd(values: Sequence[float], fast: int, slow: int, signal: int) -> Rows:
    pairs = zip(ema(values, fast), ema(values, slow), strict=True)
    line = [None if a is None or b is None else a - b for a, b in pairs]
    ready = [value for value in line if value is not None]
    signals = [None] * (len(line) - len(ready)) + ema(ready, signal)
    gaps = [None if a is None or b is None else a - b for a, b in zip(line, signals, strict=True)]
    return {"line": line, "signal": signals, "histogram": gaps}


def bollinger(values: Sequence[float], period: int, width: float) -> Rows:
    def at(place: Callable[[float, float, float], float | None]) -> Series:
        return windows(values, period, lambda w: place(mean(w), width * deviation(w), w[-1]))

    return {
        "middle": at(lambda middle, _half, _last: middle),
        "upper": at(lambda middle, half, _last: middle + half),
        "lower": at(lambda middle, half, _last: middle - half),
        "width": at(lambda middle, half, _last: 200.0 * half / middle),
        "percent": windows(values, period, lambda w: percent_b(w, width)),
    }


def percent_b(window: Sequence[float], width: float) -> float | None:
    half = Fraction(width) * Fraction(deviation(window))
    middle = sum(map(Fraction, window), Fraction(0)) / len(window)
    if half == 0:
        return None
    return float((Fraction(window[-1]) - middle + half) / (2 * half))


def commodity_channel(window: Sequence[float]) -> float:
    exact = [Fraction(value) for value in window]
    centre = sum(exact, Fraction(0)) / len(exact)
    spread = sum((abs(value - centre) for value in exact), Fraction(0)) / len(exact)
    return float((exact[-1] - centre) / (Fraction(15, 1000) * spread)) if spread else 0.0


def polynomial_fit(window: Sequence[float], degree: int) -> dict[str, float | None]:
    """Least squares by the normal equations in fractions; positions count from the newest, at 0."""
    ys = [Fraction(value) for value in window]
    xs = [Fraction(k - len(ys) + 1) for k in range(len(ys))]
    rows = [
        [sum((x ** (i + j) for x in xs), Fraction(0)) for j in range(degree + 1)]
        + [sum((y * x**i for x, y in zip(xs, ys, strict=True)), Fraction(0))]
        for i in range(degree + 1)
    ]
    for i in range(degree + 1):
        rows[i] = [cell / rows[i][i] for cell in rows[i]]
        for j in range(degree + 1):
            if j != i:
                rows[j] = [a - rows[j][i] * b for a, b in zip(rows[j], rows[i], strict=True)]
    fit = [row[-1] for row in rows]
    errors = [
        y - sum((c * x**i for i, c in enumerate(fit)), Fraction(0)) for x, y in zip(xs, ys, strict=True)
    ]
    total = variance(window) * len(window)
    return {
        "fit": float(fit[0]),
        "slope": float(fit[1]),
        "curvature": float(fit[2]) if degree == 2 else None,
        "r2": float(1 - sum(error * error for error in errors) / total) if total else None,
        "residual": float(errors[-1]),
    }


def true_ranges(high: Sequence[float], low: Sequence[float], close: Sequence[float]) -> list[float]:
    first = [high[0] - low[0]] if high else []
    later = zip(high[1:], low[1:], close, strict=False)
    return first + [max(h - l, abs(h - before), abs(l - before)) for h, l, before in later]


@fifty_digits
def directional(high: Sequence[float], low: Sequence[float], close: Sequence[float], period: int) -> Rows:
    """Wilder's sums begun plainly over `period` moves; a bar without movement gives 50, not averaged."""
    ranges = true_ranges(high, low, close)
    moves = [(0.0, 0.0)]
    for t in range(1, len(high)):
        up, down = high[t] - high[t - 1], low[t - 1] - low[t]
        moves.append((up if up > 0 and up >= down else 0.0, down if down > 0 and down > up else 0.0))
    n = len(high)
    rows: Rows = {"adx": [None] * n, "plus_di": [None] * n, "minus_di": [None] * n}
    sums = [Decimal(0)] * 3
    indices: list[float] = []
    for t in range(1, n):
        new = (Decimal(ranges[t]), Decimal(moves[t][0]), Decimal(moves[t][1]))
        kept = 1 - Decimal(1) / period if t > period else Decimal(1)
        sums = [old * kept + value for old, value in zip(sums, new, strict=True)]
        if t < period:
            continue
        plus, minus = (100 * part / sums[0] if sums[0] else Decimal(0) for part in sums[1:])
        rows["plus_di"][t], rows["minus_di"][t] = float(plus), float(minus)
        if plus + minus:
            indices.append(float(100 * abs(plus - minus) / (plus + minus)))
            rows["adx"][t] = wilder(indices, period)[-1]
        elif len(indices) >= period:
            rows["adx"][t] = 50.0
    return rows


def stochastic(
    high: Sequence[float], low: Sequence[float], close: Sequence[float], settings: tuple[int, int, int]
) -> Rows:
    period, smooth_k, smooth_d = settings
    fast: Series = []
    for t in range(len(close)):
        top, bottom = max(high[max(t - period + 1, 0) : t + 1]), min(low[max(t - period + 1, 0) : t + 1])
        reach = 100.0 * (close[t] - bottom) / (top - bottom) if top > bottom else 0.0
        fast.append(reach if t >= period - 1 else None)
    rows: Rows = {"fast": fast}
    for name, before, length in (("k", "fast", smooth_k), ("d", "k", smooth_d)):
        ready = [value for value in rows[before] if value is not None]
        missing: Series = [None] * (len(close) - len(ready))
        rows[name] = missing + windows(ready, length, mean)
    return rows


def ichimoku(
    high: Sequence[float], low: Sequence[float], close: Sequence[float], settings: tuple[int, int, int, int]
) -> Rows:
    def middles(period: int) -> Series:
        pairs = zip(windows(high, period, max), windows(low, period, min), strict=True)
        return [None if top is None or bottom is None else (top + bottom) / 2 for top, bottom in pairs]

    def delayed(values: Series) -> Series:
        return [values[t - settings[3]] if t >= settings[3] else None for t in range(len(close))]

    tenkan, kijun, senkou = (middles(period) for period in settings[:3])
    between = [None if a is None or b is None else (a + b) / 2 for a, b in zip(tenkan, kijun, strict=True)]
    return {
        "tenkan": tenkan,
        "kijun": kijun,
        "senkou_a": delayed(between),
        "senkou_b": delayed(senkou),
        "chikou": delayed(list(close)),
    }


def on_balance(close: Sequence[float], volume: Sequence[float]) -> Series:
    signed = list(volume[:1])
    for before, after, traded in zip(close, close[1:], volume[1:], strict=False):
        signed.append(traded * ((after > before) - (after < before)))
    return [math.fsum(signed[: t + 1]) for t in range(len(signed))]


def session_vwap(
    typical: Sequence[float], close: Sequence[float], volume: Sequence[float], day: Sequence[int]
) -> Series:
    result: Series = []
    for t in range(len(close)):
        rows = [k for k in range(t + 1) if day[k] == day[t]]
        traded = math.fsum(volume[k] for k in rows)
        value = sum((Fraction(typical[k]) * Fraction(volume[k]) for k in rows), Fraction(0))
        result.append(float(value / Fraction(traded)) if traded else close[t])
    return result


def volume_ratio(window: Sequence[float]) -> float:
    return window[-1] / mean(window) if any(window) else 0.0


def supertrend(
    high: Sequence[float], low: Sequence[float], close: Sequence[float], period: int, multiplier: float
) -> Rows:
    """Bands that only draw nearer until a close beyond them; the line changes sides at such a close."""
    rows: Rows = {"line": [], "direction": []}
    bands: tuple[float, float] | None = None
    rising = False
    for t, atr in enumerate(wilder(true_ranges(high, low, close), period)):
        if atr is None:
            rows["line"].append(None)
            rows["direction"].append(None)
            continue
        lower, upper = ((high[t] + low[t]) / 2 + side * multiplier * atr for side in (-1, 1))
        if bands is not None:
            lower = lower if close[t - 1] < bands[0] else max(lower, bands[0])
            upper = upper if close[t - 1] > bands[1] else min(upper, bands[1])
        bands = lower, upper
        rising = close[t] >= lower if rising else close[t] > upper
        rows["line"].append(lower if rising else upper)
        rows["direction"].append(1.0 if rising else -1.0)
    return rows
