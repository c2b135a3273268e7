"""True range and what is made of it."""

from __future__ import annotations

from math import fsum, log10
from typing import Any

from utils.engine.indicators.base import IndicatorBase
from utils.engine.indicators.kinds import BarIndicator, Output
from utils.engine.indicators.moving_averages import MovingAverageType, average
from utils.engine.indicators.naming import named
from utils.engine.indicators.rolling_window import RollingWindow
from utils.engine.indicators.sums import SimpleMovingAverage
from utils.engine.indicators.wilder import WilderMovingAverage


class TrueRange(BarIndicator):
    """Range of the bar with the close before in it."""

    def __init__(self, name: str = "TR") -> None:
        super().__init__(name)
        self.warm_up_period = 2

    def _start(self) -> None:
        self._close = 0.0

    def _ready(self) -> bool:
        return self._samples > 1

    def _next(self, data: Any) -> float:
        high, low = data.high, data.low
        greatest: float = high - low
        if self._samples > 1:
            greatest = max(greatest, abs(self._close - high), abs(self._close - low))
        self._close = data.close
        return greatest


class AverageTrueRange(BarIndicator):
    """Average of the true range.

    Attributes:
        true_range: of the bar.
    """

    true_range: TrueRange

    @named("ATR({period})")
    def __init__(
        self, name: str, period: int, moving_average_type: MovingAverageType = MovingAverageType.WILDERS
    ) -> None:
        super().__init__(name)
        self.warm_up_period = int(period)
        self.true_range = TrueRange(name)
        self._smoother = average(moving_average_type, period, f"{name}_{moving_average_type}")

    def _ready(self) -> bool:
        return self._smoother._ready()

    def _next(self, data: Any) -> float:
        self.true_range._push(self._stamp, data)
        self._smoother._push(self._stamp, self.true_range._latest)
        return self._smoother._latest


class NormalizedAverageTrueRange(BarIndicator):
    """Average true range in percent of the close."""

    @named("NATR({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name)
        self._period = period
        self.warm_up_period = period + 1
        self._true_range = TrueRange(name + "_TR")
        self._first = AverageTrueRange(name + "_ATR", period, MovingAverageType.SIMPLE)

    def _start(self) -> None:
        self._average = 0.0

    def _ready(self) -> bool:
        return self._samples > self._period

    def _next(self, data: Any) -> float:
        self._true_range._push(self._stamp, data)
        if self._samples <= self._period + 1:
            self._first._push(self._stamp, data)
            self._average = self._first._latest
        else:
            self._average = (self._average * (self._period - 1) + self._true_range._latest) / self._period
        return self._average / data.close * 100.0 if data.close != 0 else 0.0


class AverageRange(BarIndicator):
    """Average of high less low."""

    @named("AR({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name)
        self.warm_up_period = int(period)
        self._average = SimpleMovingAverage(name + "_SMA", period)

    def _ready(self) -> bool:
        return self._average._ready()

    def _next(self, data: Any) -> float:
        self._average._push(self._stamp, data.high - data.low)
        return self._average._latest


class AverageDirectionalIndex(BarIndicator):
    """Strength of a trend, 0 to 100.

    Attributes:
        positive_directional_index: share of the upward moves in the ranges.
        negative_directional_index: share of the downward moves in the ranges.
    """

    positive_directional_index: IndicatorBase
    negative_directional_index: IndicatorBase

    @named("ADX({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name)
        self._period = period
        self.warm_up_period = period * 2
        self.positive_directional_index = Output(name + "_PositiveDirectionalIndex", self._moves_ready)
        self.negative_directional_index = Output(name + "_NegativeDirectionalIndex", self._moves_ready)
        self._average = WilderMovingAverage(period)

    def _start(self) -> None:
        self._high = self._low = self._close = 0.0
        self._ranges = self._ups = self._downs = 0.0

    def _moves_ready(self) -> bool:
        return self._samples > self._period

    def _ready(self) -> bool:
        return self._average._ready()

    def _moves(self, data: Any) -> tuple[float, float, float]:
        """True range, move up, move down; nothing at the first bar."""
        high, low = data.high, data.low
        span = up = down = 0.0
        if self._samples > 1:
            span = max(high - low, abs(high - self._close), abs(low - self._close))
            rise, fall = high - self._high, self._low - low
            if rise > 0 and rise >= fall:
                up = rise
            if fall > 0 and fall > rise:
                down = fall
        self._high, self._low, self._close = high, low, data.close
        return span, up, down

    def _next(self, data: Any) -> float:
        span, up, down = self._moves(data)
        # Sums of the first `period` moves, then Wilder's smoothing.
        kept = 1.0 - 1.0 / self._period if self._samples > self._period + 1 else 1.0
        self._ranges = self._ranges * kept + span
        self._ups = self._ups * kept + up
        self._downs = self._downs * kept + down
        plus = minus = 0.0
        if self._ranges != 0 and self._moves_ready():
            plus = 100.0 * self._ups / self._ranges
            minus = 100.0 * self._downs / self._ranges
        self.positive_directional_index._push(self._stamp, plus)
        self.negative_directional_index._push(self._stamp, minus)
        if plus + minus == 0:
            return 50.0
        self._average._push(self._stamp, 100.0 * abs(plus - minus) / (plus + minus))
        return self._average._latest


class AverageDirectionalMovementIndexRating(BarIndicator):
    """Mean of the directional index and that of `period` bars back.

    Attributes:
        adx: the directional index.
    """

    adx: AverageDirectionalIndex

    @named("ADXR({period})")
    def __init__(self, name: str, period: int) -> None:
        self._history: RollingWindow[float] = RollingWindow(period)
        super().__init__(name)
        self._period = period
        self.warm_up_period = period * 3 - 1
        self.adx = AverageDirectionalIndex(name + "_ADX", period)

    @property
    def ADX(self) -> AverageDirectionalIndex:  # noqa: N802 - LEAN's
        """The directional index."""
        return self.adx

    def _start(self) -> None:
        self._history.reset()

    def _ready(self) -> bool:
        return self._history.is_ready

    def _next(self, data: Any) -> float:
        self.adx._push(self._stamp, data)
        if self.adx._ready():
            self._history.add(self.adx._latest)
        return (self.adx._latest + self._history[self._period - 1]) / 2 if self._ready() else 50.0


class ChoppinessIndex(BarIndicator):
    """Way of the price against its span, 0 (trend) to 100."""

    @named("CHOP({period})")
    def __init__(self, name: str, period: int) -> None:
        self._highs: RollingWindow[float] = RollingWindow(period)
        self._lows: RollingWindow[float] = RollingWindow(period)
        self._ranges: RollingWindow[float] = RollingWindow(period)
        super().__init__(name)
        self.warm_up_period = int(period)
        self._true_range = TrueRange()

    def _start(self) -> None:
        for window in (self._highs, self._lows, self._ranges):
            window.reset()

    def _ready(self) -> bool:
        return self._samples >= self.warm_up_period

    def _next(self, data: Any) -> float:
        self._true_range._push(self._stamp, data)
        self._highs.add(data.high)
        self._lows.add(data.low)
        self._ranges.add(self._true_range._latest)
        if not self._ready():
            return 0.0
        span = max(self._highs) - min(self._lows)
        if span == 0:
            return 100.0
        return 100.0 * log10(fsum(self._ranges) / span) / log10(self.warm_up_period)
