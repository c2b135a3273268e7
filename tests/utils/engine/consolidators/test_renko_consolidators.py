"""Renko and volume bars, against bars worked out by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.engine.consolidators.classic_renko_consolidator import ClassicRenkoConsolidator
from utils.engine.consolidators.renko_consolidator import RenkoConsolidator
from utils.engine.consolidators.volume_renko_consolidator import (
    DollarVolumeRenkoConsolidator,
    VolumeRenkoConsolidator,
)
from utils.engine.data.bar import Bar
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.renko_bar import BarDirection, RenkoBar, RenkoType
from utils.engine.data.tick import Tick
from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.exceptions import (
    ArgumentException,
    ArgumentOutOfRangeException,
    InvalidOperationException,
)
from utils.engine.enums import SecurityType
from utils.engine.identity.symbol import Symbol

SPY = Symbol.create("SPY", SecurityType.EQUITY, "usa")
START = datetime(2016, 1, 1, 17)
SECOND = timedelta(seconds=1)
Prices = tuple[float, float, float, float]


def feed(consolidator: Any, prices: list[float]) -> list[Any]:
    made: list[Any] = []
    consolidator.data_consolidated += lambda _, bar: made.append(bar)
    for second, price in enumerate(prices):
        consolidator.update(Tick(START + second * SECOND, SPY, "", "", 1, price))
    return made


def ohlc(bars: list[Any]) -> list[Prices]:
    return [(bar.open, bar.high, bar.low, bar.close) for bar in bars]


def test_wicked_bars_rise_fall_and_turn() -> None:
    made = feed(RenkoConsolidator(1.0), [10.0, 9.1, 12.1, 12.9, 9.9, 9.0, 8.9])
    assert ohlc(made) == [
        (10.0, 11.0, 9.1, 11.0),
        (11.0, 12.0, 11.0, 12.0),
        (11.0, 12.9, 10.0, 10.0),
        (10.0, 10.0, 9.0, 9.0),
    ]
    assert [bar.direction for bar in made[1:3]] == [BarDirection.RISING, BarDirection.FALLING]
    assert [bar.end_time for bar in made] == [START + n * SECOND for n in (2, 2, 4, 6)]
    assert [bar.start for bar in made] == [START + n * SECOND for n in (0, 2, 2, 4)]


@pytest.mark.parametrize("price", [11.0, 9.0])
def test_a_price_at_the_limit_is_not_beyond(price: float) -> None:
    assert feed(RenkoConsolidator(1.0), [10.0, price]) == []


def test_the_first_price_goes_to_the_next_multiple() -> None:
    (bar,) = feed(RenkoConsolidator(0.25), [10.13, 10.51])
    assert (bar.open, bar.close) == (10.25, 10.5)
    assert RenkoConsolidator.get_closest_multiple(10.12, 0.25) == 10.0
    with pytest.raises(ArgumentException):
        RenkoConsolidator(0)


def test_small_bricks_do_not_drift() -> None:
    # 0.1 has no exact float; ten bricks of it still make 1.
    made = feed(RenkoConsolidator(0.1), [10.0, 11.05])
    assert [bar.close for bar in made] == [10.1, 10.2, 10.3, 10.4, 10.5, 10.6, 10.7, 10.8, 10.9, 11.0]


def test_working_data_of_wicked_bars_is_the_last_bar() -> None:
    consolidator: Any = RenkoConsolidator(1.0)
    assert not consolidator.working_data
    (bar,) = feed(consolidator, [10.0, 11.5])
    assert consolidator.working_data.close == bar.close == 11.0
    consolidator.reset()
    assert consolidator.working_data is None
    assert consolidator.output_type is RenkoBar


def test_classic_bars() -> None:
    consolidator = ClassicRenkoConsolidator(10)
    made = feed(consolidator, [5.0, 15.0, 20.0, 31.0, 9.0, 10.0])
    # The first opens at 10; a bar closes at its limit, and the next opens there.
    assert ohlc(made) == [
        (10.0, 20.0, 10.0, 20.0),
        (20.0, 30.0, 20.0, 30.0),
        (30.0, 30.0, 20.0, 20.0),
        (20, 20, 10, 10),
    ]
    assert all(bar.type == RenkoType.CLASSIC and bar.spread == 10.0 for bar in made)


def test_classic_bars_need_not_be_even() -> None:
    (bar,) = feed(ClassicRenkoConsolidator(10, False), [5.0, 15.0])
    assert (bar.open, bar.close) == (5.0, 15.0)


def test_classic_bars_of_other_values() -> None:
    consolidator = ClassicRenkoConsolidator(10, lambda data: data.value * 10, lambda _: 7.0)
    (bar,) = feed(consolidator, [1.0, 1.5, 2.0])
    assert (bar.close, bar.volume) == (20.0, 21.0)
    with pytest.raises(ArgumentException):
        ClassicRenkoConsolidator(10, RenkoType.WICKED)
    with pytest.raises(ArgumentOutOfRangeException):
        ClassicRenkoConsolidator(-1)


def test_a_wicked_bar_is_finished() -> None:
    bar = RenkoBar(SPY, START, START + SECOND, 1.0, 10.0, 11.0, 9.5, 11.0)
    assert (bar.type, bar.brick_size, bar.low, bar.time) == (RenkoType.WICKED, 1.0, 9.5, START)
    with pytest.raises(InvalidOperationException):
        bar.update(START, 1.0, 1.0)


def test_volume_bars_of_ticks() -> None:
    consolidator = VolumeRenkoConsolidator(10)
    made: list[Any] = []
    consolidator.data_consolidated += lambda _, bar: made.append(bar)
    for hour, (size, price) in enumerate(((2, 1.0), (3, 2.0), (3, 3.0), (2, 2.0))):
        consolidator.update(Tick(START + timedelta(hours=hour), SPY, "", "", size, price))
    assert ohlc(made) == [(1.0, 3.0, 1.0, 2.0)]
    assert (made[0].volume, made[0].is_closed, made[0].end_time) == (10.0, True, START + timedelta(hours=3))


def test_a_large_volume_makes_several_bars() -> None:
    consolidator = VolumeRenkoConsolidator(10)
    made: list[Any] = []
    consolidator.data_consolidated += lambda _, bar: made.append(bar)
    consolidator.update(TradeBar(START, SPY, 1, 4, 0.5, 2, 27))
    assert [bar.volume for bar in made] == [10.0, 10.0]
    assert consolidator.working_data.volume == 7.0
    assert made[1].open == made[0].close == 2.0
    assert made[1].time == made[0].end_time


def test_volume_bars_need_trades() -> None:
    consolidator = VolumeRenkoConsolidator(10)
    consolidator.update(Tick(START, SPY, 5.0, 6.0))
    assert consolidator.working_data is None
    side = Bar(1, 1, 1, 1)
    with pytest.raises(ArgumentException):
        consolidator.update(QuoteBar(START, SPY, side, 1, side, 1))


def test_bars_of_money() -> None:
    consolidator = DollarVolumeRenkoConsolidator(10)
    made: list[Any] = []
    consolidator.data_consolidated += lambda _, bar: made.append(bar)
    consolidator.update(Tick(START, SPY, "", "", 2, 3.0))
    assert made == []
    consolidator.update(Tick(START, SPY, "", "", 2, 2.0))
    assert len(made) == 1


steps = st.lists(st.integers(900, 1100), min_size=2, max_size=60)


@given(steps, st.sampled_from([0.05, 0.1, 0.5]))
def test_wicked_bars_join_and_have_their_size(values: list[int], size: float) -> None:
    made = feed(RenkoConsolidator(size), [value / 100 for value in values])
    for bar in made:
        assert round(abs(bar.close - bar.open), 9) == size
        assert bar.low <= min(bar.open, bar.close)
        assert bar.high >= max(bar.open, bar.close)
    for before, after in pairwise(made):
        assert after.open in (before.close, before.open)
        assert (after.open == before.close) == (after.direction == before.direction)
        assert before.end_time <= after.end_time


@given(steps, st.integers(1, 30))
def test_volume_is_kept(values: list[int], size: int) -> None:
    consolidator = VolumeRenkoConsolidator(size)
    made = feed(consolidator, [value / 100 for value in values])
    assert sum(bar.volume for bar in made) + consolidator.working_data.volume == len(values)
    assert all(bar.volume == size for bar in made)
