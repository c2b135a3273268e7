"""Bars to feed indicators with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from utils.engine.data.trade_bar import TradeBar
from utils.engine.enums import SecurityType
from utils.engine.identity.symbol import Symbol

START = datetime(2020, 1, 2, 9, 30)
SPY = Symbol.create("SPY", SecurityType.EQUITY, "usa")

Columns = dict[str, npt.NDArray[Any]]


def columns(count: int, seed: int = 1) -> Columns:
    """A random walk in cents, by the minute."""
    random = np.random.default_rng(seed)
    close = 100 + np.cumsum(random.normal(size=count)).round(2)
    start = close + (random.normal(size=count) * 0.3).round(2)
    high = np.maximum(start, close) + abs(random.normal(size=count)).round(2)
    low = np.minimum(start, close) - abs(random.normal(size=count)).round(2)
    volume = random.integers(1, 1000, count).astype(float)
    first = (START - datetime(1970, 1, 1)) // timedelta(microseconds=1) * 1000
    end_time = first + (np.arange(count, dtype=np.int64) + 1) * 60_000_000_000
    return {"open": start, "high": high, "low": low, "close": close, "volume": volume, "end_time": end_time}


def bars(data: Columns) -> list[TradeBar]:
    """The columns as bars."""
    rows = zip(*(data[name].tolist() for name in ("open", "high", "low", "close", "volume")), strict=True)
    return [TradeBar(START + timedelta(minutes=i), SPY, *row) for i, row in enumerate(rows)]


def fed(indicator: Any, data: Columns, value: Callable[[Any], Any] | None = None) -> npt.NDArray[Any]:
    """What an indicator says after each bar; NaN while it is not ready."""
    out = []
    for bar in bars(data):
        indicator.update(bar)
        number = indicator.current.value if value is None else value(indicator).current.value
        out.append(number if indicator.is_ready else np.nan)
    return np.array(out)
