"""Indicators that follow a trend bar by bar."""

from __future__ import annotations

from typing import Any

from utils.engine.indicators.base import IndicatorBase
from utils.engine.indicators.changes import Delay
from utils.engine.indicators.extremes import Maximum, Minimum
from utils.engine.indicators.kinds import BarIndicator, Output
from utils.engine.indicators.moving_averages import MovingAverageType
from utils.engine.indicators.naming import named
from utils.engine.indicators.ranges import AverageTrueRange
from utils.engine.indicators.sums import Sum


class ParabolicStopAndReverseExtended(BarIndicator):
    """Trailing stop that speeds up; negative while short.

    Args:
        name: its name.
        sar_start: first stop, negative for short; 0 lets the first two bars decide.
        offset_on_reverse: part by which the stop moves away when it turns.
        af_start_short: acceleration at the start of a short trend.
        af_increment_short: added at each new low.
        af_max_short: its limit.
        af_start_long: the same of a long trend.
        af_increment_long: added at each new high.
        af_max_long: its limit.
    """

    @named(
        "SAREXT({sar_start},{offset_on_reverse},{af_start_short},{af_increment_short},{af_max_short},"
        "{af_start_long},{af_increment_long},{af_max_long})"
    )
    def __init__(
        self,
        name: str,
        sar_start: float = 0.0,
        offset_on_reverse: float = 0.0,
        af_start_short: float = 0.02,
        af_increment_short: float = 0.02,
        af_max_short: float = 0.2,
        af_start_long: float = 0.02,
        af_increment_long: float = 0.02,
        af_max_long: float = 0.2,
    ) -> None:
        self._first_stop = float(sar_start)
        self._offset = float(offset_on_reverse)
        self._short = (float(af_start_short), float(af_increment_short), float(af_max_short))
        self._long = (float(af_start_long), float(af_increment_long), float(af_max_long))
        super().__init__(name)
        self.warm_up_period = 2

    def _start(self) -> None:
        self._is_long = False
        self._high = self._low = self._stop = self._extreme = self._output = 0.0
        self._speed_short, self._speed_long = self._short[0], self._long[0]

    def _ready(self) -> bool:
        return self._samples >= 2

    def _next(self, data: Any) -> float:
        return self._signed(data)

    def _signed(self, data: Any) -> float:
        high, low = data.high, data.low
        if self._samples == 1:
            self._high, self._low = high, low
            return self._first_stop if self._first_stop != 0 else float(data.close)
        if self._samples == 2:
            self._begin(high, low)
            # The second bar stands for its predecessor too.
            self._high, self._low = high, low
        if self._is_long:
            self._go_long(high, low)
        else:
            self._go_short(high, low)
        self._high, self._low = high, low
        return self._output

    def _begin(self, high: float, low: float) -> None:
        if self._first_stop != 0:
            self._is_long = self._first_stop > 0
            self._stop = abs(self._first_stop)
        else:
            falls = low < self._low and high - self._high < self._low - low
            self._is_long = not falls
            self._stop = self._low if self._is_long else self._high
        self._extreme = high if self._is_long else low

    def _go_long(self, high: float, low: float) -> None:
        _, increment, limit = self._long
        if low <= self._stop:
            self._is_long = False
            self._stop = max(self._extreme, self._high, high)
            self._stop += self._stop * self._offset
            self._output = -self._stop
            self._speed_short = self._short[0]
            self._extreme = low
            self._stop += self._speed_short * (self._extreme - self._stop)
            self._stop = max(self._stop, self._high, high)
            return
        self._output = self._stop
        if high > self._extreme:
            self._extreme = high
            self._speed_long = min(self._speed_long + increment, limit)
        self._stop += self._speed_long * (self._extreme - self._stop)
        self._stop = min(self._stop, self._low, low)

    def _go_short(self, high: float, low: float) -> None:
        _, increment, limit = self._short
        if high >= self._stop:
            self._is_long = True
            self._stop = min(self._extreme, self._low, low)
            self._stop -= self._stop * self._offset
            self._output = self._stop
            self._speed_long = self._long[0]
            self._extreme = high
            self._stop += self._speed_long * (self._extreme - self._stop)
            self._stop = min(self._stop, self._low, low)
            return
        self._output = -self._stop
        if low < self._extreme:
            self._extreme = low
            self._speed_short = min(self._speed_short + increment, limit)
        self._stop += self._speed_short * (self._extreme - self._stop)
        self._stop = max(self._stop, self._high, high)


class ParabolicStopAndReverse(ParabolicStopAndReverseExtended):
    """Trailing stop that speeds up, the same way in both directions."""

    @named("PSAR({af_start},{af_increment},{af_max})")
    def __init__(
        self, name: str, af_start: float = 0.02, af_increment: float = 0.02, af_max: float = 0.2
    ) -> None:
        speeds = (af_start, af_increment, af_max)
        super().__init__(name, 0.0, 0.0, *speeds, *speeds)

    def _next(self, data: Any) -> float:
        return abs(self._signed(data))


