"""The window over an indicator's past values."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import islice
from operator import index
from typing import TYPE_CHECKING, Any, cast

from utils.engine.dotnet.exceptions import (
    ArgumentException,
    ArgumentOutOfRangeException,
    InvalidOperationException,
)
from utils.engine.indicators.data_point import IndicatorDataPoint, data_point
from utils.engine.indicators.rolling_window import RollingWindow

if TYPE_CHECKING:
    from utils.engine.indicators.base import IndicatorBase

# (time, value, symbol): a data point is made of it when somebody looks.
Result = tuple[Any, float, Any]


class IndicatorWindow(RollingWindow[IndicatorDataPoint]):
    """A `RollingWindow` that makes the indicator's data points when they are looked at.

    The indicator keeps one result more than the window holds: the one most recently removed.
    """

    _owner: IndicatorBase

    def __init__(self, owner: IndicatorBase) -> None:
        self._owner = owner

    @property
    def _results(self) -> deque[Result]:
        return self._owner.results()

    @property
    def size(self) -> int:
        """Data points that the window can hold."""
        return cast(int, self._results.maxlen) - 1

    @size.setter
    def size(self, size: int) -> None:
        size = index(size)
        if size < 0:
            raise ArgumentException("RollingWindow must have size of at least 0. (Parameter 'size')")
        held = islice(self._results, min(size, self.count))
        self._owner.set_results(deque(held, maxlen=size + 1))

    @property
    def count(self) -> int:
        """Data points that it holds."""
        return min(len(self._results), self.size)

    @property
    def samples(self) -> int:
        """Data points ever added, with the zero that the indicator starts with."""
        return self._owner.emissions

    @property
    def is_ready(self) -> bool:
        """Whether as many data points were added as the window can hold."""
        return self.samples >= self.size

    @property
    def most_recently_removed(self) -> IndicatorDataPoint:
        """The data point that the last one pushed out.

        Raises:
            InvalidOperationException: none was pushed out yet.
        """
        results = self._results
        if self.samples <= self.size or len(results) <= self.size:
            raise InvalidOperationException("No items have been removed yet!")
        return _point(results[-1])

    def add(self, item: IndicatorDataPoint) -> None:
        """Put in a data point."""
        self._owner.add_result(item)

    def reset(self) -> None:
        """Drop all data points."""
        self._results.clear()

    def __getitem__(self, i: int) -> IndicatorDataPoint:
        i = index(i)
        if i == 0:
            return self._owner.current
        count = self.count
        if i < 0:
            if self.size + i < 0:
                raise ArgumentOutOfRangeException(
                    f"Index must be a non-negative integer (Parameter 'i')\nActual value was {i}."
                )
            i += count
        if 0 <= i < count:
            return _point(self._results[i])
        if i >= self.size:
            self.size = i + 1
        return cast(IndicatorDataPoint, None)

    def __setitem__(self, i: int, item: IndicatorDataPoint) -> None:
        self._results[index(i)] = (item.time, item.value, item.symbol)

    def __iter__(self) -> Iterator[IndicatorDataPoint]:
        return iter([_point(result) for result in islice(self._results, self.count)])

    def __len__(self) -> int:
        return self.count


def _point(result: Result) -> IndicatorDataPoint:
    time, value, symbol = result
    return data_point(symbol, time, value)
