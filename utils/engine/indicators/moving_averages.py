"""Moving averages that have a `MovingAverageType`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from copy import copy
from decimal import Decimal
from typing import Any

from utils.engine.dotnet.enums import LeanEnum
from utils.engine.dotnet.exceptions import ArgumentException, ArgumentOutOfRangeException
from utils.engine.indicators.changes import Delay, KaufmanEfficiencyRatio
from utils.engine.indicators.kinds import Indicator, WindowIndicator
from utils.engine.indicators.naming import named, setting_text
from utils.engine.indicators.sums import SimpleMovingAverage
from utils.engine.indicators.wilder import WilderMovingAverage


class MovingAverageType(LeanEnum):
    """How to average."""

    SIMPLE = 0
    EXPONENTIAL = 1
    WILDERS = 2
    LINEAR_WEIGHTED_MOVING_AVERAGE = 3
    DOUBLE_EXPONENTIAL = 4
    TRIPLE_EXPONENTIAL = 5
    TRIANGULAR = 6
    T3 = 7
    KAMA = 8
    HULL = 9
    ALMA = 10
    ZLEMA = 11
    MGD = 12


def _ema_name(period: int, smoothing_factor: float | None = None) -> str:
    return f"EMA({period})" if smoothing_factor is None else f"EMA({period},{setting_text(smoothing_factor)})"


class ExponentialMovingAverage(Indicator):
    """Exponential average; its first value is the simple average of `period` values.

    Args:
        name: its name.
        period: values before it is ready.
        smoothing_factor: weight of the newest value; left out, 2 / (period + 1).
    """

    @named(_ema_name)
    def __init__(self, name: str, period: int, smoothing_factor: float | None = None) -> None:
        super().__init__(name)
        self.warm_up_period = self._period = int(period)
        self._weight = (
            self.smoothing_factor_default(period) if smoothing_factor is None else float(smoothing_factor)
        )
        self._first = SimpleMovingAverage(period)

    @staticmethod
    def smoothing_factor_default(period: int) -> float:
        """2 / (period + 1)."""
        return 2.0 / (1 + period)

    def _ready(self) -> bool:
        return self._samples >= self._period

    def _next(self, data: float) -> float:
        if self._samples > self._period:
            last: float = self._results[0][1]
            # Of a constant price, averages in this form come nearer from their side and never cross.
            return last + (data - last) * self._weight
        self._first._push(self._stamp, data)
        return self._first._latest if self._samples == self._period else 0.0

    def _ahead(self, values: list[float]) -> list[float]:
        weight = self._weight
        seeding = max(self._period - self._samples, 0)
        outputs = [0.0] * min(seeding, len(values))
        last = self._latest
        if 0 < seeding <= len(values):
            total = copy(self._first._sum)
            for value in values[:seeding]:
                last = total.add(value) / self._period
            outputs[-1] = last
        outputs += [last := last + (value - last) * weight for value in values[seeding:]]
        return outputs

    def _follow(self, values: Sequence[float], times: Sequence[Any], first: int) -> None:
        seeding = max(self._period - self._samples, 0)
        for value, time in zip(values[:seeding], times[:seeding], strict=True):
            self._first._push(time, value)


class LinearWeightedMovingAverage(WindowIndicator):
    """Average with weights 1 (oldest) to `period` (newest)."""

    @named("LWMA({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name, period)
        self._denominator = period * (period + 1) // 2

    def _next(self, data: float) -> float:
        values = self._values
        values.append(data)
        if len(values) < self.period:
            return 0.0
        return math.fsum([weight * value for weight, value in enumerate(values, 1)]) / self._denominator


class DoubleExponentialMovingAverage(Indicator):
    """Exponential average with less lag: `volume_factor` of the average of averages is taken off."""

    @named("DEMA({period})")
    def __init__(self, name: str, period: int, volume_factor: float = 1.0) -> None:
        super().__init__(name)
        self.warm_up_period = 1 + 2 * (period - 1)
        self._volume_factor = float(volume_factor)
        self._ema1 = ExponentialMovingAverage(name + "_1", period)
        self._ema2 = ExponentialMovingAverage(name + "_2", period)

    def _ready(self) -> bool:
        return self._samples >= self.warm_up_period

    def _next(self, data: float) -> float:
        self._ema1._push(self._stamp, data)
        first = self._ema1._latest
        if not self._ema1._ready():
            return first
        self._ema2._push(self._stamp, first)
        return (self._volume_factor + 1.0) * first - self._volume_factor * self._ema2._latest


class TripleExponentialMovingAverage(Indicator):
    """Three times the average and the average of averages apart, plus the average of those."""

    @named("TEMA({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name)
        self.warm_up_period = 3 * (period - 1) + 1
        self._ema1 = ExponentialMovingAverage(name + "_1", period)
        self._ema2 = ExponentialMovingAverage(name + "_2", period)
        self._ema3 = ExponentialMovingAverage(name + "_3", period)

    def _ready(self) -> bool:
        return self._ema3._ready()

    def _next(self, data: float) -> float:
        self._ema1._push(self._stamp, data)
        if self._ema1._ready():
            self._ema2._push(self._stamp, self._ema1._latest)
        if self._ema2._ready():
            self._ema3._push(self._stamp, self._ema2._latest)
        if not self._ready():
            return 0.0
        return 3.0 * self._ema1._latest - 3.0 * self._ema2._latest + self._ema3._latest


class TriangularMovingAverage(Indicator):
    """Simple average of simple averages, together over `period` values."""

    @named("TRIMA({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name)
        self.warm_up_period = int(period)
        half = period // 2 if period % 2 == 0 else (period + 1) // 2
        self._sma1 = SimpleMovingAverage(name + "_1", half)
        self._sma2 = SimpleMovingAverage(name + "_2", half + 1 if period % 2 == 0 else half)

    def _ready(self) -> bool:
        return self._samples >= self.warm_up_period

    def _next(self, data: float) -> float:
        self._sma1._push(self._stamp, data)
        self._sma2._push(self._stamp, self._sma1._latest)
        return self._sma2._latest


class T3MovingAverage(Indicator):
    """Three double exponential averages, one of the other."""

    @named("T3({period},{volume_factor})")
    def __init__(self, name: str, period: int, volume_factor: float = 0.7) -> None:
        super().__init__(name)
        self.warm_up_period = 1 + 6 * (period - 1)
        self._gd1 = DoubleExponentialMovingAverage(name + "_1", period, volume_factor)
        self._gd2 = DoubleExponentialMovingAverage(name + "_2", period, volume_factor)
        self._gd3 = DoubleExponentialMovingAverage(name + "_3", period, volume_factor)

    def _ready(self) -> bool:
        return self._samples >= self.warm_up_period

    def _next(self, data: float) -> float:
        self._gd1._push(self._stamp, data)
        if not self._gd1._ready():
            return self._gd1._latest
        self._gd2._push(self._stamp, self._gd1._latest)
        if not self._gd2._ready():
            return self._gd2._latest
        self._gd3._push(self._stamp, self._gd2._latest)
        return self._gd3._latest


class KaufmanAdaptiveMovingAverage(KaufmanEfficiencyRatio):
    """Average that follows a trend quickly and noise slowly."""

    @named("KAMA({period},{fast_ema_period},{slow_ema_period})")
    def __init__(self, name: str, period: int, fast_ema_period: int = 2, slow_ema_period: int = 30) -> None:
        super().__init__(name, period)
        self._slow = 2.0 / (slow_ema_period + 1.0)
        self._difference = 2.0 / (fast_ema_period + 1.0) - self._slow

    def _start(self) -> None:
        super()._start()
        self._average = 0.0

    def _next(self, data: float) -> float:
        ratio = super()._next(data)
        if self._samples < self.period:
            return data
        if self._samples == self.period:
            self._average = self._values[-2]
        smoothing = (ratio * self._difference + self._slow) ** 2
        self._average += (data - self._average) * smoothing
        return self._average


class HullMovingAverage(Indicator):
    """Weighted average of twice a short weighted average less a long one.

    Raises:
        ArgumentException: a period below 2.
    """

    @named("HMA({period})")
    def __init__(self, name: str, period: int) -> None:
        if period < 2:
            raise ArgumentException(
                "The Hull Moving Average period should be greater or equal to 2 (Parameter 'period')"
            )
        super().__init__(name)
        last = round(math.sqrt(period))
        self.warm_up_period = period + last - 1
        self._slow = LinearWeightedMovingAverage(period)
        self._fast = LinearWeightedMovingAverage(round(period / 2))
        self._last_average = LinearWeightedMovingAverage(last)

    def _ready(self) -> bool:
        return self._last_average._ready()

    def _next(self, data: float) -> float:
        self._fast._push(self._stamp, data)
        self._slow._push(self._stamp, data)
        if self._fast._ready() and self._slow._ready():
            self._last_average._push(self._stamp, 2.0 * self._fast._latest - self._slow._latest)
        return self._last_average._latest


def _alma_name(period: int, sigma: int = 6, offset: float = 0.85) -> str:
    return f"ALMA({period},{sigma},{setting_text(offset)})"


class ArnaudLegouxMovingAverage(WindowIndicator):
    """Average with weights of a bell curve.

    Args:
        name: its name.
        period: values in it.
        sigma: the larger, the narrower the curve.
        offset: place of the curve's top, 0 (oldest value) to 1 (newest).

    Raises:
        ArgumentException: an offset outside 0..1.
    """

    @named(_alma_name)
    def __init__(self, name: str, period: int, sigma: int = 6, offset: float = 0.85) -> None:
        super().__init__(name, period)
        if not 0 <= offset <= 1:
            raise ArgumentException(
                f"Offset parameter range is [0,1]. Value: {setting_text(offset)} (Parameter 'offset')"
            )
        top = int(Decimal(str(offset)) * (period - 1))
        width = period / sigma
        curve = [math.exp(-((i - top) ** 2) / (2.0 * width * width)) for i in range(period)]
        total = math.fsum(curve)
        self._weights = [weight / total for weight in curve]

    def _next(self, data: float) -> float:
        values = self._values
        values.append(data)
        if len(values) < self.period:
            return data
        return math.fsum([weight * value for weight, value in zip(self._weights, values, strict=True)])


class ZeroLagExponentialMovingAverage(WindowIndicator):
    """Exponential average of values moved on by what they changed over half the period."""

    @named("ZLEMA({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name, period)
        self.warm_up_period = period + period // 2
        self._ema = ExponentialMovingAverage(name + "_EMA", period)
        self._delayed = Delay(round((period - 1) / 2.0))

    def _ready(self) -> bool:
        return self._delayed._ready() and self._ema._ready()

    def _next(self, data: float) -> float:
        self._delayed._push(self._stamp, data)
        if not self._delayed._ready():
            return 0.0
        self._ema._push(self._stamp, data + (data - self._delayed._latest))
        return self._ema._latest


class McGinleyDynamic(WindowIndicator):
    """Average that speeds up in falling markets."""

    @named("MGD({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name, period)
        self._first = SimpleMovingAverage(name + "_Sum", period)

    def _next(self, data: float) -> float:
        if self._samples <= self.period:
            self._first._push(self._stamp, data)
            return self._first._latest if self._samples == self.period else 0.0
        before = self._latest
        if before == 0 or data == 0:
            return before
        return before + (data - before) / (self.period * (data / before) ** 4)


_AVERAGES: dict[int, type[Indicator]] = {
    MovingAverageType.SIMPLE: SimpleMovingAverage,
    MovingAverageType.EXPONENTIAL: ExponentialMovingAverage,
    MovingAverageType.WILDERS: WilderMovingAverage,
    MovingAverageType.LINEAR_WEIGHTED_MOVING_AVERAGE: LinearWeightedMovingAverage,
    MovingAverageType.DOUBLE_EXPONENTIAL: DoubleExponentialMovingAverage,
    MovingAverageType.TRIPLE_EXPONENTIAL: TripleExponentialMovingAverage,
    MovingAverageType.TRIANGULAR: TriangularMovingAverage,
    MovingAverageType.T3: T3MovingAverage,
    MovingAverageType.KAMA: KaufmanAdaptiveMovingAverage,
    MovingAverageType.HULL: HullMovingAverage,
    MovingAverageType.ALMA: ArnaudLegouxMovingAverage,
    MovingAverageType.ZLEMA: ZeroLagExponentialMovingAverage,
    MovingAverageType.MGD: McGinleyDynamic,
}


def average(kind: MovingAverageType, period: int, name: str | None = None) -> Indicator:
    """A moving average of a kind, with a name or its own.

    Raises:
        ArgumentOutOfRangeException: no such kind.
    """
    cls = _AVERAGES.get(kind)
    if cls is None:
        raise ArgumentOutOfRangeException(
            "Specified argument was out of the range of valid values. (Parameter 'movingAverageType')"
        )
    return cls(period) if name is None else cls(name, period)  # type: ignore[arg-type, call-arg]  # named()
