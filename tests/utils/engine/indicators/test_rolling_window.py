"""Rolling windows: order, size, what falls out, .NET's exceptions."""

from __future__ import annotations

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.exceptions import (
    ArgumentException,
    ArgumentOutOfRangeException,
    InvalidOperationException,
)
from utils.engine.indicators.rolling_window import RollingWindow


def test_newest_first() -> None:
    window: RollingWindow[int] = RollingWindow(3)
    for item in range(5):
        window.add(item)
    assert [window[0], window[1], window[2]] == [4, 3, 2]
    assert list(window) == [4, 3, 2]
    assert window[-1] == 2
    assert (window.count, window.size, window.samples, window.is_ready) == (3, 3, 5, True)
    assert window.most_recently_removed == 1


def test_pascal_case() -> None:
    window = RollingWindow[str](2)
    window.Add("a")
    assert (window.Count, window.Size, window.IsReady, window.Samples) == (1, 2, False, 1)


def test_nothing_removed_yet() -> None:
    window: RollingWindow[int] = RollingWindow(2)
    window.add(1)
    window.add(2)
    with pytest.raises(InvalidOperationException, match="No items have been removed yet!"):
        _ = window.most_recently_removed


def test_a_negative_size_is_refused() -> None:
    with pytest.raises(ArgumentException, match="must have size of at least 0"):
        RollingWindow(-1)


def test_reading_past_the_size_makes_it_larger() -> None:
    window: RollingWindow[TradeBar | None] = RollingWindow(2)
    assert window[4] is None
    assert window.size == 5


def test_places_of_numbers_that_were_never_set_are_zero() -> None:
    assert RollingWindow[float](3)[1] == 0.0
    assert RollingWindow[int](3)[-1] == 0


def test_a_negative_index_past_the_size_is_refused() -> None:
    with pytest.raises(ArgumentOutOfRangeException):
        _ = RollingWindow[int](2)[-3]


def test_setting_fills_the_places_between() -> None:
    window = RollingWindow[int](2)
    window[3] = 7
    assert list(window) == [0, 0, 0, 7]
    assert window.size == 4


def test_reset() -> None:
    window = RollingWindow[int](2)
    for item in (1, 2, 3):
        window.add(item)
    window.reset()
    assert (window.count, window.samples, window.is_ready, list(window)) == (0, 0, False, [])


def test_it_is_true_even_when_empty() -> None:
    assert bool(RollingWindow(3))


@given(st.integers(1, 6), st.lists(st.one_of(st.integers(0, 99), st.integers(-6, -1)), max_size=40))
def test_as_a_deque(size: int, steps: list[int]) -> None:
    """Numbers from 0 are added; -n resizes to n."""
    window: RollingWindow[int] = RollingWindow(size)
    model: deque[int] = deque(maxlen=size)
    for step in steps:
        if step < 0:
            window.size = -step
            model = deque(list(model)[:-step], maxlen=-step)
        else:
            window.add(step)
            model.appendleft(step)
        assert list(window) == list(model)
