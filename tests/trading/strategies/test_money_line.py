"""Money Line against a plain-Python reference, and what its parameters may move."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference.series import bars as bars_of_ticks
from tests.trading.strategies.agreement import assert_fields_keep_to_their_class, assert_forms_agree
from tests.trading.strategies.money_line_reference import events as reference_events
from tests.trading.strategies.samples import bitcoin, random_walk
from trading.bars import Bars, always_open_bars
from trading.indicators import IndicatorTable
from trading.strategies.money_line import MoneyLine, MoneyLineParams

STRATEGY = MoneyLine()


@st.composite
def money_line_params(draw: st.DrawFn) -> MoneyLineParams:
    fast = draw(st.integers(1, 20))
    return MoneyLineParams(
        atr_period=draw(st.integers(1, 20)),
        multiplier=draw(st.floats(0.05, 4.0)),
        ma_fast=fast,
        ma_slow=fast + draw(st.integers(1, 40)),
        ma_gap_min=draw(st.sampled_from([-1.0, 0.0]) | st.floats(-0.02, 0.02)),
        adx_min=draw(st.just(0.0) | st.floats(0.0, 50.0)),
        volume_min=draw(st.just(0.0) | st.floats(0.0, 2.0)),
        target_atr=draw(st.just(0.0) | st.floats(0.0, 8.0)),
        stop_atr=draw(st.just(0.0) | st.floats(0.0, 8.0)),
    )


walks = st.builds(random_walk, st.integers(0, 2**32), st.integers(1, 400))


def assert_equals_reference(bars: Bars, params: MoneyLineParams) -> int:
    events = STRATEGY.signals(bars, IndicatorTable(bars), params)
    expected = reference_events(bars, params)
    for name in ("bar", "side", "enter"):
        assert events[name].tolist() == [getattr(event, name) for event in expected], name
    for name in ("stop", "target", "trail"):
        np.testing.assert_allclose(events[name], [getattr(event, name) for event in expected], rtol=1e-9)
    return len(events)


@given(walks, money_line_params())
@settings(max_examples=150, deadline=None)
def test_events_are_those_of_the_reference(bars: Bars, params: MoneyLineParams) -> None:
    assert_equals_reference(bars, params)


def test_events_on_real_bars_are_those_of_the_reference(sample_data: Path) -> None:
    bars = bitcoin(sample_data)
    some_filters = MoneyLineParams(atr_period=14, multiplier=2.5, ma_slow=100, target_atr=4, stop_atr=2)
    assert assert_equals_reference(bars, some_filters) > 1000
    no_filters = MoneyLineParams(multiplier=1.5, ma_gap_min=-1, adx_min=0, volume_min=0)
    assert assert_equals_reference(bars, no_filters) > 3000


@given(walks | bars_of_ticks(), money_line_params())
@settings(max_examples=150, deadline=None)
def test_both_forms_agree(bars: Bars, params: MoneyLineParams) -> None:
    assert_forms_agree(STRATEGY, params, bars)


@given(walks, money_line_params(), money_line_params(), st.booleans())
@settings(max_examples=100, deadline=None)
def test_entry_fields_move_entries_and_exit_fields_exits(
    bars: Bars, base: MoneyLineParams, other: MoneyLineParams, entries: bool
) -> None:
    fields = STRATEGY.ENTRY_FIELDS if entries else STRATEGY.EXIT_FIELDS
    changed = base.model_copy(update={name: getattr(other, name) for name in fields})
    assert_fields_keep_to_their_class(STRATEGY, bars, IndicatorTable(bars), base, changed)


def test_no_flip_is_entered_before_every_indicator_is_ready() -> None:
    bars = random_walk(3, 400)
    open_to_all = {"ma_gap_min": -1.0, "adx_min": 0.0, "volume_min": 0.0, "multiplier": 0.2, "atr_period": 2}
    for ma_slow, first_ready in ((21, 27), (150, 149)):
        params = MoneyLineParams.model_validate({**open_to_all, "ma_slow": ma_slow})
        events = STRATEGY.signals(bars, IndicatorTable(bars), params)
        assert events["bar"][0] < 20
        np.testing.assert_array_equal(events["enter"], events["bar"] >= first_ready)


def test_a_market_without_volume_is_entered_only_when_none_is_asked_for() -> None:
    walk = random_walk(3, 400)
    bars = replace(walk, volume=np.zeros(400))
    params = MoneyLineParams(multiplier=0.2, ma_gap_min=-1, adx_min=0, volume_min=0)
    assert assert_forms_agree(STRATEGY, params, bars)["enter"].any()
    asking = params.model_copy(update={"volume_min": 0.001})
    assert not assert_forms_agree(STRATEGY, asking, bars)["enter"].any()


def line_bars(*rows: tuple[float, float, float]) -> Bars:
    """Bars of (high, low, close)."""
    high, low, close = np.array(rows).T
    time = np.arange(len(rows)) * 60_000_000_000
    return always_open_bars(time, close, high, low, close, np.ones(len(rows)), 60_000_000_000)


# With an ATR of one bar, each bar's band is its own true range from the middle of high and low.
ONE_BAR = MoneyLineParams(atr_period=1, multiplier=1.0, stop_atr=2.0, target_atr=3.0)


def flips(bars: Bars) -> list[tuple[int, int]]:
    events = assert_forms_agree(STRATEGY, ONE_BAR, bars)
    return list(zip(events["bar"].tolist(), events["side"].tolist(), strict=True))


class TestLine:
    FIRST = (102.0, 98.0, 100.0)  # line: 100 + 4 = 104

    def test_establishing_the_line_is_no_flip(self) -> None:
        # However far the first close is from anything, there is no trend to flip yet.
        assert flips(line_bars(self.FIRST)) == []

    def test_a_close_on_the_line_is_no_flip_and_one_above_it_is(self) -> None:
        touching = (104.0, 100.0, 104.0)  # basic upper band 102 + 4 = 106: the line stays at 104
        beyond = (104.5, 100.0, 104.25)
        assert flips(line_bars(self.FIRST, touching)) == []
        assert flips(line_bars(self.FIRST, beyond)) == [(1, 1)]

    def test_the_band_that_closes_in_on_price_decides_at_once(self) -> None:
        # The basic upper band of bar 1 is 100.5 + 1 = 101.5, under the 104 before: 101 stays below.
        tightened = (101.0, 100.0, 101.0)
        assert flips(line_bars(self.FIRST, tightened, (103.0, 101.0, 102.0))) == [(2, 1)]

    def test_a_band_never_moves_away_while_price_keeps_its_side(self) -> None:
        # A wide bar would put the line at 100 + 20; it stays at 104.
        wide = (110.0, 90.0, 100.0)
        assert flips(line_bars(self.FIRST, wide, (105.0, 103.0, 104.5))) == [(2, 1)]

    def test_a_close_on_a_band_leaves_it_where_it_is(self) -> None:
        # The basic upper bands of bars 1 and 2 are 106 and 108: were 104 left behind, nothing would flip.
        touching, beyond = (104.0, 100.0, 104.0), (106.0, 102.0, 104.5)
        assert flips(line_bars(self.FIRST, touching, beyond)) == [(2, 1)]

    def test_a_close_on_the_lower_band_leaves_it_where_it_is(self) -> None:
        # Up on bar 1, whose lower band is 109.5 - 10; bar 2 closes on it; bar 3's basic lower band is 98.
        up, touching, beyond = (110.0, 109.0, 110.0), (101.0, 99.5, 99.5), (101.0, 99.0, 99.25)
        assert flips(line_bars(self.FIRST, up, touching, beyond)) == [(1, 1), (3, -1)]

    def test_a_band_that_price_has_left_starts_anew(self) -> None:
        # Up on bar 1. The upper band is renewed on bar 2, since bar 1 closed above it: 110 + 2 = 112, which
        # only counts after the fall on bar 3, where the line is the upper band again.
        up = (110.0, 106.0, 109.0)
        still = (111.0, 109.0, 110.0)
        fall = (100.0, 99.0, 99.5)
        assert flips(line_bars(self.FIRST, up, still, fall)) == [(1, 1), (3, -1)]

    def test_stop_and_target_stand_in_atr_of_the_flips_bar(self) -> None:
        bars = line_bars(self.FIRST, (104.5, 100.0, 104.25))
        event = STRATEGY.signals(bars, IndicatorTable(bars), ONE_BAR)[0]
        assert event["stop"] == 104.25 - 2 * 4.5
        assert event["target"] == 104.25 + 3 * 4.5
        assert event["trail"] == 0

    def test_a_level_below_zero_is_none(self) -> None:
        bars = line_bars((2.0, 1.0, 1.5), (9.0, 1.0, 9.0), (8.0, 0.5, 0.5))
        params = ONE_BAR.model_copy(update={"stop_atr": 5.0, "target_atr": 5.0, "multiplier": 0.5})
        events = assert_forms_agree(STRATEGY, params, bars)
        assert events["side"].tolist() == [1, -1]
        assert events["stop"].tolist() == [0.0, 0.5 + 5 * 8.5]
        assert events["target"].tolist() == [9.0 + 5 * 8.0, 0.0]

    def test_no_multiple_is_no_level(self) -> None:
        bars = line_bars(self.FIRST, (104.5, 100.0, 104.25))
        params = MoneyLineParams(atr_period=1, multiplier=1.0)
        event = STRATEGY.signals(bars, IndicatorTable(bars), params)[0]
        assert (event["stop"], event["target"]) == (0.0, 0.0)


@pytest.mark.parametrize("count", [0, 1, 5])
def test_few_bars_give_no_events(count: int) -> None:
    bars = random_walk(1, 5)[:count]
    assert len(STRATEGY.signals(bars, IndicatorTable(bars), MoneyLineParams())) == 0
