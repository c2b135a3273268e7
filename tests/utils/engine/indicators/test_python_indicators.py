"""A user's own indicators: with our base class, with another one, in both naming styles."""

from __future__ import annotations

from collections import deque
from typing import Any

import pytest

from tests.utils.engine.indicators.indicator_bars import bars, columns
from utils.engine.dotnet.exceptions import NotImplementedException
from utils.engine.indicators.data_point import IndicatorDataPoint
from utils.engine.indicators.extensions import IndicatorExtensions
from utils.engine.indicators.python_indicator import PythonIndicator
from utils.engine.indicators.sums import SimpleMovingAverage

BARS = bars(columns(12))
CLOSES = [bar.close for bar in BARS]


class Average(PythonIndicator):
    """Of the closes; calls no `__init__`, and has names of its own that could be anybody's."""

    def __init__(self, name: str, period: int) -> None:
        self.name = name
        self.value = 0.0
        self.warm_up_period = period
        self._last: Any = deque(maxlen=period)
        for taken in ("_symbol", "_samples", "_results", "_block", "_next", "_current"):
            setattr(self, taken, "mine")

    def update(self, data: Any) -> bool:
        self._last.append(data.value)
        self.value = sum(self._last) / len(self._last)
        return bool(len(self._last) == self._last.maxlen)


class Plain:
    """The same without the base class."""

    def __init__(self, period: int) -> None:
        self.value = 0.0
        self.is_ready = False
        self._last: deque[float] = deque(maxlen=period)

    def update(self, data: Any) -> None:
        self._last.append(data.value)
        self.value = sum(self._last) / len(self._last)
        self.is_ready = len(self._last) == self._last.maxlen


class Range(PythonIndicator):
    """In .NET's names, with its own readiness."""

    Value = 0.0

    @property  # type: ignore[misc]  # a user's class, which nobody checks
    def is_ready(self) -> bool:
        return self.Value > 0

    def Update(self, data: Any) -> None:
        self.Value = data.high - data.low


def test_the_engine_feeds_the_users_update() -> None:
    average, seen = Average("mine", 3), []
    average.updated += lambda sender, point: seen.append((sender, point.value))
    ready = [average.take(bar) for bar in BARS]
    assert ready == [False, False] + [True] * 10
    assert average.samples == 12
    assert average.current.value == pytest.approx(sum(CLOSES[-3:]) / 3)
    assert average.current.end_time == BARS[-1].end_time
    assert average.previous.value == pytest.approx(sum(CLOSES[-4:-1]) / 3)
    assert seen[-1] == (average, average.current.value)
    assert (average.name, average.warm_up_period) == ("mine", 3)


def test_without_the_base_class() -> None:
    wrapped = PythonIndicator(Plain(3))
    for bar in BARS:
        wrapped.take(bar)
    assert wrapped.is_ready
    assert wrapped.current.value == pytest.approx(sum(CLOSES[-3:]) / 3)
    assert (wrapped.name, wrapped.warm_up_period) == ("Plain", 0)


def test_pascal_case() -> None:
    span = Range()
    assert not span.is_ready
    span.take(BARS[0])
    assert span.current.value == BARS[0].high - BARS[0].low
    assert span.is_ready


def test_a_call_by_hand_is_the_users_alone() -> None:
    average = Average("mine", 2)
    average.update(BARS[0])
    assert (average.value, average.current.value, average.samples) == (CLOSES[0], 0.0, 0)


def test_handlers_are_called_by_on_updated() -> None:
    average = Average("mine", 2)
    smooth = IndicatorExtensions.sma(average, 2, False)
    for bar in BARS[:2]:
        average.on_updated(IndicatorDataPoint(bar.end_time, bar.close))
    assert smooth.current.value == pytest.approx(sum(CLOSES[:2]) / 2)


def test_of_another_indicator() -> None:
    simple = SimpleMovingAverage(2)
    average = IndicatorExtensions.of(Average("mine", 2), simple)
    difference = IndicatorExtensions.minus(simple, average)
    for bar in BARS[:3]:
        simple.update(bar)
    averages = [sum(CLOSES[i : i + 2]) / 2 for i in (0, 1)]
    assert average.current.value == pytest.approx(sum(averages) / 2)
    assert difference.current.value == pytest.approx(averages[1] - sum(averages) / 2)


def test_what_is_missing_is_named() -> None:
    class Empty(PythonIndicator):
        pass

    with pytest.raises(NotImplementedException, match=r"Indicator.update must be implemented.* in Empty"):
        Empty().take(BARS[0])
    with pytest.raises(NotImplementedException, match=r"class object\(PythonIndicator\)"):
        PythonIndicator(object())
