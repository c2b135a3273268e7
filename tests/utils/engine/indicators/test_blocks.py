"""Attached to blocks of rows, an indicator says what it says when it is fed bar by bar; never more."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.utils.engine.indicators.indicator_bars import SPY, Columns, bars, columns
from tests.utils.engine.indicators.indicator_names import INDICATOR_NAMES
from utils.engine.clock import Clock
from utils.engine.enums import Resolution
from utils.engine.indicators.block import RevealedRows
from utils.engine.indicators.moving_averages import ExponentialMovingAverage
from utils.engine.indicators.shortcuts import SHORTCUTS

SETTINGS: dict[str, tuple[Any, ...]] = {
    "SimpleMovingAverage": (5,),
    "ExponentialMovingAverage": (5,),
    "WilderMovingAverage": (5,),
    "LinearWeightedMovingAverage": (5,),
    "RelativeStrengthIndex": (5,),
    "AverageTrueRange": (5,),
    "MovingAverageConvergenceDivergence": (3, 6, 4),
    "PercentagePriceOscillator": (3, 6),
    "BollingerBands": (5, 2),
    "AverageDirectionalIndex": (4,),
    "Stochastic": (5, 3, 3),
    "CommodityChannelIndex": (5,),
    "Maximum": (4,),
    "Minimum": (4,),
    "StandardDeviation": (5,),
    "RateOfChange": (4,),
    "Momentum": (4,),
    "KeltnerChannels": (5, 2),
    "DonchianChannel": (5,),
    "IchimokuKinkoHyo": (3, 5, 5, 7, 3, 3),
    "ParabolicStopAndReverse": (),
    "SuperTrend": (5, 2),
    "MoneyFlowIndex": (5,),
    "OnBalanceVolume": (),
    "TomDemarkSequential": (),
    "TrueStrengthIndex": (5, 3, 3),
}
COUNT = 40
DATA = columns(COUNT)
BARS = bars(DATA)


def revealed() -> RevealedRows:
    """Rows of which none is visible yet."""
    return RevealedRows(Clock(), range(-1, COUNT))


def show(source: RevealedRows, row: int) -> None:
    """Make the rows up to one visible."""
    source.clock.consolidated = row


def _state(indicator: Any) -> tuple[Any, ...]:
    members = [indicator, *(one for one in vars(indicator).values() if hasattr(one, "current"))]
    return tuple(
        (
            one.current.value,
            one.current.end_time,
            one.previous.value,
            one.is_ready,
            one.samples,
            [point.value for point in one.window],
        )
        for one in members
    )


def _part(data: Columns, first: int, end: int) -> Columns:
    return {name: column[first:end] for name, column in data.items()}


@settings(max_examples=20, deadline=None)
@given(
    cuts=st.sets(st.integers(1, COUNT - 1), max_size=5),
    detach=st.integers(0, COUNT),
    looks=st.sets(st.integers(0, COUNT - 1)),
)
@pytest.mark.parametrize("name", SETTINGS)
def test_attached_as_streamed(name: str, cuts: set[int], detach: int, looks: set[int]) -> None:
    streamed, attached = (INDICATOR_NAMES[name](*SETTINGS[name]) for _ in range(2))
    for one in (streamed, attached):
        one.window.size = 4
    source = revealed()
    assert attached.attach(source, symbol=SPY)
    bounds = [0, *sorted(cuts), COUNT]
    for first, end in pairwise(bounds):
        if attached.is_attached:
            show(source, -1)
            attached.load_block(_part(DATA, first, end))
        for i in range(first, end):
            if i == detach:
                attached.detach()
            if attached.is_attached:
                show(source, i - first)
            else:
                attached.update(BARS[i])
            streamed.update(BARS[i])
            if i % 3 == 0:
                assert (attached.is_ready, attached.current.value) == (
                    streamed.is_ready,
                    streamed.current.value,
                )
            if i in looks:
                assert _state(attached) == _state(streamed)
    assert _state(attached) == _state(streamed)
    assert attached.current.symbol == SPY


@pytest.mark.parametrize("name", SETTINGS)
def test_the_future_does_not_matter(name: str) -> None:
    """The same rows up to the visible one, others after it: the same answers."""
    other = {key: column.copy() for key, column in DATA.items()}
    for key in ("open", "high", "low", "close", "volume"):
        other[key][20:] *= 3.0
    answers = []
    for data in (DATA, other):
        indicator, source = INDICATOR_NAMES[name](*SETTINGS[name]), revealed()
        indicator.attach(source)
        indicator.load_block(data)
        show(source, 19)
        seen = _state(indicator)
        indicator.detach()
        answers.append((seen, _state(indicator)))
    assert answers[0] == answers[1]
    assert indicator.samples == 20


def test_nothing_is_seen_before_the_first_row() -> None:
    indicator, source = INDICATOR_NAMES["SimpleMovingAverage"](3), revealed()
    indicator.attach(source)
    indicator.load_block(DATA)
    assert (indicator.current.value, indicator.samples, indicator.is_ready) == (0.0, 0, False)


@given(kept=st.sets(st.integers(0, COUNT - 1)))
def test_points_that_are_kept_stay_as_they_were(kept: set[int]) -> None:
    source, indicator = revealed(), ExponentialMovingAverage(5)
    indicator.attach(source, symbol=SPY)
    indicator.load_block(DATA)
    points, expected = [], []
    for row in range(COUNT):
        show(source, row)
        value, time = indicator.current.value, indicator.current.end_time
        if row in kept:
            points.append(indicator.current)
            expected.append((SPY, time, value))
    assert [(point.symbol, point.end_time, point.value) for point in points] == expected
    assert len(set(map(id, points))) == len(kept)


def test_what_detaches() -> None:
    for act in (
        lambda one: one.update(BARS[5]),
        lambda one: one.reset(),
        lambda one: setattr(one, "updated", one.updated.__iadd__(print)),
    ):
        gone: list[Any] = []
        indicator, source = INDICATOR_NAMES["SimpleMovingAverage"](3), revealed()
        indicator.attach(source, detached=gone.append)
        indicator.load_block(DATA)
        show(source, 4)
        act(indicator)
        assert not indicator.is_attached
        assert gone == [indicator]


def test_an_update_goes_on_from_the_visible_row() -> None:
    indicator, source = INDICATOR_NAMES["Sum"](3), revealed()
    indicator.attach(source, symbol=SPY)
    indicator.load_block(DATA)
    show(source, 4)
    indicator.update(BARS[5])
    assert indicator.samples == 6
    assert indicator.current.value == pytest.approx(sum(DATA["close"][3:6]))
    # An earlier bar is left out.
    indicator.update(BARS[2])
    assert indicator.samples == 6


def test_one_with_a_handler_is_not_attached() -> None:
    indicator = INDICATOR_NAMES["SimpleMovingAverage"](3)
    indicator.updated += lambda *_: None
    assert not indicator.attach(revealed())


def test_another_field() -> None:
    indicator, source = INDICATOR_NAMES["Maximum"](3), revealed()
    indicator.attach(source, SHORTCUTS["max"].field)
    indicator.load_block(DATA)
    show(source, 10)
    assert indicator.current.value == max(DATA["high"][8:11])


@pytest.mark.parametrize("method", [name for name, one in SHORTCUTS.items() if one.symbols == "one"])
def test_every_method_makes_one_that_works(method: str) -> None:
    """At LEAN's warm-up period each is ready, and after a reset it says the same again."""
    required = [name for name, default in SHORTCUTS[method].rows[-1].parameters if default is ...]
    given = {name: _setting(name, i) for i, name in enumerate(required)}
    indicator = SHORTCUTS[method].create(SPY, "min", (), given)
    history = bars(columns(120))
    for bar in history:
        indicator.update(bar)
    if method not in ("rdv", "momersion"):
        assert indicator.is_ready
    value = indicator.current.value
    indicator.reset()
    assert indicator.samples == 0
    for bar in history:
        indicator.update(bar)
    assert indicator.current.value == value


def _setting(name: str, place: int) -> Any:
    special = {"tool": 0, "delta": 0.1, "confidence_level": 0.95, "smoothing_factor": 0.3, "length": 7}
    if name == "resolution":
        return Resolution.MINUTE
    return special.get(name, 4 + 2 * place)
