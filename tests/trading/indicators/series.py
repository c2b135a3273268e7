"""Bars that the indicators are tested on: real ones, and made ones with what upsets rolling sums."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import arch.data.sp500
import numpy as np
import pandas as pd
from hypothesis import strategies as st

from trading.bars import Bars, Float64Array, always_open_bars
from trading.indicators import INDICATORS, IndicatorSpec

SETTINGS: Final[dict[str, tuple[int | float, ...]]] = {
    "macd": (3, 6, 4),
    "bollinger": (5, 2.0),
    "stochastic": (5, 3, 2),
    "ichimoku": (3, 5, 7, 4),
    "supertrend": (5, 2.5),
    "obv": (),
    "vwap": (),
}
"""Settings of the kinds that take other than one period."""

PERIOD: Final = 7
_FIVE_MINUTES: Final = 300_000_000_000
_ONE_INPUT: Final = tuple(kind for kind, definition in INDICATORS.items() if "source" in definition.inputs)


def spec(kind: str, output: str = "", source: str = "close") -> IndicatorSpec:
    return IndicatorSpec(kind, SETTINGS.get(kind, (PERIOD,)), output, source)


def all_specs() -> list[IndicatorSpec]:
    """Every output of every kind, and one-input kinds over the volume too."""
    specs = [spec(kind, output) for kind, known in INDICATORS.items() for output in known.outputs]
    return specs + [spec(kind, source="volume") for kind in _ONE_INPUT]


def bars_of(close: Float64Array, spread: float | Float64Array = 0.0, volume: float = 1.0) -> Bars:
    """Five-minute bars that open at the close before, `spread` beyond both ends."""
    opens = np.concatenate((close[:1], close[:-1]))
    high, low = np.maximum(opens, close) + spread, np.minimum(opens, close) - spread
    time = np.arange(len(close), dtype=np.int64) * _FIVE_MINUTES
    return always_open_bars(time, opens, high, low, close, np.full(len(close), volume), _FIVE_MINUTES)


def bitcoin(folder: Path, rows: int) -> Bars:
    """The first five-minute bars of the sample file."""
    frame = pd.read_csv(folder / "bars" / "BTC-USD_5m.csv", nrows=rows, parse_dates=["timestamp"])
    return _from_frame(frame, frame["timestamp"], _FIVE_MINUTES)


def sp500(rows: int) -> Bars:
    """The first daily bars of the index."""
    frame = arch.data.sp500.load().head(rows).rename(columns=str.lower)
    return _from_frame(frame, frame.index.to_series(), 288 * _FIVE_MINUTES)


def _from_frame(frame: pd.DataFrame, times: pd.Series, period: int) -> Bars:
    time = times.to_numpy().astype("datetime64[ns]").astype(np.int64)
    opens, high, low, close, volume = (
        frame[name].to_numpy(np.float64) for name in ("open", "high", "low", "close", "volume")
    )
    return always_open_bars(time, opens, high, low, close, volume, period)


@st.composite
def made_bars(draw: st.DrawFn, longest: int = 90) -> Bars:
    """A random walk with stretches that stand still, gaps, spikes of 10^6 and bars without volume.

    Its noise may be a billionth of its level.
    """
    length = draw(st.integers(1, longest))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    level = draw(st.sampled_from((1e-4, 1.0, 137.25, 1e5, 1e9)))
    noise = level * draw(st.sampled_from((0.0, 1e-9, 1e-5, 1e-2)))
    steps = random.normal(size=length) * noise
    steps[random.random(length) < draw(st.sampled_from((0.0, 0.3, 0.9)))] = 0.0
    walk = level + np.cumsum(steps)
    gap = draw(st.integers(0, length))
    walk[gap:] *= draw(st.sampled_from((1.0, 0.5, 3.0)))
    close = np.maximum(walk, level / 16)
    for place in draw(st.lists(st.integers(0, length - 1), max_size=2, unique=True)):
        close[place] *= 1e6
    bars = bars_of(close, np.abs(random.normal(size=length)) * draw(st.sampled_from((0.0, noise))))
    low = np.minimum(np.maximum(bars.low, level / 32), np.minimum(bars.open, bars.close))
    traded = random.random(length) >= draw(st.sampled_from((0.0, 0.5, 1.0)))
    volume = np.floor(random.exponential(1000.0, length)) * traded
    time = bars.time * draw(st.sampled_from((1, 30)))
    return always_open_bars(time, bars.open, bars.high, low, close, volume, bars.period)