class SuperTrend(BarIndicator):
    """Trailing stop at a multiple of the average true range.

    Attributes:
        basic_upper_band, basic_lower_band: around the bar.
        current_trailing_upper_band, current_trailing_lower_band: as they trail.
    """

    basic_upper_band: float
    basic_lower_band: float
    current_trailing_upper_band: float
    current_trailing_lower_band: float

    @named("SuperTrend({period},{multiplier})")
    def __init__(
        self,
        name: str,
        period: int,
        multiplier: float,
        moving_average_type: MovingAverageType = MovingAverageType.WILDERS,
    ) -> None:
        super().__init__(name)
        self.warm_up_period = int(period)
        self._multiplier = float(multiplier)
        self._range = AverageTrueRange(period, moving_average_type)

    def _start(self) -> None:
        self.basic_upper_band = self.basic_lower_band = 0.0
        self.current_trailing_upper_band = self.current_trailing_lower_band = 0.0
        self._close = self._trend = 0.0
        self._trend_before = -1.0

    def _ready(self) -> bool:
        return self._range._ready()

    def _next(self, data: Any) -> float:
        self._range._push(self._stamp, data)
        close_before, self._close = self._close, data.close
        if not self._ready():
            return 0.0
        close = data.close
        middle, distance = (data.high + data.low) / 2.0, self._multiplier * self._range._latest
        lower_before, upper_before = self.current_trailing_lower_band, self.current_trailing_upper_band
        lower, upper = middle - distance, middle + distance
        self.basic_lower_band, self.basic_upper_band = lower, upper
        if lower <= lower_before and close_before >= lower_before:
            lower = lower_before
        if upper >= upper_before and close_before <= upper_before:
            upper = upper_before
        self.current_trailing_lower_band, self.current_trailing_upper_band = lower, upper
        if self._trend_before in (-1.0, upper_before):
            self._trend = upper if close <= upper else lower
        elif self._trend_before == lower_before:
            self._trend = lower if close >= lower else upper
        self._trend_before = self._trend
        return self._trend


class IchimokuKinkoHyo(BarIndicator):
    """Five lines of middles between highs and lows; the value itself is the close.

    Attributes:
        tenkan: middle of `tenkan_period` bars.
        kijun: middle of `kijun_period` bars.
        senkou_a: middle of both, delayed.
        senkou_b: middle of `senkou_b_period` bars, delayed.
        chikou: the close, delayed.
    """

    tenkan: IndicatorBase
    kijun: IndicatorBase
    senkou_a: IndicatorBase
    senkou_b: IndicatorBase
    chikou: IndicatorBase
    tenkan_maximum: Maximum
    tenkan_minimum: Minimum
    kijun_maximum: Maximum
    kijun_minimum: Minimum
    senkou_b_maximum: Maximum
    senkou_b_minimum: Minimum
    delayed_tenkan_senkou_a: Delay
    delayed_kijun_senkou_a: Delay
    delayed_maximum_senkou_b: Delay
    delayed_minimum_senkou_b: Delay

    @named(
        "ICHIMOKU({tenkan_period},{kijun_period},{senkou_a_period},{senkou_b_period},"
        "{senkou_a_delay_period},{senkou_b_delay_period})"
    )
    def __init__(
        self,
        name: str,
        tenkan_period: int = 9,
        kijun_period: int = 26,
        senkou_a_period: int = 26,
        senkou_b_period: int = 52,
        senkou_a_delay_period: int = 26,
        senkou_b_delay_period: int = 26,
    ) -> None:
        super().__init__(name)
        delay_a, delay_b = senkou_a_delay_period, senkou_b_delay_period
        self.warm_up_period = max(tenkan_period + delay_a, kijun_period + delay_a, senkou_b_period + delay_b)
        self.tenkan_maximum = Maximum(name + "_TenkanMax", tenkan_period)
        self.tenkan_minimum = Minimum(name + "_TenkanMin", tenkan_period)
        self.kijun_maximum = Maximum(name + "_KijunMax", kijun_period)
        self.kijun_minimum = Minimum(name + "_KijunMin", kijun_period)
        self.senkou_b_maximum = Maximum(name + "_SenkouBMaximum", senkou_b_period)
        self.senkou_b_minimum = Minimum(name + "_SenkouBMinimum", senkou_b_period)
        self.delayed_maximum_senkou_b = Delay(name + "DelayedMax", delay_b)
        self.delayed_minimum_senkou_b = Delay(name + "DelayedMin", delay_b)
        self.delayed_tenkan_senkou_a = Delay(name + "DelayedTenkan", delay_a)
        self.delayed_kijun_senkou_a = Delay(name + "DelayedKijun", delay_a)
        self.tenkan = Output(name + "_Tenkan", self.tenkan_maximum._ready)
        self.kijun = Output(name + "_Kijun", self.kijun_maximum._ready)
        self.senkou_a = Output(name + "_SenkouA", self._senkou_a_ready)
        self.senkou_b = Output(name + "_SenkouB", self.delayed_maximum_senkou_b._ready)
        self.chikou = Delay(name + "_Chikou", delay_a)

    def _senkou_a_ready(self) -> bool:
        return self.delayed_tenkan_senkou_a._ready() and self.delayed_kijun_senkou_a._ready()

    def _ready(self) -> bool:
        return all(line._ready() for line in (self.tenkan, self.kijun, self.senkou_a, self.senkou_b))

    def _next(self, data: Any) -> float:
        stamp, high, low = self._stamp, data.high, data.low
        for highest, lowest, line, delayed in (
            (self.tenkan_maximum, self.tenkan_minimum, self.tenkan, self.delayed_tenkan_senkou_a),
            (self.kijun_maximum, self.kijun_minimum, self.kijun, self.delayed_kijun_senkou_a),
        ):
            highest._push(stamp, high)
            lowest._push(stamp, low)
            line._push(stamp, (highest._latest + lowest._latest) / 2.0)
            if line._ready():
                delayed._push(stamp, line._latest)
        # Made of two delayed lines: there is a value whenever both have a new one.
        if self.tenkan._ready() and self.kijun._ready():
            both = self.delayed_tenkan_senkou_a._latest + self.delayed_kijun_senkou_a._latest
            self.senkou_a._push(stamp, both / 2.0)
        self.senkou_b_maximum._push(stamp, high)
        self.senkou_b_minimum._push(stamp, low)
        if self.senkou_b_maximum._ready():
            self.delayed_maximum_senkou_b._push(stamp, self.senkou_b_maximum._latest)
            self.delayed_minimum_senkou_b._push(stamp, self.senkou_b_minimum._latest)
            both = self.delayed_maximum_senkou_b._latest + self.delayed_minimum_senkou_b._latest
            self.senkou_b._push(stamp, both / 2.0)
        self.chikou._push(stamp, data.close)
        return float(data.close)


