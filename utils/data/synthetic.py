"""Made-up bars, the same bytes on every machine: the benchmark's input and part of the sample data.

Nothing here may depend on a machine's mathematics library or on numpy's version: random words come straight
from the PCG64 bit generator, whose stream numpy guarantees (its distributions it does not), and the rest is
integer arithmetic and the IEEE operations + - * / sqrt and rounding, one at a time and in a fixed order.

Returns follow a GARCH(1, 1) process (Bollerslev 1986, doi:10.1016/0304-4076(86)90063-1) with innovations
that are a mixture of two bell curves: volatility clusters and tails are fat, as in real markets.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trading.bars import Bars, Float64Array, always_open_bars

MINUTE = 60_000_000_000
DAY = 1440 * MINUTE

ARCH, GARCH = 0.06, 0.93
"""Weight of the last squared return and of the last variance in the next variance; the rest is the mean's."""

JUMP_ODDS, JUMP_SIZE = 40, 3.0
"""One innovation in so many is so many times as large."""

LIMIT = 12.0
"""Greatest return of a bar, in mean volatilities."""

PULL = 12.0
"""Strength of the drift towards the centre, in the variances of one bar."""


@dataclass(frozen=True)
class Walk:
    """Unit-free path of n bars: returns in units of a bar's mean volatility, and what hangs on them."""

    returns: Float64Array
    above: Float64Array
    """How far the high is over the higher of open and close, in mean volatilities, >= 0."""
    below: Float64Array
    activity: Float64Array
    """Volume relative to its mean at that time of day, > 0; larger where the bar moves more."""


def reference_bars(n: int = 139_678, seed: int = 2025) -> Bars:
    """The benchmark's bars: five-minute, BTC-like, always open, from 2024-01-01 on, prices to the cent.

    The same `n` and `seed` give the same bytes on every machine, and fewer bars are the first of more.
    """
    path = walk(n, seed)
    time = np.datetime64("2024-01-01", "ns").astype(np.int64) + np.arange(n, dtype=np.int64) * 5 * MINUTE
    pattern = 0.6 + 0.8 * _bump(time, peak=15 * 60, width=9 * 60)
    open_, high, low, close = prices(path, 42_000.0, 0.0015, centre=50_000.0)
    volume = np.maximum(np.rint(path.activity * pattern * 20e4), 1.0) / 1e4
    return always_open_bars(time, open_, high, low, close, volume, 5 * MINUTE, "BTCUSD")


def walk(n: int, seed: int) -> Walk:
    """n steps of the process; the first m steps of a longer walk are the walk of m steps."""
    words = np.random.PCG64(seed).random_raw(6 * n).reshape(n, 6)
    bell = _bell(words[:, :3])
    jump = np.where(words[:, 3] % np.uint64(JUMP_ODDS) == 0, JUMP_SIZE, 1.0)
    shock = bell * jump / math.sqrt(1 + (JUMP_SIZE**2 - 1) / JUMP_ODDS)
    returns, deviation = _cluster(shock)
    uniform = _sixteen_bits(words[:, 4:]) / 65536
    above = deviation * 0.9 * uniform[:, 0] * uniform[:, 1]
    below = deviation * 0.9 * uniform[:, 2] * uniform[:, 3]
    noise = 4 * uniform[:, 4] * uniform[:, 5]
    activity = (0.1 + noise) * (0.5 + 0.5 * np.abs(returns))
    return Walk(returns, above, below, activity)


def prices(
    path: Walk, start: float, volatility: float, *, centre: float, tick: float = 0.01
) -> tuple[Float64Array, Float64Array, Float64Array, Float64Array]:
    """Open, high, low and close on a tick grid; a bar opens where the last one closed.

    Args:
        start: first open.
        volatility: standard deviation of a bar's return, a fraction of the price.
        centre: price that a weak drift pulls towards, so that long paths stay in a plausible range.
    """
    close = np.empty(len(path.returns))
    price, ticks = start, round(1 / tick)
    for bar, step in enumerate(path.returns.tolist()):
        drift = PULL * volatility * volatility * (centre - price) / centre
        price = round(price * (1 + (drift + step * volatility)) * ticks) / ticks
        close[bar] = price
    open_ = np.concatenate(([start], close[:-1]))
    high = np.rint(np.maximum(open_, close) * (1 + path.above * volatility) * ticks) / ticks
    low = np.rint(np.minimum(open_, close) * (1 - path.below * volatility) * ticks) / ticks
    return open_, high, low, close


def _bell(words: NDArray[np.uint64]) -> Float64Array:
    """Sum of twelve 16-bit numbers a row, standardized: mean 0, variance 1, bounded by 6 (Irwin-Hall)."""
    centred: NDArray[np.int64] = _sixteen_bits(words).sum(axis=1) - 6 * 65535
    return centred / 65536


def _sixteen_bits(words: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Four 16-bit numbers of each word, least significant first."""
    return words.astype("<u8", order="C").view("<u2").astype(np.int64)


def _cluster(shock: Float64Array) -> tuple[Float64Array, Float64Array]:
    """Returns of unit variance in the long run, and each bar's standard deviation."""
    returns, deviations = np.empty(len(shock)), np.empty(len(shock))
    variance = 1.0
    for bar, innovation in enumerate(shock.tolist()):
        deviation = math.sqrt(variance)
        step = min(max(deviation * innovation, -LIMIT), LIMIT)
        returns[bar], deviations[bar] = step, deviation
        variance = (1 - ARCH - GARCH) + ARCH * (step * step) + GARCH * variance
    return returns, deviations


def _bump(time: NDArray[np.int64], *, peak: int, width: int) -> Float64Array:
    """A parabola over the minutes of the UTC day, 1 at `peak` and 0 from `width` minutes away on."""
    minute = (time % DAY) / MINUTE
    away = np.minimum(np.abs(minute - peak), 1440 - np.abs(minute - peak)) / width
    height: Float64Array = np.maximum(1 - away * away, 0.0)
    return height
