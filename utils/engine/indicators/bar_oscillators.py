"""Oscillators of bars."""

from __future__ import annotations

from collections import deque
from datetime import datetime, time
from math import log, sqrt
from typing import Any, ClassVar

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.indicators.base import IndicatorBase
from utils.engine.indicators.kinds import BarIndicator, Indicator, TradeBarIndicator
from utils.engine.indicators.moving_averages import ExponentialMovingAverage, MovingAverageType, average
from utils.engine.indicators.naming import named
from utils.engine.indicators.sums import SimpleMovingAverage, Sum


class BalanceOfPower(BarIndicator):
    """Body of the bar against its range, -1 to 1."""

    def __init__(self, name: str = "BOP") -> None:
        super().__init__(name)
        self.warm_up_period = 1

    def _next(self, data: Any) -> float:
        span = data.high - data.low
        return float((data.close - data.open) / span) if span > 0 else 0.0


class InternalBarStrength(BarIndicator):
    """Place of the close in the bar, 0 to 1."""

    def __init__(self, name: str = "IBS()") -> None:
        super().__init__(name)
        self.warm_up_period = 1

    def _next(self, data: Any) -> float:
        if data.high == data.low:
            return 0.5
        return float((data.close - data.low) / (data.high - data.low))


class AwesomeOscillator(BarIndicator):
    """Fast average of the middle price less slow average.

    Attributes:
        fast_ao: the fast one.
        slow_ao: the slow one.
    """

    fast_ao: IndicatorBase
    slow_ao: IndicatorBase

    @named("AO({fast_period},{slow_period},{type})")
    def __init__(
        self,
        name: str,
        fast_period: int,
        slow_period: int,
        type: MovingAverageType = MovingAverageType.SIMPLE,  # noqa: A002 - LEAN's
    ) -> None:
        super().__init__(name)
        self.warm_up_period = max(fast_period, slow_period)
        self.slow_ao = average(type, slow_period)
        self.fast_ao = average(type, fast_period)

    def _ready(self) -> bool:
        return self.slow_ao._ready() and self.fast_ao._ready()

    def _next(self, data: Any) -> float:
        price = (data.high + data.low) / 2.0
        self.slow_ao._push(self._stamp, price)
        self.fast_ao._push(self._stamp, price)
        return self.fast_ao._latest - self.slow_ao._latest if self._ready() else 0.0


class DeMarkerIndicator(BarIndicator):
    """Rises of the high against rises of the high and falls of the low, 0 to 1."""

    @named("DEM({period},{type})")
    def __init__(
        self,
        name: str,
        period: int,
        type: MovingAverageType = MovingAverageType.SIMPLE,  # noqa: A002 - LEAN's
    ) -> None:
        super().__init__(name)
        self.warm_up_period = int(period)
        self._rises, self._falls = average(type, period), average(type, period)

    def _start(self) -> None:
        self._high = self._low = 0.0

    def _ready(self) -> bool:
        return self._rises._ready() and self._falls._ready()

    def _next(self, data: Any) -> float:
        rise = fall = 0.0
        if self._samples > 1:
            rise, fall = max(data.high - self._high, 0.0), max(self._low - data.low, 0.0)
        self._high, self._low = data.high, data.low
        self._rises._push(self._stamp, rise)
        self._falls._push(self._stamp, fall)
        both = self._rises._latest + self._falls._latest
        return self._rises._latest / both if self._ready() and both > 0 else 0.0


