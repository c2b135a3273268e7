"""Bars and parameters that the strategies' tests share."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from trading.bars import Bars, always_open_bars

FIVE_MINUTES = 300_000_000_000


def random_walk(seed: int, count: int) -> Bars:
    """`count` five-minute bars of a random walk with gaps, changing volatility and volume."""
    rng = np.random.default_rng(seed)
    volatility = 0.002 * np.exp(np.cumsum(rng.normal(0.0, 0.05, count)))
    close = 100.0 * np.exp(np.cumsum(np.clip(rng.normal(0.0, volatility), -0.2, 0.2)))
    opened = np.concatenate(([100.0], close[:-1])) * (1.0 + rng.normal(0.0, 0.0002, count))
    reach = np.abs(rng.normal(0.0, volatility, (2, count)))
    high = np.maximum(opened, close) * (1.0 + reach[0])
    low = np.minimum(opened, close) / (1.0 + reach[1])
    volume = rng.lognormal(2.0, 0.5, count)
    return always_open_bars(np.arange(count) * FIVE_MINUTES, opened, high, low, close, volume, FIVE_MINUTES)


def bitcoin(sample_data: Path) -> Bars:
    """59,206 real five-minute candles of BTC-USD."""
    import pandas as pd

    frame = pd.read_csv(sample_data / "bars" / "BTC-USD_5m.csv", parse_dates=["timestamp"])
    opened, high, low, close, volume = (
        frame[name].to_numpy(np.float64) for name in ("open", "high", "low", "close", "volume")
    )
    time = frame["timestamp"].to_numpy("datetime64[ns]").astype(np.int64)
    return always_open_bars(time, opened, high, low, close, volume, FIVE_MINUTES, "BTCUSD")