class Vortex(BarIndicator):
    """Mean of the two vortices.

    Attributes:
        plus_vortex: upward way against the true range.
        minus_vortex: downward way against the true range.
    """

    plus_vortex: IndicatorBase
    minus_vortex: IndicatorBase

    @named("VTX({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name)
        self.warm_up_period = int(period)
        self._range = AverageTrueRange(f"{name}_ATR", 1, MovingAverageType.SIMPLE)
        self._ranges = Sum("ATR_Sum", period)
        self._ups, self._downs = Sum("PlusVM_Sum", period), Sum("MinusVM_Sum", period)
        self.plus_vortex = Output(name + "_Plus", self._vortex_ready)
        self.minus_vortex = Output(name + "_Minus", self._vortex_ready)

    def _start(self) -> None:
        self._high = self._low = 0.0

    def _vortex_ready(self) -> bool:
        return self._ups._ready() and self._ranges._ready()

    def _ready(self) -> bool:
        return self._samples >= self.warm_up_period

    def _next(self, data: Any) -> float:
        stamp, high, low = self._stamp, data.high, data.low
        self._range._push(stamp, data)
        self._ranges._push(stamp, self._range._latest)
        if self._samples > 1:
            self._ups._push(stamp, abs(high - self._low))
            self._downs._push(stamp, abs(low - self._high))
            ranges = self._ranges._latest
            if ranges != 0:
                self.plus_vortex._push(stamp, self._ups._latest / ranges)
                self.minus_vortex._push(stamp, self._downs._latest / ranges)
        self._high, self._low = high, low
        return (self.plus_vortex._latest + self.minus_vortex._latest) / 2.0 if self._ready() else 0.0


class ChandeKrollStop(BarIndicator):
    """Stops at a multiple of the average true range; the value itself is the input's.

    Attributes:
        short_stop: of short positions.
        long_stop: of long positions.
    """

    short_stop: IndicatorBase
    long_stop: IndicatorBase

    @named("CKS({atr_period},{atr_mult},{period})")
    def __init__(
        self,
        name: str,
        atr_period: int,
        atr_mult: float,
        period: int,
        moving_average_type: MovingAverageType = MovingAverageType.WILDERS,
    ) -> None:
        super().__init__(name)
        self.warm_up_period = atr_period + period - 1
        self._multiple = float(atr_mult)
        self._range = AverageTrueRange(atr_period, moving_average_type)
        self._maximum, self._minimum = Maximum(atr_period), Minimum(atr_period)
        self.long_stop = Minimum(name + "_Long", period)
        self.short_stop = Maximum(name + "_Short", period)

    def _ready(self) -> bool:
        return self._samples >= self.warm_up_period

    def _next(self, data: Any) -> float:
        stamp = self._stamp
        self._range._push(stamp, data)
        distance = self._range._latest * self._multiple
        self._maximum._push(stamp, data.high)
        self._minimum._push(stamp, data.low)
        self.short_stop._push(stamp, self._maximum._latest - distance)
        self.long_stop._push(stamp, self._minimum._latest + distance)
        return float(data.value)
