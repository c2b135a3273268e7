"""Oscillators of values."""

from __future__ import annotations

from utils.engine.indicators.base import IndicatorBase
from utils.engine.indicators.changes import Delay, RateOfChange, RateOfChangePercent
from utils.engine.indicators.kinds import Indicator, Output, WindowIndicator
from utils.engine.indicators.moving_averages import (
    ExponentialMovingAverage,
    LinearWeightedMovingAverage,
    MovingAverageType,
    average,
)
from utils.engine.indicators.naming import named
from utils.engine.indicators.relative_strength import RelativeStrengthIndex
from utils.engine.indicators.sums import SimpleMovingAverage


class ChandeMomentumOscillator(WindowIndicator):
    """Smoothed gains less losses in percent of their sum."""

    @named("CMO({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name, period)
        self.warm_up_period = 1 + period

    def _start(self) -> None:
        self._before = self._gain = self._loss = 0.0

    def _ready(self) -> bool:
        return self._samples > self.period

    def _next(self, data: float) -> float:
        if self._samples == 1:
            self._before = data
            return 0.0
        change = data - self._before
        self._before = data
        if self._samples > self.period + 1:
            self._loss *= self.period - 1
            self._gain *= self.period - 1
        if change < 0:
            self._loss -= change
        else:
            self._gain += change
        if not self._ready():
            return 0.0
        self._loss /= self.period
        self._gain /= self.period
        both = self._gain + self._loss
        return 100.0 * ((self._gain - self._loss) / both) if both != 0 else 0.0


class CoppockCurve(Indicator):
    """Weighted average of a short and a long rate of change."""

    @named("CC({short_roc_period},{long_roc_period},{lwma_period})")
    def __init__(
        self, name: str, short_roc_period: int = 11, long_roc_period: int = 14, lwma_period: int = 10
    ) -> None:
        super().__init__(name)
        self._short = RateOfChangePercent(short_roc_period)
        self._long = RateOfChangePercent(long_roc_period)
        self._average = LinearWeightedMovingAverage(lwma_period)
        self.warm_up_period = max(self._short.warm_up_period, self._long.warm_up_period) + lwma_period - 1

    def _ready(self) -> bool:
        return self._average._ready()

    def _next(self, data: float) -> float:
        self._short._push(self._stamp, data)
        self._long._push(self._stamp, data)
        if not (self._long._ready() and self._short._ready()):
            return 0.0
        self._average._push(self._stamp, self._short._latest + self._long._latest)
        return self._average._latest


class DetrendedPriceOscillator(Indicator):
    """The value half a period back less the average."""

    @named("DPO({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name)
        self.warm_up_period = int(period)
        self._lagged = Delay(period // 2 + 1)
        self._average = SimpleMovingAverage(period)

    def _ready(self) -> bool:
        return self._average._ready() and self._lagged._ready()

    def _next(self, data: float) -> float:
        self._lagged._push(self._stamp, data)
        self._average._push(self._stamp, data)
        return self._lagged._latest - self._average._latest


class Trix(Indicator):
    """Rate of change of the triple average, in percent."""

    @named("TRIX({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name)
        self._ema1 = ExponentialMovingAverage(name + "_1", period)
        self._ema2 = ExponentialMovingAverage(name + "_2", period)
        self._ema3 = ExponentialMovingAverage(name + "_3", period)
        self._rate = RateOfChangePercent(name + "_ROCP1", 1)
        self.warm_up_period = 3 * (period - 1) + self._rate.warm_up_period

    def _ready(self) -> bool:
        return self._rate._ready()

    def _next(self, data: float) -> float:
        stamp = self._stamp
        self._ema1._push(stamp, data)
        if self._ema1._ready():
            self._ema2._push(stamp, self._ema1._latest)
        if self._ema2._ready():
            self._ema3._push(stamp, self._ema2._latest)
        if self._ema3._ready():
            self._rate._push(stamp, self._ema3._latest)
        return self._rate._latest


class TrueStrengthIndex(Indicator):
    """Twice averaged changes against twice averaged sizes of changes, in percent.

    Attributes:
        signal: average of it.
    """

    signal: IndicatorBase

    @named("TSI({long_term_period},{short_term_period},{signal_period})")
    def __init__(
        self,
        name: str,
        long_term_period: int = 25,
        short_term_period: int = 13,
        signal_period: int = 7,
        signal_type: MovingAverageType = MovingAverageType.EXPONENTIAL,
    ) -> None:
        super().__init__(name)
        self._change = ExponentialMovingAverage(name + "_PC_EMA", long_term_period)
        self._size = ExponentialMovingAverage(name + "_APC_EMA", long_term_period)
        self._smooth_change = ExponentialMovingAverage(name + "_PC_EMA_EMA", short_term_period)
        self._smooth_size = ExponentialMovingAverage(name + "_APC_EMA_EMA", short_term_period)
        self._index = Output(name + "_TSI", self._smooth_size._ready)
        self.signal = average(signal_type, signal_period, name + "_Signal")
        self.warm_up_period = long_term_period + short_term_period

    def _start(self) -> None:
        self._before = 0.0

    def _ready(self) -> bool:
        return self._samples >= self.warm_up_period

    def _next(self, data: float) -> float:
        if self._samples == 1:
            self._before = data
            return 0.0
        change, self._before = data - self._before, data
        stamp = self._stamp
        self._change._push(stamp, change)
        self._size._push(stamp, abs(change))
        if self._change._ready():
            self._smooth_change._push(stamp, self._change._latest)
            self._smooth_size._push(stamp, self._size._latest)
            if self._smooth_size._latest != 0:
                self._index._push(stamp, self._smooth_change._latest / self._smooth_size._latest * 100.0)
                if self._index._ready():
                    self.signal._push(stamp, self._index._latest)
        return self._index._latest


class DerivativeOscillator(Indicator):
    """Twice smoothed strength index less its average."""

    @named("DO({rsi_period},{smoothing_rsi_period},{double_smoothing_rsi_period},{signal_line_period})")
    def __init__(
        self,
        name: str,
        rsi_period: int,
        smoothing_rsi_period: int,
        double_smoothing_rsi_period: int,
        signal_line_period: int,
    ) -> None:
        super().__init__(name)
        self._rsi = RelativeStrengthIndex(name + "_RSI", rsi_period)
        self._smooth = ExponentialMovingAverage(name + "_SmoothedRSI", smoothing_rsi_period)
        self._smoother = ExponentialMovingAverage(name + "_DoubleSmoothedRSI", double_smoothing_rsi_period)
        self._signal = SimpleMovingAverage(name + "_SignalLine", signal_line_period)
        self.warm_up_period = (
            rsi_period + smoothing_rsi_period + double_smoothing_rsi_period + signal_line_period - 2
        )

    def _ready(self) -> bool:
        return self._signal._ready()

    def _next(self, data: float) -> float:
        chain: tuple[Indicator, ...] = (self._rsi, self._smooth, self._smoother, self._signal)
        value = data
        for link in chain:
            link._push(self._stamp, value)
            if not link._ready():
                break
            value = link._latest
        return self._smoother._latest - self._signal._latest if self._ready() else 0.0


class KnowSureThing(Indicator):
    """Weighted sum of four averaged rates of change.

    Attributes:
        roc_1, roc_2, roc_3, roc_4: the rates of change.
        roc_1_ma, roc_2_ma, roc_3_ma, roc_4_ma: their averages.
        signal_line: average of it.
    """

    roc_1: RateOfChange
    roc_2: RateOfChange
    roc_3: RateOfChange
    roc_4: RateOfChange
    roc_1_ma: IndicatorBase
    roc_2_ma: IndicatorBase
    roc_3_ma: IndicatorBase
    roc_4_ma: IndicatorBase
    signal_line: IndicatorBase
    moving_average_type: MovingAverageType

    @named(
        "KST({roc1_period},{roc1_ma_period},{roc2_period},{roc2_ma_period},{roc3_period},{roc3_ma_period},"
        "{roc4_period},{roc4_ma_period},{signal_period},{moving_average_type})"
    )
    def __init__(
        self,
        name: str,
        roc1_period: int,
        roc1_ma_period: int,
        roc2_period: int,
        roc2_ma_period: int,
        roc3_period: int,
        roc3_ma_period: int,
        roc4_period: int,
        roc4_ma_period: int,
        signal_period: int,
        moving_average_type: MovingAverageType = MovingAverageType.SIMPLE,
    ) -> None:
        super().__init__(name)
        rates = (roc1_period, roc2_period, roc3_period, roc4_period)
        averages = (roc1_ma_period, roc2_ma_period, roc3_ma_period, roc4_ma_period)
        self.warm_up_period = max(a + b for a, b in zip(rates, averages, strict=True))
        self.moving_average_type = moving_average_type
        self.roc_1, self.roc_2, self.roc_3, self.roc_4 = (RateOfChange(period) for period in rates)
        self.roc_1_ma, self.roc_2_ma, self.roc_3_ma, self.roc_4_ma = (
            average(moving_average_type, period, f"{name}_ROC{i}MA") for i, period in enumerate(averages, 1)
        )
        self.signal_line = average(moving_average_type, signal_period, name + "_SignalLine")

    def _ready(self) -> bool:
        averages = (self.roc_1_ma, self.roc_2_ma, self.roc_3_ma, self.roc_4_ma, self.signal_line)
        return all(one._ready() for one in averages)

    def _next(self, data: float) -> float:
        total = 0.0
        rates = (self.roc_1, self.roc_2, self.roc_3, self.roc_4)
        averages = (self.roc_1_ma, self.roc_2_ma, self.roc_3_ma, self.roc_4_ma)
        for weight, rate, smooth in zip((1, 2, 3, 4), rates, averages, strict=True):
            rate._push(self._stamp, data)
            if rate._ready():
                smooth._push(self._stamp, 100.0 * rate._latest)
            total += weight * smooth._latest
        self.signal_line._push(self._stamp, total)
        return total if self.signal_line._ready() else 0.0