class RelativeVigorIndexSignal(Indicator):
    """Weighted average of the last four values."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.warm_up_period = 3

    def _start(self) -> None:
        self._recent: deque[float] = deque(maxlen=3)

    def _ready(self) -> bool:
        return len(self._recent) == 3

    def _next(self, data: float) -> float:
        value = 0.0
        if self._ready():
            oldest, middle, newest = self._recent
            value = (data + 2.0 * (newest + middle) + oldest) / 6.0
        self._recent.append(data)
        return value


class RelativeVigorIndex(BarIndicator):
    """Averaged bodies of the bars against their ranges.

    Attributes:
        signal: weighted average of it.
    """

    signal: RelativeVigorIndexSignal

    @named("RVI({period},{type})")
    def __init__(
        self,
        name: str,
        period: int,
        type: MovingAverageType = MovingAverageType.SIMPLE,  # noqa: A002 - LEAN's
    ) -> None:
        super().__init__(name)
        self.warm_up_period = period + 3
        self._bodies = average(type, period, "_closingBand")
        self._ranges = average(type, period, "_rangeBand")
        self.signal = RelativeVigorIndexSignal(f"{name}_S")

    def _start(self) -> None:
        self._recent: deque[tuple[float, float]] = deque(maxlen=4)

    def _ready(self) -> bool:
        return self._bodies._ready() and self._ranges._ready()

    def _next(self, data: Any) -> float:
        self._recent.append((data.close - data.open, data.high - data.low))
        if len(self._recent) < 4:
            return 0.0
        (d, h), (c, g), (b, f), (a, e) = self._recent
        self._bodies._push(self._stamp, (a + 2.0 * (b + c) + d) / 6.0)
        self._ranges._push(self._stamp, (e + 2.0 * (f + g) + h) / 6.0)
        if not self._ready():
            return 0.0
        span = self._ranges._latest
        vigor = self._bodies._latest / span if span != 0 else 0.0
        self.signal._push(self._stamp, vigor)
        return vigor


class RogersSatchellVolatility(BarIndicator):
    """Volatility of bars that allows for a drift."""

    @named("RSV({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name)
        self.warm_up_period = int(period)
        self._sum = Sum(name + "_Sum", period)

    def _ready(self) -> bool:
        return self._samples >= self.warm_up_period

    def _next(self, data: Any) -> float:
        start, high, low, close = data.open, data.high, data.low, data.close
        if 0 in (start, high, low, close):
            return 0.0
        term = log(high / close) * log(high / start) + log(low / close) * log(low / start)
        self._sum._push(self._stamp, term)
        return sqrt(max(self._sum._latest, 0.0) / self.warm_up_period) if self._ready() else 0.0


class WaveTrendOscillator(BarIndicator):
    """Averaged distance of the typical price from its average in mean deviations.

    Attributes:
        channel_average: the average.
        channel_deviation: the mean deviation.
        channel_index_average: the averaged distance.
        signal: average of it.

    Raises:
        ArgumentException: a period below 1.
    """

    channel_average: IndicatorBase
    channel_deviation: IndicatorBase
    channel_index_average: IndicatorBase
    signal: IndicatorBase

    @named("WTO({channel_period},{average_period},{signal_period})")
    def __init__(self, name: str, channel_period: int, average_period: int, signal_period: int) -> None:
        if min(channel_period, average_period, signal_period) < 1:
            raise ArgumentException("WaveTrendOscillator: all periods must be greater than zero.")
        super().__init__(name)
        self.channel_average = ExponentialMovingAverage(name + "_ChannelAverage", channel_period)
        self.channel_deviation = ExponentialMovingAverage(name + "_ChannelDeviation", channel_period)
        self.channel_index_average = ExponentialMovingAverage(name + "_ChannelIndexAverage", average_period)
        self.signal = SimpleMovingAverage(name + "_Signal", signal_period)
        self.warm_up_period = 2 * channel_period + average_period + signal_period - 3

    def _ready(self) -> bool:
        return self.signal._ready()

    def _next(self, data: Any) -> float:
        stamp, price = self._stamp, (data.high + data.low + data.close) / 3.0
        self.channel_average._push(stamp, price)
        if not self.channel_average._ready():
            return 0.0
        middle = self.channel_average._latest
        self.channel_deviation._push(stamp, abs(price - middle))
        if not self.channel_deviation._ready():
            return 0.0
        deviation = 0.015 * self.channel_deviation._latest
        if deviation == 0:
            return self._latest
        self.channel_index_average._push(stamp, (price - middle) / deviation)
        if self.channel_index_average._ready():
            self.signal._push(stamp, self.channel_index_average._latest)
        return self.channel_index_average._latest


class RelativeDailyVolume(TradeBarIndicator):
    """Volume of the day so far against what it is by this time on average."""

    can_block: ClassVar[bool] = False

    @named("RDV({period})")
    def __init__(self, name: str, period: int = 2) -> None:
        self._period = period
        # No warm-up period, as in LEAN: days, not bars, make it ready.
        super().__init__(name)

    def _start(self) -> None:
        self._averages: dict[time, SimpleMovingAverage] = {}
        self._today: dict[datetime, float] = {}
        self._day_of_month = -1
        self._days = -1

    def _ready(self) -> bool:
        return self._days >= self._period

    def _next(self, data: Any) -> float:
        start = data.time
        if start.day != self._day_of_month:
            self._close_day()
            self._day_of_month = start.day
            self._days += 1
        self._today[start] = data.volume
        if not self._ready():
            return 0.0
        usual = self._usual(start.time())
        return sum(self._today.values()) / usual if usual != 0 else 0.0

    def _close_day(self) -> None:
        total = 0.0
        for start, volume in self._today.items():
            total += volume
            clock = start.time()
            if clock not in self._averages:
                self._averages[clock] = SimpleMovingAverage(self._period)
            self._averages[clock]._push(start, total)
        self._today.clear()

    def _usual(self, clock: time) -> float:
        if clock in self._averages:
            return self._averages[clock]._latest
        times = sorted(self._averages)
        later = next((i for i in range(1, len(times)) if times[i] > clock), None)
        return 0.0 if later is None else self._averages[times[later - 1]]._latest
