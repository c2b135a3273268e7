"""Wilder's average."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any

from utils.engine.indicators.kinds import Indicator
from utils.engine.indicators.naming import named
from utils.engine.indicators.sums import SimpleMovingAverage


class WilderMovingAverage(Indicator):
    """Exponential average with the weight 1 / period; a simple one until it is ready."""

    @named("WWMA{period}")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name)
        self.warm_up_period = self._period = int(period)
        self._weight = 1.0 / period
        self._first = SimpleMovingAverage(name + "_SMA", period)

    def _ready(self) -> bool:
        return self._samples >= self._period

    def _next(self, data: float) -> float:
        if self._samples >= self._period:
            weight = self._weight
            return data * weight + self._results[0][1] * (1.0 - weight)
        self._first._push(self._stamp, data)
        return self._first._latest

    def _ahead(self, values: list[float]) -> list[float]:
        weight = self._weight
        kept = 1.0 - weight
        seeding = max(self._period - 1 - self._samples, 0)
        last = self._latest
        total = copy(self._first._sum)
        outputs = []
        for count, value in enumerate(values[:seeding], self._samples + 1):
            last = total.add(value) / count
            outputs.append(last)
        for value in values[seeding:]:
            last = value * weight + last * kept
            outputs.append(last)
        return outputs

    def _follow(self, values: Sequence[float], times: Sequence[Any], first: int) -> None:
        seeding = max(self._period - 1 - self._samples, 0)
        for value, time in zip(values[:seeding], times[:seeding], strict=True):
            self._first._push(time, value)
