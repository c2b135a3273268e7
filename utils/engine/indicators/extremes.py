"""The highest and lowest of the last values."""

from __future__ import annotations

from utils.engine.indicators.kinds import Indicator, WindowIndicator
from utils.engine.indicators.naming import named


class Maximum(WindowIndicator):
    """The highest of the last `period` values."""

    @named("MAX({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name, period)

    def _start(self) -> None:
        super()._start()
        self._since = 0

    @property
    def periods_since_maximum(self) -> int:
        """Values since the highest one."""
        self.results()
        return self._since

    def _next(self, data: float) -> float:
        values = self._values
        values.append(data)
        highest = self._latest
        if self._samples == 1 or data >= highest:
            self._since = 0
            return data
        if self._since >= self.period - 1:
            highest = max(values)
            self._since = next(i for i, value in enumerate(reversed(values)) if value == highest)
            return highest
        self._since += 1
        return highest


class Minimum(WindowIndicator):
    """The lowest of the last `period` values."""

    @named("MIN({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name, period)

    def _start(self) -> None:
        super()._start()
        self._since = 0

    @property
    def periods_since_minimum(self) -> int:
        """Values since the lowest one."""
        self.results()
        return self._since

    def _next(self, data: float) -> float:
        values = self._values
        values.append(data)
        lowest = self._latest
        if self._samples == 1 or data <= lowest:
            self._since = 0
            return data
        if self._since >= self.period - 1:
            lowest = min(values)
            self._since = next(i for i, value in enumerate(reversed(values)) if value == lowest)
            return lowest
        self._since += 1
        return lowest


class MidPoint(Indicator):
    """Middle between the highest and the lowest of the last `period` values."""

    @named("MIDPOINT({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name)
        self.warm_up_period = period
        self._maximum = Maximum(period)
        self._minimum = Minimum(period)

    def _ready(self) -> bool:
        return self._samples >= self.warm_up_period

    def _next(self, data: float) -> float:
        self._maximum._push(self._stamp, data)
        self._minimum._push(self._stamp, data)
        return (self._maximum._latest + self._minimum._latest) / 2
