"""Places of the price in its recent range."""

from __future__ import annotations

import math
from typing import Any

from utils.engine.indicators.base import IndicatorBase
from utils.engine.indicators.convergence import MovingAverageConvergenceDivergence
from utils.engine.indicators.extremes import Maximum, Minimum
from utils.engine.indicators.kinds import BarIndicator, Indicator, Output
from utils.engine.indicators.moving_averages import ExponentialMovingAverage, MovingAverageType, average
from utils.engine.indicators.naming import named
from utils.engine.indicators.ranges import TrueRange
from utils.engine.indicators.relative_strength import RelativeStrengthIndex
from utils.engine.indicators.rolling_window import RollingWindow
from utils.engine.indicators.sums import MeanAbsoluteDeviation, Sum


class Stochastic(BarIndicator):
    """Place of the close between the lowest low and the highest high, 0 to 100.

    Attributes:
        fast_stoch: the place.
        stoch_k: its average.
        stoch_d: the average's average.
    """

    fast_stoch: IndicatorBase
    stoch_k: IndicatorBase
    stoch_d: IndicatorBase

    @named("STO({period},{k_period},{d_period})")
    def __init__(self, name: str, period: int, k_period: int, d_period: int) -> None:
        super().__init__(name)
        self.warm_up_period = period + k_period + d_period - 2
        self._k_period, self._d_period = k_period, d_period
        self._maximum = Maximum(name + "_Max", period)
        self._minimum = Minimum(name + "_Min", period)
        self._fast_sum = Sum(name + "_SumFastK", k_period)
        self._slow_sum = Sum(name + "_SumD", d_period)
        self.fast_stoch = Output(name + "_FastStoch", self._maximum._ready)
        self.stoch_k = Output(name + "_StochK", self._fast_sum._ready)
        self.stoch_d = Output(name + "_StochD", self._slow_sum._ready)

    def _ready(self) -> bool:
        return self._maximum._ready() and self._fast_sum._ready() and self._slow_sum._ready()

    def _next(self, data: Any) -> float:
        stamp = self._stamp
        self._maximum._push(stamp, data.high)
        self._minimum._push(stamp, data.low)
        fast = k = d = 0.0
        if self._maximum._ready():
            lowest = self._minimum._latest
            span = self._maximum._latest - lowest
            # A range of zero is left out of the average.
            if span != 0:
                fast = (data.close - lowest) / span
                self._fast_sum._push(stamp, fast)
        if self._fast_sum._ready():
            k = self._fast_sum._latest / self._k_period
            self._slow_sum._push(stamp, k)
        if self._slow_sum._ready():
            d = self._slow_sum._latest / self._d_period
        self.fast_stoch._push(stamp, fast * 100.0)
        self.stoch_k._push(stamp, k * 100.0)
        self.stoch_d._push(stamp, d * 100.0)
        return fast * 100.0


