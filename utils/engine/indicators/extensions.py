"""Indicators of indicators."""

from __future__ import annotations

from typing import Any, TypeVar

from utils.engine.dotnet.naming import DotNet
from utils.engine.indicators.base import IndicatorBase
from utils.engine.indicators.changes import WindowIdentity
from utils.engine.indicators.composite import (
    CompositeIndicator,
    ConstantIndicator,
    IndicatorResult,
    IndicatorStatus,
    ResetCompositeIndicator,
)
from utils.engine.indicators.data_point import IndicatorDataPoint
from utils.engine.indicators.extremes import Maximum, Minimum
from utils.engine.indicators.moving_averages import ExponentialMovingAverage
from utils.engine.indicators.naming import setting_text
from utils.engine.indicators.sums import SimpleMovingAverage, Sum

T = TypeVar("T", bound=IndicatorBase)


class _Feed:
    """Handler of the first indicator: passes its values on to the second."""

    __slots__ = ("target", "wait")

    def __init__(self, target: IndicatorBase, wait: bool) -> None:
        self.target = target
        self.wait = wait

    def __call__(self, sender: IndicatorBase, point: IndicatorDataPoint) -> None:
        if not self.wait or sender.is_ready:
            self.target.take(point)


class IndicatorExtensions(DotNet):
    """LEAN's `IndicatorExtensions`; a number may stand for the second indicator of an operation."""

    @staticmethod
    def of(second: T, first: Any, wait_for_first_to_ready: bool = True) -> T:
        """`second` of the values of `first`.

        Args:
            second: takes the values.
            first: gives them.
            wait_for_first_to_ready: pass on only values that count.
        """
        first.updated += _Feed(second, wait_for_first_to_ready)
        return second

    @staticmethod
    def plus(left: Any, right: Any, name: str | None = None) -> CompositeIndicator:
        """Sum of two."""
        return CompositeIndicator(name, left, _operand(right), lambda a, b: a.current.value + b.current.value)

    @staticmethod
    def minus(left: Any, right: Any, name: str | None = None) -> CompositeIndicator:
        """Difference of two."""
        return CompositeIndicator(name, left, _operand(right), lambda a, b: a.current.value - b.current.value)

    @staticmethod
    def times(left: Any, right: Any, name: str | None = None) -> CompositeIndicator:
        """Product of two."""
        return CompositeIndicator(name, left, _operand(right), lambda a, b: a.current.value * b.current.value)

    @staticmethod
    def over(left: Any, right: Any, name: str | None = None) -> CompositeIndicator:
        """Quotient of two; there is none when the right one is zero."""
        return CompositeIndicator(name, left, _operand(right), _quotient)

    @staticmethod
    def weighted_by(value: Any, weight: Any, period: int) -> CompositeIndicator:
        """Average of `value` over the last `period`, weighted by `weight`."""
        x, y = WindowIdentity(period), WindowIdentity(period)
        numerator, denominator = Sum("Sum_xy", period), Sum("Sum_y", period)

        def on_value(_sender: Any, point: IndicatorDataPoint) -> None:
            x.take(point)
            if x.samples == y.samples:
                numerator.update(point.end_time, point.value * y.current.value)

        def on_weight(_sender: Any, point: IndicatorDataPoint) -> None:
            y.take(point)
            if x.samples == y.samples:
                numerator.update(point.end_time, point.value * x.current.value)
            denominator.take(point)

        value.updated += on_value
        weight.updated += on_weight

        def reset() -> None:
            x.reset()
            y.reset()

        name = f"RESET_COMPOSE({numerator.name},{denominator.name})"
        return ResetCompositeIndicator(name, numerator, denominator, _quotient, reset)

    @staticmethod
    def ema(
        left: Any, period: int, smoothing_factor: float | None = None, wait_for_first_to_ready: bool = True
    ) -> ExponentialMovingAverage:
        """Exponential average of an indicator."""
        average = ExponentialMovingAverage(f"EMA{period}_Of_{left.name}", period, smoothing_factor)
        return IndicatorExtensions.of(average, left, wait_for_first_to_ready)

    @staticmethod
    def sma(left: Any, period: int, wait_for_first_to_ready: bool = True) -> SimpleMovingAverage:
        """Simple average of an indicator."""
        average = SimpleMovingAverage(f"SMA{period}_Of_{left.name}", period)
        return IndicatorExtensions.of(average, left, wait_for_first_to_ready)

    @staticmethod
    def max(left: Any, period: int, wait_for_first_to_ready: bool = True) -> Maximum:
        """Highest of an indicator."""
        highest = Maximum(f"MAX{period}_Of_{left.name}", period)
        return IndicatorExtensions.of(highest, left, wait_for_first_to_ready)

    @staticmethod
    def min(left: Any, period: int, wait_for_first_to_ready: bool = True) -> Minimum:
        """Lowest of an indicator."""
        lowest = Minimum(f"MIN{period}_Of_{left.name}", period)
        return IndicatorExtensions.of(lowest, left, wait_for_first_to_ready)

    @staticmethod
    def update(indicator: Any, time: Any, value: float) -> bool:
        """`indicator.update(time, value)`."""
        return bool(indicator.update(time, value))

    # .NET's own spellings of the four that are all capitals there.
    EMA = ema
    SMA = sma
    MAX = max  # noqa: A003 - LEAN's
    MIN = min  # noqa: A003 - LEAN's


def _operand(right: Any) -> IndicatorBase:
    if isinstance(right, IndicatorBase):
        return right
    return ConstantIndicator(setting_text(right), right)


def _quotient(left: IndicatorBase, right: IndicatorBase) -> IndicatorResult | float:
    divisor = right.current.value
    if divisor == 0:
        return IndicatorResult(0.0, IndicatorStatus.MATH_ERROR)
    return left.current.value / divisor
