"""Sums over the last values."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import chain
from math import fsum, sqrt
from typing import Any

from utils.engine.indicators.kinds import Output, WindowIndicator
from utils.engine.indicators.naming import named


class RunningSum:
    """A sum that values enter and leave, with the rounding errors carried along.

    Prices repeat: without the errors, averages of equal values would differ in the last digits.
    """

    __slots__ = ("_error", "_total")

    def __init__(self) -> None:
        self._total = 0.0
        self._error = 0.0

    def add(self, value: float) -> float:
        """The sum with `value` in it."""
        before = self._total
        self._total = total = before + value
        # Neumaier (1974): the part of the smaller one that the sum lost.
        if abs(before) >= abs(value):
            self._error += (before - total) + value
        else:
            self._error += (value - total) + before
        return total + self._error

    @property
    def value(self) -> float:
        """The sum."""
        return self._total + self._error

    def set(self, total: float, error: float) -> None:
        """Set the sum."""
        self._total, self._error = total, error

    def rolled(
        self, inside: deque[float], coming: list[float], period: int
    ) -> tuple[list[float], list[float]]:
        """Sums and errors after each value that comes in, when at most `period` are in it.

        Args:
            inside: values that are in the sum, oldest first.
            coming: values that come.
            period: how many can be in it.
        """
        total, error = self._total, self._error
        totals, errors = [], []
        full = period - len(inside)
        leaving = chain(inside, coming)
        # The same steps as `add`, without its calls.
        for i, value in enumerate(coming):
            for change in (-next(leaving), value) if i >= full else (value,):
                before = total
                total = before + change
                if abs(before) >= abs(change):
                    error += (before - total) + change
                else:
                    error += (change - total) + before
            totals.append(total)
            errors.append(error)
        return totals, errors


class Sum(WindowIndicator):
    """Sum of the last `period` values."""

    @named("SUM({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name, period)

    def _start(self) -> None:
        super()._start()
        self._sum = RunningSum()

    def _next(self, data: float) -> float:
        values = self._values
        if len(values) == self.period:
            self._sum.add(-values[0])
        values.append(data)
        return self._sum.add(data)


class SimpleMovingAverage(WindowIndicator):
    """Mean of the last `period` values; before there are as many, of all.

    Attributes:
        rolling_sum: their sum.
    """

    rolling_sum: Output

    @named("SMA({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name, period)
        self.rolling_sum = Output(name + "_Sum", self._ready)

    def _start(self) -> None:
        super()._start()
        self._sum = RunningSum()

    def _next(self, data: float) -> float:
        values = self._values
        if len(values) == self.period:
            self._sum.add(-values[0])
        values.append(data)
        total = self._sum.add(data)
        self.rolling_sum._push(self._stamp, total)
        return total / len(values)

    def _ahead(self, values: list[float]) -> list[float]:
        self._sums = self._sum.rolled(self._values, values, self.period)
        count = len(self._values)
        return [
            (total + error) / min(count + i, self.period)
            for i, (total, error) in enumerate(zip(*self._sums, strict=True), 1)
        ]

    def _follow(self, values: Sequence[float], times: Sequence[Any], first: int) -> None:
        totals, errors = self._sums
        self._values.extend(values)
        for row, time in enumerate(times, first):
            self.rolling_sum._push(time, totals[row] + errors[row])
        last = first + len(values) - 1
        self._sum.set(totals[last], errors[last])


class Variance(WindowIndicator):
    """Mean square distance from the mean of the last `period` values (of the population)."""

    @named("VAR({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name, period)

    def _start(self) -> None:
        super()._start()
        self._equal = 0
        self._rebase()

    def _rebase(self) -> None:
        """Sum anew, as distances from a value near the mean: squares of prices would lose the variance."""
        values = self._values
        self._origin = origin = fsum(values) / len(values) if values else 0.0
        self._sum = fsum(value - origin for value in values)
        self._squares = fsum((value - origin) ** 2 for value in values)
        self._steps = 0

    def _variance(self, data: float) -> float:
        values = self._values
        self._equal = self._equal + 1 if values and values[-1] == data else 1
        origin = self._origin
        if len(values) == self.period:
            distance = values[0] - origin
            self._sum -= distance
            self._squares -= distance * distance
        values.append(data)
        distance = data - origin
        self._sum += distance
        self._squares += distance * distance
        self._steps += 1
        if self._steps * 2 >= len(values):
            self._rebase()
        count = len(values)
        # Exactly zero, as in decimal arithmetic: bands without a width have no value.
        if self._equal >= count:
            return 0.0
        mean = self._sum / count
        return max(0.0, self._squares / count - mean * mean)

    def _next(self, data: float) -> float:
        return self._variance(data)


class StandardDeviation(Variance):
    """Square root of the variance."""

    @named("STD({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name, period)

    def _next(self, data: float) -> float:
        return sqrt(self._variance(data))


class MeanAbsoluteDeviation(WindowIndicator):
    """Mean distance of the last `period` values from their mean.

    Attributes:
        mean: their mean.
    """

    mean: SimpleMovingAverage

    @named("MAD({period})")
    def __init__(self, name: str, period: int) -> None:
        super().__init__(name, period)
        self.mean = SimpleMovingAverage(name + "_Mean", period)

    def _next(self, data: float) -> float:
        values: deque[float] = self._values
        values.append(data)
        self.mean._push(self._stamp, data)
        if self._samples < 2:
            return 0.0
        mean = self.mean._latest
        return fsum([abs(value - mean) for value in values]) / len(values)
