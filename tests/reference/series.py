"""Hypothesis strategies of markets, events and terms, bent towards where simulators go wrong.

Prices move in whole ticks, so that levels are touched exactly; bytes decide every bar, and the byte 0 means
"nothing happens", so that a short failing example shrinks to a flat market with few events.
"""

from __future__ import annotations

from random import Random
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from trading.bars import Bars
from trading.events import EVENT_DTYPE
from trading.simulation.instrument import Account, Capital, Fees, Instrument, SecurityType

_MINUTE = 60_000_000_000
_BYTES_A_BAR = 6
_BYTES_AN_EVENT = 5

# What a byte (modulo the table's length) means, in ticks times the market's scale.
_GAPS = (0, 0, 0, 0, 0, 0, 1, -1, 2, -2, 7, -7)
_BODIES = (0, 1, -1, 0, 2, -2, 3, -3, 5, -5, 1, -1)
_WICKS = (0, 0, 1, 2, 0, 3, 1, 6)
_STOPS = (None, -1.0, -2.0, None, -3.0, -1.5, -5.0, -2.5, 0.0, -60.0, 2.0, -4.0)
_TARGETS = (None, 1.0, 2.0, None, 3.0, 1.5, 5.0, 2.5, 0.0, 60.0, -2.0, 4.0)
_TRAILS = (0.0, 0.0, 0.0, 1.0, 0.0, 2.0, 3.5, 10.0)


class Case(NamedTuple):
    """The arguments of one simulation."""

    bars: Bars
    events: NDArray[np.void]
    instrument: Instrument
    capital: Capital
    start: int


def _sizes(largest: int) -> st.SearchStrategy[int]:
    return st.one_of(st.integers(1, 12), st.integers(13, 60), st.integers(61, largest))


def _noise(size: int) -> st.SearchStrategy[bytes]:
    """Bytes that shrink towards calm when they are few, else seeded ones: all values equally often."""
    seeded = st.integers(0, 2**32).map(lambda seed: Random(seed).randbytes(size))
    return seeded if size > 1500 else st.one_of(st.binary(min_size=size, max_size=size), seeded)


