"""Smoothed candles."""

from __future__ import annotations

from typing import Any

from utils.engine.indicators.base import IndicatorBase
from utils.engine.indicators.kinds import BarIndicator, Output


class HeikinAshi(BarIndicator):
    """Smoothed candles.

    Attributes:
        open, high, low, close, volume: of the smoothed candle.
    """

    open: IndicatorBase
    high: IndicatorBase
    low: IndicatorBase
    close: IndicatorBase
    volume: IndicatorBase

    def __init__(self, name: str = "HA") -> None:
        super().__init__(name)
        self.warm_up_period = 2
        self.open, self.high, self.low, self.close, self.volume = (
            Output(f"{name}_{field}") for field in ("Open", "High", "Low", "Close", "Volume")
        )

    def _ready(self) -> bool:
        return self._samples > 1

    def _next(self, data: Any) -> float:
        stamp = self._stamp
        close = (data.open + data.high + data.low + data.close) / 4.0
        if self._ready():
            start = (self.open._latest + self.close._latest) / 2.0
            high, low = max(data.high, start, close), min(data.low, start, close)
        else:
            start = (data.open + data.close) / 2.0
            high, low = data.high, data.low
        self.open._push(stamp, start)
        self.high._push(stamp, high)
        self.low._push(stamp, low)
        self.close._push(stamp, close)
        # Quotes have no volume.
        self.volume._push(stamp, getattr(data, "volume", 0.0))
        return float(close)
