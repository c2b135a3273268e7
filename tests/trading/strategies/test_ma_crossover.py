"""The moving average crossover against plain Python, and what its parameters may move."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference.series import bars as bars_of_ticks
from tests.trading.strategies.agreement import assert_fields_keep_to_their_class, assert_forms_agree
from tests.trading.strategies.plain_indicators import (
    average_directional_index,
    ema,
    sma,
    true_ranges,
    volume_ratio,
    wilder,
    wma,
)
from tests.trading.strategies.samples import bitcoin, random_walk
from trading.bars import Bars
from trading.events import Event
from trading.indicators import IndicatorTable
from trading.indicators.spec import IndicatorSpec
from trading.strategies.ma_crossover import MaCrossover, MaCrossoverParams

STRATEGY = MaCrossover()
MOVING_AVERAGES = {"ema": ema, "sma": sma, "wma": wma}

walks = st.builds(random_walk, st.integers(0, 2**32), st.integers(1, 400))


@st.composite
def ma_crossover_params(draw: st.DrawFn) -> MaCrossoverParams:
    fast = draw(st.integers(1, 20))
    multiple = st.just(0.0) | st.floats(0.0, 8.0)
    return MaCrossoverParams(
        kind=draw(st.sampled_from(["ema", "sma", "wma"])),
        fast=fast,
        slow=fast + draw(st.integers(1, 40)),
        ma_gap_min=draw(st.just(0.0) | st.floats(-0.001, 0.001)),
        adx_min=draw(st.just(0.0) | st.floats(0.0, 50.0)),
        volume_min=draw(st.just(0.0) | st.floats(0.0, 2.0)),
        atr_period=draw(st.integers(1, 40)),
        target_atr=draw(multiple),
        stop_atr=draw(multiple),
        trail_atr=draw(multiple),
    )


def reference_events(bars: Bars, params: MaCrossoverParams) -> list[Event]:
    high, low, close = bars.high.tolist(), bars.low.tolist(), bars.close.tolist()
    average = MOVING_AVERAGES[params.kind]
    fast, slow = average(close, params.fast), average(close, params.slow)
    ranges = true_ranges(high, low, close)
    atr, adx = wilder(ranges, params.atr_period), average_directional_index(high, low, ranges, 14)
    ratio = volume_ratio(bars.volume.tolist(), 20)
    found = []
    sign = 0
    for t, (short, long) in enumerate(zip(fast, slow, strict=True)):
        if short is None or long is None or short == long:
            continue
        before, sign = sign, 1 if short > long else -1
        if before in (0, sign):
            continue
        strength, activity, unit = adx[t], ratio[t], atr[t]
        enter = (
            strength is not None
            and activity is not None
            and unit is not None
            and sign * (short - long) / close[t] >= params.ma_gap_min
            and strength >= params.adx_min
            and activity >= params.volume_min
        )
        unit = unit or 0.0
        stop = close[t] - sign * params.stop_atr * unit if params.stop_atr and unit else 0.0
        target = close[t] + sign * params.target_atr * unit if params.target_atr and unit else 0.0
        found.append(Event(t, sign, enter, max(stop, 0.0), max(target, 0.0), params.trail_atr * unit))
    return found


def assert_equals_reference(bars: Bars, params: MaCrossoverParams) -> int:
    events = STRATEGY.signals(bars, IndicatorTable(bars), params)
    expected = reference_events(bars, params)
    for name in ("bar", "side", "enter"):
        assert events[name].tolist() == [getattr(event, name) for event in expected], name
    for name in ("stop", "target", "trail"):
        np.testing.assert_allclose(events[name], [getattr(event, name) for event in expected], rtol=1e-9)
    return len(events)


@given(walks, ma_crossover_params())
@settings(max_examples=150, deadline=None)
def test_events_are_those_of_plain_python(bars: Bars, params: MaCrossoverParams) -> None:
    assert_equals_reference(bars, params)


@pytest.mark.parametrize("kind", ["ema", "sma", "wma"])
def test_events_on_real_bars_are_those_of_plain_python(sample_data: Path, kind: str) -> None:
    bars = bitcoin(sample_data)[:20_000]
    params = MaCrossoverParams.model_validate(
        {"kind": kind, "fast": 7, "slow": 30, "stop_atr": 2, "trail_atr": 3, "adx_min": 15}
    )
    assert assert_equals_reference(bars, params) > 500


@given(walks | bars_of_ticks(), ma_crossover_params())
@settings(max_examples=150, deadline=None)
def test_both_forms_agree(bars: Bars, params: MaCrossoverParams) -> None:
    assert_forms_agree(STRATEGY, params, bars)


@given(walks, ma_crossover_params(), ma_crossover_params(), st.booleans())
@settings(max_examples=100, deadline=None)
def test_entry_fields_move_entries_and_exit_fields_exits(
    bars: Bars, base: MaCrossoverParams, other: MaCrossoverParams, entries: bool
) -> None:
    fields = STRATEGY.ENTRY_FIELDS if entries else STRATEGY.EXIT_FIELDS
    changed = base.model_copy(update={name: getattr(other, name) for name in fields})
    assert_fields_keep_to_their_class(STRATEGY, bars, IndicatorTable(bars), base, changed)


def turns_of(fast: list[float], slow: list[float]) -> list[tuple[int, int]]:
    """Turns of given averages: any table of indicators will do."""
    bars = random_walk(0, len(fast))
    params = MaCrossoverParams(kind="sma", fast=2, slow=3)
    table = {
        IndicatorSpec("sma", (2,)): np.array(fast),
        IndicatorSpec("sma", (3,)): np.array(slow),
    }
    turns = STRATEGY.turns(bars, table, params)
    return list(zip(turns.bar.tolist(), turns.side.tolist(), strict=True))


def test_averages_that_meet_keep_the_side_they_were_on() -> None:
    assert turns_of([1, 2, 2, 3, 1], [2, 2, 2, 2, 2]) == [(3, 1), (4, -1)]
    assert turns_of([3, 2, 3, 2, 1], [2, 2, 2, 2, 2]) == [(4, -1)]


def test_the_first_side_is_no_crossing() -> None:
    nan = float("nan")
    assert turns_of([nan, 3, 3, 1], [nan, nan, 2, 2]) == [(3, -1)]
    assert turns_of([2, 2, 3, 1], [2, 2, 2, 2]) == [(3, -1)]


def test_nothing_is_entered_before_the_exits_can_be_measured() -> None:
    bars = random_walk(5, 300)
    params = MaCrossoverParams(fast=2, slow=5, atr_period=100, stop_atr=2.0)
    events = STRATEGY.signals(bars, IndicatorTable(bars), params)
    assert events["bar"][0] < 99
    np.testing.assert_array_equal(events["enter"], events["bar"] >= 99)
    assert (events["stop"][events["enter"]] > 0).all()
