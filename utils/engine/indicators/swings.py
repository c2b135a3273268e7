"""Wilder's swing indexes."""

from __future__ import annotations

from typing import Any

from utils.engine.indicators.kinds import TradeBarIndicator


class WilderSwingIndex(TradeBarIndicator):
    """Strength of a swing, by the limit of a day's move."""

    def __init__(self, name: Any = "SI", limit_move: float | None = None) -> None:
        if limit_move is None:
            name, limit_move = "SI", name
        super().__init__(name)
        self.warm_up_period = 2
        self._limit = abs(float(limit_move))

    def _start(self) -> None:
        self._open = self._close = 0.0

    def _ready(self) -> bool:
        return self._samples > 1

    def _next(self, data: Any) -> float:
        open_before, close_before = self._open, self._close
        self._open, self._close = data.open, data.close
        if self._samples < 2:
            return 0.0
        body = close_before - open_before
        swing = (data.close - close_before) + 0.5 * (data.close - data.open) + 0.25 * body
        to_high, to_low = abs(data.high - close_before), abs(data.low - close_before)
        span = abs(data.high - data.low)
        widest = max(to_high, to_low, span)
        if to_high == widest:
            size = to_high - 0.5 * to_low
        elif to_low == widest:
            size = to_low - 0.5 * to_high
        else:
            size = span
        size += 0.25 * abs(body)
        if size == 0 or self._limit == 0:
            return 0.0
        return float(50.0 * (swing / size) * (max(to_high, to_low) / self._limit))


class WilderAccumulativeSwingIndex(TradeBarIndicator):
    """Sum of the swing index."""

    def __init__(self, name: Any = "ASI", limit_move: float | None = None) -> None:
        if limit_move is None:
            name, limit_move = "ASI", name
        super().__init__(name)
        self.warm_up_period = 2
        self._swing = WilderSwingIndex(limit_move)

    def _ready(self) -> bool:
        return self._samples > 1

    def _next(self, data: Any) -> float:
        self._swing._push(self._stamp, data)
        return self._latest + self._swing._latest if self._ready() else 0.0
