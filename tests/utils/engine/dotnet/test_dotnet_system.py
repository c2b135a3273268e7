"""TimeSpan, DateTime, Math and the rest of `System`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.engine.dotnet.date_time import DateTime
from utils.engine.dotnet.drawing import Color
from utils.engine.dotnet.exceptions import ArgumentException, NotImplementedException
from utils.engine.dotnet.math import MidpointRounding
from utils.engine.dotnet.system import EXPORTS
from utils.engine.dotnet.timespan import TimeSpan

Math = EXPORTS["Math"]


def test_time_span_makes_timedeltas() -> None:
    assert TimeSpan.FromMinutes(5) == TimeSpan.from_minutes(5) == timedelta(minutes=5)
    assert TimeSpan(1, 2, 3) == timedelta(hours=1, minutes=2, seconds=3)
    assert TimeSpan(4, 1, 2, 3) == timedelta(days=4, hours=1, minutes=2, seconds=3)
    assert TimeSpan(10_000_000) == timedelta(seconds=1)
    assert TimeSpan.Zero == timedelta(0)
    assert isinstance(timedelta(1), TimeSpan)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("00:05", timedelta(minutes=5)),
        ("1.02:03:04", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("-00:00:01.5", timedelta(seconds=-1.5)),
        ("7", timedelta(days=7)),
    ],
)
def test_time_span_is_read(text: str, span: timedelta) -> None:
    assert TimeSpan.parse(text) == span


def test_date_time_makes_naive_datetimes() -> None:
    assert DateTime(2013, 10, 7) == datetime(2013, 10, 7)
    assert DateTime(2013, 10, 7, 9, 30, 1, 5) == datetime(2013, 10, 7, 9, 30, 1, 5000)
    assert DateTime.MinValue == datetime.min
    assert DateTime.Parse("10/07/2013 16:00:00") == DateTime.parse("2013-10-07T16:00:00")
    assert DateTime.utc_now.tzinfo is None
    assert DateTime.DaysInMonth(2024, 2) == 29


def test_math_rounds_as_decimals_do() -> None:
    assert Math.Round(2.5) == 2.0
    assert Math.Round(2.5, MidpointRounding.AwayFromZero) == 3.0
    assert Math.round(0.285, 2) == 0.28
    assert Math.Round(-1.25, 1, MidpointRounding.TO_ZERO) == -1.2
    assert Math.Truncate(-1.7) == -1.0
    assert Math.Max(1, 2) == 2
    assert Math.Sign(-3.0) == -1


@given(st.integers(-(10**6), 10**6), st.integers(0, 4))
def test_rounding_a_rounded_number_changes_nothing(units: int, places: int) -> None:
    value = units / 10**places
    assert Math.Round(value, places) == value


def test_delegates_and_nullables_are_their_content() -> None:
    assert EXPORTS["Action"][str](print) is print
    assert EXPORTS["Func"][int, bool](bool) is bool
    assert EXPORTS["Nullable"][int](5) == 5
    assert EXPORTS["Array"][int]([1, 2]) == [1, 2]


def test_strings() -> None:
    text = EXPORTS["String"]
    assert text.Format("{0}-{1}", "a", 2) == "a-2"
    assert text.Join(",", [1, 2]) == "1,2"
    assert text.IsNullOrEmpty(None)
    assert text("abc").format() == "abc"


def test_exceptions_are_caught_as_python_would() -> None:
    with pytest.raises(ValueError, match="no"):
        raise ArgumentException("no")
    with pytest.raises(NotImplementedError):
        raise NotImplementedException("x")
    assert ArgumentException("text").Message == "text"


def test_colors() -> None:
    color: Any = Color
    assert color.RED is color.Red is color.red
    assert color.Red.html == "#FF0000"
    assert color.DarkSlateGray.name == "DarkSlateGray"
    assert color.DARK_SLATE_GRAY.G == 0x4F
    assert color.FromArgb(1, 2, 3) == color.from_argb(255, 1, 2, 3)
    assert color.White.to_argb() == -1
    assert color.Empty.IsEmpty
    assert str(color.Blue) == "Color [Blue]"
