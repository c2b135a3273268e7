"""Values against earlier values."""

from __future__ import annotations

from collections import deque
from math import log

from utils.engine.indicators.kinds import Indicator, WindowIndicator
from utils.engine.indicators.naming import named
from utils.engine.indicators.sums import RunningSum


class Identity(Indicator):
    """The value itself."""

    def __init__(self, name: str = "") -> None:
        super().__init__(name)
        self.warm_up_period = 1

    def _next(self, data: float) -> float:
        return data


class WindowIdentity(WindowIndicator):
    """The value itself, ready after `period` values."""

    @named("WIN-ID{period}")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name, period)

    def _next(self, data: float) -> float:
        return data


class _Lag(WindowIndicator):
    """Base of those that need the value `period` values back, or the first one until there is that."""

    def __init__(self, name: str, period: int) -> None:
        super().__init__(name, period)
        self.warm_up_period = self.period + 1

    def _start(self) -> None:
        self._values = deque(maxlen=self.period + 1)

    def _ready(self) -> bool:
        return self._samples > self.period


class Delay(_Lag):
    """The value `period` values back."""

    @named("DELAY({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name, period)

    def _next(self, data: float) -> float:
        self._values.append(data)
        return self._values[0]


class Momentum(_Lag):
    """Change over `period` values."""

    @named("MOM({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name, period)

    def _next(self, data: float) -> float:
        self._values.append(data)
        return data - self._values[0]


class RateOfChange(_Lag):
    """Change over `period` values as a part of the old value."""

    @named("ROC({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name, period)

    def _rate(self, data: float) -> float:
        self._values.append(data)
        old = self._values[0]
        return 0.0 if old == 0 else (data - old) / old

    def _next(self, data: float) -> float:
        return self._rate(data)


class RateOfChangePercent(RateOfChange):
    """Rate of change in percent."""

    @named("ROCP({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name, period)

    def _next(self, data: float) -> float:
        return 100.0 * self._rate(data)


class RateOfChangeRatio(RateOfChange):
    """The value as a multiple of the old one."""

    @named("ROCR({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name, period)

    def _next(self, data: float) -> float:
        rate = self._rate(data)
        return rate + 1.0 if rate != 0 else 0.0


class MomentumPercent(RateOfChangePercent):
    """Another name of the rate of change in percent."""

    @named("MOMP({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name, period)


class LogReturn(WindowIndicator):
    """Logarithm of the value over the one `period` values back."""

    @named("LOGR({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name, period)

    def _start(self) -> None:
        self._values = deque(maxlen=self.period + 1)

    def _next(self, data: float) -> float:
        self._values.append(data)
        old = self._values[0]
        ratio = data / old if old != 0 else 0.0
        return log(ratio) if ratio > 0 else 0.0


class KaufmanEfficiencyRatio(WindowIndicator):
    """Change over the period as a part of the way that led there."""

    @named("KER({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name, period + 1)

    def _start(self) -> None:
        super()._start()
        self._way = RunningSum()
        self._trailing = 0.0

    def _next(self, data: float) -> float:
        values = self._values
        step = abs(data - values[-1]) if values else 0.0
        values.append(data)
        self._way.add(step)
        if len(values) < self.period:
            return data
        trailing = values[0]
        if self._samples > self.period:
            self._way.add(-abs(self._trailing - trailing))
        self._trailing = trailing
        change = data - trailing
        way = self._way.value
        return 1.0 if way <= change or way == 0 else abs(change / way)
