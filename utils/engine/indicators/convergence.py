"""Convergence and divergence of a fast and a slow average."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.indicators.base import IndicatorBase
from utils.engine.indicators.block import advance_below
from utils.engine.indicators.kinds import Indicator, Output
from utils.engine.indicators.moving_averages import MovingAverageType, average
from utils.engine.indicators.naming import named


class MovingAverageConvergenceDivergence(Indicator):
    """Fast average less slow average.

    Attributes:
        fast: the fast average.
        slow: the slow average.
        signal: average of the difference.
        histogram: difference less signal.

    Raises:
        ArgumentException: the fast period is not the shorter one.
    """

    fast: IndicatorBase
    slow: IndicatorBase
    signal: IndicatorBase
    histogram: IndicatorBase

    @named("MACD({fast_period},{slow_period},{signal_period})")
    def __init__(
        self,
        name: str,
        fast_period: int,
        slow_period: int,
        signal_period: int,
        type: MovingAverageType = MovingAverageType.EXPONENTIAL,  # noqa: A002 - LEAN's
    ) -> None:
        if fast_period >= slow_period:
            raise ArgumentException(
                "MovingAverageConvergenceDivergence: fastPeriod must be less than slowPeriod "
                "(Parameter 'fastPeriod, slowPeriod')"
            )
        super().__init__(name)
        self.fast = average(type, fast_period, name + "_Fast")
        self.slow = average(type, slow_period, name + "_Slow")
        self.signal = average(type, signal_period, name + "_Signal")
        self.histogram = Output(name + "_Histogram")
        self.warm_up_period = slow_period + signal_period - 1

    def _ready(self) -> bool:
        return self.signal._ready()

    def _next(self, data: float) -> float:
        stamp = self._stamp
        self.fast._push(stamp, data)
        self.slow._push(stamp, data)
        line = self.fast._latest - self.slow._latest
        if self.fast._ready() and self.slow._ready():
            self.signal._push(stamp, line)
            if self.signal._ready():
                self.histogram._push(stamp, line - self.signal._latest)
        return line

    def _ahead(self, values: list[float]) -> list[float] | None:
        fast, slow = self.fast._ahead(values), self.slow._ahead(values)
        if fast is None or slow is None:
            return None
        lines = [quick - lazy for quick, lazy in zip(fast, slow, strict=True)]
        begin = max(self._left(self.fast), self._left(self.slow))
        signal = self.signal._ahead(lines[begin:])
        assert signal is not None  # of the same kind as the others
        shown = begin + self._left(self.signal)
        bars = [line - mean for line, mean in zip(lines[shown:], signal[shown - begin :], strict=True)]
        # Row at which its inputs begin, inputs, outputs.
        self._below = (
            (self.fast, 0, values, fast),
            (self.slow, 0, values, slow),
            (self.signal, begin, lines[begin:], signal),
            (self.histogram, shown, bars, bars),
        )
        return lines

    @staticmethod
    def _left(average: Any) -> int:
        """Inputs before the one that makes it ready."""
        return max(int(average.warm_up_period) - int(average._samples) - 1, 0)

    def _follow(self, values: Sequence[float], times: Sequence[Any], first: int) -> None:
        for child, offset, inputs, outputs in self._below:
            advance_below(child, offset, inputs, outputs, times, first)


class AbsolutePriceOscillator(MovingAverageConvergenceDivergence):
    """Fast average less slow average, in the price's unit."""

    @named("APO({fast_period},{slow_period})")
    def __init__(
        self,
        name: str,
        fast_period: int,
        slow_period: int,
        moving_average_type: MovingAverageType = MovingAverageType.SIMPLE,
    ) -> None:
        super().__init__(name, fast_period, slow_period, slow_period, moving_average_type)


class PercentagePriceOscillator(AbsolutePriceOscillator):
    """Fast average less slow average, in percent of the slow one."""

    @named("PPO({fast_period},{slow_period})")
    def __init__(
        self,
        name: str,
        fast_period: int,
        slow_period: int,
        moving_average_type: MovingAverageType = MovingAverageType.SIMPLE,
    ) -> None:
        super().__init__(name, fast_period, slow_period, moving_average_type)

    def _next(self, data: float) -> float:
        line = super()._next(data)
        return _percent(line, self.slow._latest)

    def _ahead(self, values: list[float]) -> list[float] | None:
        lines = super()._ahead(values)
        return None if lines is None else list(map(_percent, lines, self._below[1][3]))


def _percent(line: float, slow: float) -> float:
    return 100.0 * line / slow if slow != 0 else 0.0
