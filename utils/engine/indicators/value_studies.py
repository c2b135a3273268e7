"""Further indicators of values."""

from __future__ import annotations

from collections import deque
from math import log
from typing import Any

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.indicators.kinds import Indicator, WindowIndicator
from utils.engine.indicators.naming import named, setting_text
from utils.engine.indicators.oscillators import ChandeMomentumOscillator
from utils.engine.indicators.relative_strength import RelativeStrengthIndex
from utils.engine.indicators.rolling_window import RollingWindow
from utils.engine.indicators.sums import SimpleMovingAverage, StandardDeviation


class AugenPriceSpike(Indicator):
    """Change in standard deviations of the changes before.

    Raises:
        ArgumentException: a period below 3.
    """

    @named("APS({period})")
    def __init__(self, name: str, period: int = 3) -> None:
        if period < 3:
            raise ArgumentException(
                "AugenPriceSpike Indicator must have a period of at least 3 (Parameter 'period')"
            )
        super().__init__(name)
        self.warm_up_period = period + 2
        self._deviation = StandardDeviation(period)

    def _start(self) -> None:
        self._prices: deque[float] = deque(maxlen=3)

    def _ready(self) -> bool:
        return len(self._prices) == 3 and self._deviation._ready()

    def _next(self, data: float) -> float:
        self._prices.append(data)
        if len(self._prices) < 3:
            return 0.0
        older, old, _ = self._prices
        self._deviation._push(self._stamp, log(old / older) if old != 0 and older != 0 else 0.0)
        usual = self._deviation._latest * old
        return (data - old) / usual if self._deviation._ready() and usual != 0 else 0.0


class ConnorsRelativeStrengthIndex(Indicator):
    """Mean of the strength of prices, of streaks, and the rank of the last change."""

    @named("CRSI({rsi_period},{rsi_period_streak},{look_back_period})")
    def __init__(self, name: str, rsi_period: int, rsi_period_streak: int, look_back_period: int) -> None:
        self._changes: RollingWindow[float] = RollingWindow(look_back_period)
        super().__init__(name)
        self._rsi = RelativeStrengthIndex(rsi_period)
        self._streak_rsi = RelativeStrengthIndex(rsi_period_streak)
        self.warm_up_period = max(look_back_period, self._rsi.warm_up_period, self._streak_rsi.warm_up_period)

    def _start(self) -> None:
        self._changes.reset()
        self._streak = 0
        self._before: float | None = None

    def _ready(self) -> bool:
        return self._rsi._ready() and self._streak_rsi._ready() and self._changes.is_ready

    def _next(self, data: float) -> float:
        self._rsi._push(self._stamp, data)
        before, self._before = self._before, data
        if before is not None:
            self._count(data - before)
        self._streak_rsi._push(self._stamp, float(self._streak))
        if not before:
            self._changes.add(0.0)
            return 0.0
        change = (data - before) / before
        rank = 0.0
        if self._changes.is_ready:
            rank = 100.0 * sum(one < change for one in self._changes) / self._changes.count
        self._changes.add(change)
        return (self._rsi._latest + self._streak_rsi._latest + rank) / 3.0 if self._ready() else 0.0

    def _count(self, change: float) -> None:
        if self._streak * change < 0:
            self._streak = 0
        self._streak += (change > 0) - (change < 0)


def _momersion_name(*periods: Any) -> str:
    minimum, full = periods if len(periods) > 1 and periods[1] is not None else (None, periods[0])
    return f"Momersion({setting_text(minimum)},{setting_text(full)})"


class Momersion(WindowIndicator):
    """Part of the changes that went on in their direction, in percent.

    Made of (full_period) or (min_period, full_period), with or without a name.

    Raises:
        ArgumentException: a minimum below 4.
    """

    @named(_momersion_name)
    def __init__(self, name: str, min_period: int | None = None, full_period: int | None = None) -> None:
        if full_period is None:
            min_period, full_period = None, min_period
        if min_period is not None and min_period < 4:
            raise ArgumentException("The minimum period should be 4. (Parameter 'minPeriod')")
        assert full_period is not None
        self._products: RollingWindow[float] = RollingWindow(full_period)
        self._minimum = min_period
        super().__init__(name, full_period)
        self.warm_up_period = full_period + 3 if min_period is None else min_period + 2

    def _start(self) -> None:
        self._values = deque(maxlen=min(self.period, 3))
        self._products.reset()

    def _ready(self) -> bool:
        if self._minimum is not None:
            return self._products.count >= self._minimum
        return self._products.samples > self._products.size

    def _next(self, data: float) -> float:
        self._values.append(data)
        if len(self._values) == 3:
            oldest, middle, newest = self._values
            self._products.add((newest - middle) * (middle - oldest))
        products = list(self._products)
        if self._ready() and products.count(0.0) < 0.5 * len(products):
            on = sum(product > 0 for product in products)
            back = sum(product < 0 for product in products)
            return 100.0 * on / (on + back)
        return 50.0


class MomersionIndicator(Momersion):
    """Another name of `Momersion`."""

    @named(_momersion_name)
    def __init__(self, name: str, min_period: int | None = None, full_period: int | None = None) -> None:
        super().__init__(name, min_period, full_period)


class VariableIndexDynamicAverage(WindowIndicator):
    """Exponential average that is quicker the stronger the momentum is."""

    @named("VIDYA({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name, period)
        self.warm_up_period = period + 1
        self._momentum = ChandeMomentumOscillator(period)
        self._weight = 2.0 / (period + 1)

    def _start(self) -> None:
        self._average = 0.0

    def _ready(self) -> bool:
        return self._samples > self.period

    def _next(self, data: float) -> float:
        self._momentum._push(self._stamp, data)
        if not self._ready():
            self._average = data
            return 0.0
        weight = self._weight * abs(self._momentum._latest / 100.0)
        self._average = data * weight + self._average * (1.0 - weight)
        return self._average


class RelativeMovingAverage(Indicator):
    """Long average less medium plus short average, of three, two and one times the period.

    Attributes:
        short_average, medium_average, long_average: the three.
    """

    short_average: SimpleMovingAverage
    medium_average: SimpleMovingAverage
    long_average: SimpleMovingAverage

    @named("RMA({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name)
        self.warm_up_period = period * 3
        self.short_average = SimpleMovingAverage(name + "_Short", period)
        self.medium_average = SimpleMovingAverage(name + "_Medium", period * 2)
        self.long_average = SimpleMovingAverage(name + "_Long", period * 3)

    def _ready(self) -> bool:
        return self.long_average._ready()

    def _next(self, data: float) -> float:
        for one in (self.short_average, self.medium_average, self.long_average):
            one._push(self._stamp, data)
        return self.long_average._latest - self.medium_average._latest + self.short_average._latest