@st.composite
def bars(draw: st.DrawFn, tick: float = 0.01, largest: int = 1500) -> Bars:
    """1 to `largest` bars whose prices are whole multiples of `tick`.

    Gaps, flat bars and wicks; an exchange that shuts never, every bar or at the day's end; quotes or none.
    """
    n = draw(_sizes(largest))
    noise = draw(_noise(n * _BYTES_A_BAR))
    scale = draw(st.sampled_from([1, 1, 4, 25]))
    level = draw(st.sampled_from([1000, 40, 100_000]))
    bars_a_day = draw(st.sampled_from([13, 1, 4, 2, 1000]))
    shut = draw(st.sampled_from(["never", "always", "at the day's end"]))
    quoted = draw(st.booleans())
    drift = draw(st.sampled_from([0, 0, 1, -1]))

    ticks = np.empty((6, n), np.int64)  # open, high, low, close, bid, ask
    day = np.empty(n, np.int32)
    volume = np.empty(n)
    today = 19_000
    for bar in range(n):
        gap, body, up, down, other, quote = noise[bar * _BYTES_A_BAR : (bar + 1) * _BYTES_A_BAR]
        opened = max(1, level + scale * _GAPS[gap % len(_GAPS)])
        level = max(1, opened + scale * _BODIES[body % len(_BODIES)] + drift)
        ticks[0, bar] = opened
        ticks[1, bar] = max(opened, level) + scale * _WICKS[up % len(_WICKS)]
        ticks[2, bar] = max(1, min(opened, level) - scale * _WICKS[down % len(_WICKS)])
        ticks[3, bar] = level
        middle = max(1, level + quote % 5 - 2 if quote else level)  # the last trade may be stale
        ticks[4, bar] = max(1, middle - quote // 8 % 4)
        ticks[5, bar] = middle + quote // 64
        if bar and (bar % bars_a_day == 0 or other == 255):
            today += 1 + other % 3
        day[bar] = today
        volume[bar] = 1.0 + other

    new_day = np.append(day[1:] != day[:-1], True)
    fills_next_open = {"never": np.zeros(n, np.bool_), "always": np.ones(n, np.bool_)}.get(shut, new_day)
    prices = ticks * tick
    return Bars(
        time=np.arange(n, dtype=np.int64) * _MINUTE,
        open=prices[0],
        high=prices[1],
        low=prices[2],
        close=prices[3],
        volume=volume,
        day=day,
        fills_next_open=fills_next_open,
        period=_MINUTE,
        bid_close=prices[4] if quoted else None,
        ask_close=prices[5] if quoted else None,
    )


@st.composite
def events(draw: st.DrawFn, market: Bars, tick: float = 0.01) -> NDArray[np.void]:
    """Events over `market`, dense or sparse, alternating or not, their levels a few ticks off or far."""
    n = len(market)
    noise = draw(_noise(n * _BYTES_AN_EVENT))
    threshold = draw(st.sampled_from([128, 230, 0, 250, 254] if n > 60 else [128, 230, 0]))
    spacing = draw(st.sampled_from([1, 1, 40, 300]))  # rare events let positions grow old
    alternating = draw(st.booleans())
    strict_filter = draw(st.booleans())
    scale = draw(st.sampled_from([1, 4, 25]))
    bracketed = draw(st.sampled_from(["both", "stop", "target", "none"]))
    trailing = draw(st.booleans())

    found: list[tuple[int, int, bool, float, float, float]] = []
    side = 1
    for bar in range(n):
        happens, which, stop_byte, target_byte, trail_byte = noise[
            bar * _BYTES_AN_EVENT : (bar + 1) * _BYTES_AN_EVENT
        ]
        if happens <= threshold or (found and bar < found[-1][0] + spacing):
            continue
        side = -side if alternating else (1 if which % 2 else -1)
        unit = tick * scale
        close = float(market.close[bar])
        stop = _STOPS[stop_byte % len(_STOPS)] if bracketed in ("both", "stop") else None
        target = _TARGETS[target_byte % len(_TARGETS)] if bracketed in ("both", "target") else None
        found.append(
            (
                bar,
                side,
                not (strict_filter and which // 2 % 2),
                _level(close, side, stop, unit),
                _level(close, side, target, unit),
                _TRAILS[trail_byte % len(_TRAILS)] * unit if trailing else 0.0,
            )
        )
    return np.array(found, dtype=EVENT_DTYPE)


def _level(close: float, side: int, distance: float | None, unit: float) -> float:
    """A price `distance` units from the close in the position's favour; below 0 where that is where it is."""
    return 0.0 if distance is None else close + side * distance * unit


FEES = (
    Fees(),
    Fees(rate=0.001),
    Fees(per_unit=0.005, minimum=1.0, maximum_rate=0.005),
    Fees(minimum=5.0),
    Fees(rate=0.01, per_unit=0.01, minimum=0.5, maximum_rate=0.02),
)


@st.composite
def instruments(draw: st.DrawFn, tick: float = 0.01) -> Instrument:
    """Every kind of security; its tick is mostly `tick`, and otherwise makes levels be rounded."""
    return Instrument(
        security_type=draw(st.sampled_from(SecurityType)),
        lot_size=draw(st.sampled_from([1.0, 0.001, 1e-8, 100.0])),
        tick_size=draw(st.sampled_from([tick, tick, 3 * tick, tick / 4])),
        account=draw(st.sampled_from([Account.MARGIN, Account.MARGIN, Account.CASH])),
        leverage=draw(st.sampled_from([1.0, 2.0, 5.0])),
        fees=draw(st.sampled_from(FEES)),
        slippage=draw(st.sampled_from([0.0, 0.001, 0.03])),
    )


@st.composite
def capitals(draw: st.DrawFn, instrument: Instrument) -> Capital:
    """From rich to too poor for one lot, up to all of the instrument's leverage."""
    return Capital(
        initial_equity=draw(st.sampled_from([100_000.0, 1_000.0, 137.31, 3.0, 5e6])),
        allocation=instrument.leverage * draw(st.sampled_from([0.95, 1.0, 0.3])),
    )


@st.composite
def cases(draw: st.DrawFn, *, largest: int = 1500) -> Case:
    """Everything one simulation needs."""
    tick = draw(st.sampled_from([0.01, 0.25, 0.0001, 1.0, 0.05]))
    market = draw(bars(tick, largest))
    instrument = draw(instruments(tick))
    start = draw(st.one_of(st.just(0), st.integers(0, len(market) - 1)))
    return Case(market, draw(events(market, tick)), instrument, draw(capitals(instrument)), start)


def long_spans(seed: int, n: int = 4000) -> Case:
    """A calm market with rare events: positions grow hundreds of bars old before a level is met."""
    random = np.random.default_rng(seed)
    close = 5_000 + np.cumsum(random.integers(-1, 2, n))
    opened = np.append(5_000, close[:-1]) + random.choice([0, 0, 0, 1, -1, 9, -9], n)
    high = np.maximum(opened, close) + random.choice([0, 0, 1, 2], n)
    low = np.minimum(opened, close) - random.choice([0, 0, 1, 2], n)
    tick = 0.01
    day = np.arange(n, dtype=np.int32) // int(random.integers(1, 60))
    always = np.ones(n, np.bool_)
    market = Bars(
        time=np.arange(n, dtype=np.int64) * _MINUTE,
        open=opened * tick,
        high=high * tick,
        low=low * tick,
        close=close * tick,
        volume=np.ones(n),
        day=day,
        fills_next_open=[~always, always, np.append(day[1:] != day[:-1], True)][seed % 3],
        period=_MINUTE,
    )
    bar = np.flatnonzero(random.random(n) < 0.004)
    found = np.zeros(len(bar), EVENT_DTYPE)
    found["bar"] = bar
    found["side"] = random.choice([1, -1], len(bar))
    found["enter"] = random.random(len(bar)) < 0.8
    for name, sign in (("stop", -1), ("target", 1)):
        away = random.integers(5, 60, len(bar))
        levels = (close[bar] + sign * found["side"] * away) * tick
        found[name] = np.where(random.random(len(bar)) < 0.7, levels, 0.0)
    if seed % 2:
        found["trail"] = random.integers(5, 60, len(bar)) * tick
    instrument = Instrument(
        security_type=SecurityType.EQUITY if random.random() < 0.5 else SecurityType.CRYPTO,
        fees=FEES[seed % len(FEES)],
        slippage=0.0001,
    )
    return Case(market, found, instrument, Capital(), int(random.integers(0, 500)))