class WilliamsPercentR(BarIndicator):
    """Distance of the close from the highest high in percent of the range, 0 to -100.

    Attributes:
        maximum: highest high.
        minimum: lowest low.
    """

    maximum: Maximum
    minimum: Minimum

    @named("WILR({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name)
        self.warm_up_period = int(period)
        self.maximum = Maximum(name + "_Max", period)
        self.minimum = Minimum(name + "_Min", period)

    def _ready(self) -> bool:
        return self.maximum._ready() and self.minimum._ready()

    def _next(self, data: Any) -> float:
        self.minimum._push(self._stamp, data.low)
        self.maximum._push(self._stamp, data.high)
        highest = self.maximum._latest
        span = highest - self.minimum._latest
        if not self._ready() or span == 0:
            return 0.0
        return float(-100.0 * (highest - data.close) / span)


class CommodityChannelIndex(BarIndicator):
    """Distance of the typical price from its average in mean deviations.

    Attributes:
        typical_price_average: the average.
        typical_price_mean_deviation: the mean deviation.
        moving_average_type: how the price is averaged.
    """

    typical_price_average: IndicatorBase
    typical_price_mean_deviation: IndicatorBase
    moving_average_type: MovingAverageType

    @named("CCI({period})")
    def __init__(
        self, name: str, period: int, moving_average_type: MovingAverageType = MovingAverageType.SIMPLE
    ) -> None:
        super().__init__(name)
        self.warm_up_period = int(period)
        self.moving_average_type = moving_average_type
        self.typical_price_average = average(moving_average_type, period, name + "_TypicalPriceAvg")
        self.typical_price_mean_deviation = MeanAbsoluteDeviation(name + "_TypicalPriceMAD", period)

    def _ready(self) -> bool:
        return self.typical_price_average._ready() and self.typical_price_mean_deviation._ready()

    def _next(self, data: Any) -> float:
        # A flat bar's price is itself: a third of three times it may differ in the last digit.
        flat = data.high == data.low == data.close
        price: float = data.close if flat else (data.high + data.low + data.close) / 3.0
        self.typical_price_average._push(self._stamp, price)
        self.typical_price_mean_deviation._push(self._stamp, price)
        deviation = 0.015 * self.typical_price_mean_deviation._latest
        if deviation == 0:
            return 0.0
        return (price - self.typical_price_average._latest) / deviation


class StochasticRelativeStrengthIndex(Indicator):
    """Place of the strength index in its recent range; the value itself is the input's.

    Attributes:
        k: average of the place, 0 to 100.
        d: average of `k`.
    """

    k: IndicatorBase
    d: IndicatorBase

    @named(
        "SRSI({rsi_period},{stoch_period},{k_smoothing_period},{d_smoothing_period},{moving_average_type})"
    )
    def __init__(
        self,
        name: str,
        rsi_period: int,
        stoch_period: int,
        k_smoothing_period: int,
        d_smoothing_period: int,
        moving_average_type: MovingAverageType = MovingAverageType.SIMPLE,
    ) -> None:
        self._recent: RollingWindow[float] = RollingWindow(stoch_period)
        super().__init__(name)
        self._rsi = RelativeStrengthIndex(rsi_period)
        self.k = average(moving_average_type, k_smoothing_period, f"{name}_K_{moving_average_type}")
        self.d = average(moving_average_type, d_smoothing_period, f"{name}_D_{moving_average_type}")
        self.warm_up_period = rsi_period + stoch_period + max(k_smoothing_period, d_smoothing_period)

    def _start(self) -> None:
        self._recent.reset()

    def _ready(self) -> bool:
        return self._samples >= self.warm_up_period

    def _next(self, data: float) -> float:
        self._rsi._push(self._stamp, data)
        strength = self._rsi._latest
        self._recent.add(strength)
        if not self._recent.is_ready:
            return 0.0
        highest, lowest = max(self._recent), min(self._recent)
        place = 100.0 * (strength - lowest) / (highest - lowest) if highest != lowest else 100.0
        self.k._push(self._stamp, place)
        self.d._push(self._stamp, self.k._latest)
        return data


class PremierStochasticOscillator(BarIndicator):
    """Twice smoothed place of the close, -1 to 1."""

    @named("PSO({period},{ema_period})")
    def __init__(self, name: str, period: int, ema_period: int) -> None:
        super().__init__(name)
        self.warm_up_period = period + 2 * (ema_period - 1)
        self._stochastic = Stochastic(name, period, period, period)
        self._first = ExponentialMovingAverage(ema_period)
        self._second = ExponentialMovingAverage(f"EMA{ema_period}_Of_{self._first.name}", ema_period)

    def _ready(self) -> bool:
        return self._second._ready()

    def _next(self, data: Any) -> float:
        self._stochastic._push(self._stamp, data)
        fast = self._stochastic.fast_stoch
        if not fast._ready():
            return 0.0
        self._first._push(self._stamp, 0.1 * (fast._latest - 50.0))
        if not self._first._ready():
            return 0.0
        self._second._push(self._stamp, self._first._latest)
        if not self._second._ready():
            return 0.0
        power = math.exp(self._second._latest)
        return (power - 1.0) / (power + 1.0)


class UltimateOscillator(BarIndicator):
    """Weighted buying pressure over three periods, 0 to 100."""

    @named("ULTOSC({period1},{period2},{period3})")
    def __init__(self, name: str, period1: int, period2: int, period3: int) -> None:
        super().__init__(name)
        self._period = max(period1, period2, period3)
        self.warm_up_period = self._period + 1
        self._true_range = TrueRange(name + "_TR")
        periods = (period1, period2, period3)
        self._pressure1, self._pressure2, self._pressure3 = (
            Sum(f"{name}_BP{i}", period) for i, period in enumerate(periods, 1)
        )
        self._range1, self._range2, self._range3 = (
            Sum(f"{name}_TR{i}", period) for i, period in enumerate(periods, 1)
        )

    def _start(self) -> None:
        self._close = 0.0

    def _ready(self) -> bool:
        return self._samples > self._period

    def _next(self, data: Any) -> float:
        stamp = self._stamp
        self._true_range._push(stamp, data)
        before, self._close = self._close, data.close
        if self._samples == 1:
            return 50.0
        pressure = data.close - min(data.low, before)
        total = 0.0
        pairs = (
            (4.0, self._pressure1, self._range1),
            (2.0, self._pressure2, self._range2),
            (1.0, self._pressure3, self._range3),
        )
        for _, pressures, ranges in pairs:
            pressures._push(stamp, pressure)
            ranges._push(stamp, self._true_range._latest)
        if not self._ready():
            return 50.0
        for weight, pressures, ranges in pairs:
            if ranges._latest == 0:
                return self._latest
            total += weight * pressures._latest / ranges._latest
        return 100.0 * total / 7.0


class SchaffTrendCycle(Indicator):
    """Place in its range of the place in its range of the convergence of two averages."""

    @named("SchaffTrendCycle({cycle_period},{fast_period},{slow_period})")
    def __init__(
        self,
        name: str,
        cycle_period: int = 10,
        fast_period: int = 23,
        slow_period: int = 50,
        type: MovingAverageType = MovingAverageType.EXPONENTIAL,  # noqa: A002 - LEAN's
    ) -> None:
        super().__init__(name)
        self._macd = MovingAverageConvergenceDivergence(fast_period, slow_period, cycle_period, type)
        self._maximum, self._minimum = Maximum(cycle_period), Minimum(cycle_period)
        self._d = average(type, 3)
        self._maximum_d, self._minimum_d = Maximum(cycle_period), Minimum(cycle_period)
        self._pff = average(type, 3)
        self.warm_up_period = self._macd.warm_up_period

    def _ready(self) -> bool:
        return self._macd._ready()

    def _next(self, data: float) -> float:
        stamp = self._stamp
        self._macd._push(stamp, data)
        self._d._push(stamp, self._place(self._macd._latest, self._maximum, self._minimum))
        self._pff._push(stamp, self._place(self._d._latest, self._maximum_d, self._minimum_d))
        return self._pff._latest

    def _place(self, value: float, maximum: Maximum, minimum: Minimum) -> float:
        maximum._push(self._stamp, value)
        minimum._push(self._stamp, value)
        span = maximum._latest - minimum._latest
        return (value - minimum._latest) / span * 100.0 if span > 0 else 0.0


class MidPrice(BarIndicator):
    """Middle between the highest high and the lowest low."""

    @named("MIDPRICE({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name)
        self.warm_up_period = int(period)
        self._maximum, self._minimum = Maximum(period), Minimum(period)

    def _ready(self) -> bool:
        return self._samples >= self.warm_up_period

    def _next(self, data: Any) -> float:
        self._maximum._push(self._stamp, data.high)
        self._minimum._push(self._stamp, data.low)
        return (self._maximum._latest + self._minimum._latest) / 2


class AroonOscillator(BarIndicator):
    """How recent the highest high is, less how recent the lowest low is.

    Attributes:
        aroon_up: 100 for a highest high now, 0 for one `up_period` bars back.
        aroon_down: the same of the lowest low.
    """

    aroon_up: IndicatorBase
    aroon_down: IndicatorBase

    @named("AROON({up_period},{down_period})")
    def __init__(self, name: str, up_period: int, down_period: int) -> None:
        super().__init__(name)
        self.warm_up_period = 1 + max(up_period, down_period)
        self._up_period, self._down_period = up_period, down_period
        self._maximum = Maximum(name + "_Max", up_period + 1)
        self._minimum = Minimum(name + "_Min", down_period + 1)
        self.aroon_up = Output(name + "_AroonUp", self._maximum._ready)
        self.aroon_down = Output(name + "_AroonDown", self._minimum._ready)

    def _ready(self) -> bool:
        return self._maximum._ready() and self._minimum._ready()

    def _next(self, data: Any) -> float:
        self._maximum._push(self._stamp, data.high)
        self._minimum._push(self._stamp, data.low)
        up = 100.0 * (self._up_period - self._maximum._since) / self._up_period
        down = 100.0 * (self._down_period - self._minimum._since) / self._down_period
        self.aroon_up._push(self._stamp, up)
        self.aroon_down._push(self._stamp, down)
        return up - down


class FisherTransform(BarIndicator):
    """Place of the middle price in its range, made to look like a normal distribution."""

    @named("FISH({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name)
        self.warm_up_period = int(period)
        self._maximum, self._minimum = Maximum("MedianMax", period), Minimum("MedianMin", period)

    def _start(self) -> None:
        self._before = 0.0

    def _ready(self) -> bool:
        return self._maximum._ready() and self._minimum._ready()

    def _next(self, data: Any) -> float:
        price = (data.low + data.high) / 2.0
        self._minimum._push(self._stamp, price)
        self._maximum._push(self._stamp, price)
        if not self._ready():
            return 0.0
        lowest, highest = self._minimum._latest, self._maximum._latest
        x = y = 0.0
        if lowest != highest:
            x = 0.33 * 2.0 * ((price - lowest) / (highest - lowest) - 0.5) + 0.67 * self._before
            bounded = min(max(x, -0.999), 0.999)
            y = 0.5 * math.log((1.0 + bounded) / (1.0 - bounded))
        self._before = x
        return y + 0.5 * self._latest
