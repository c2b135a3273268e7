"""What holds for any data."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from utils.engine.consolidators.tick_consolidator import TickConsolidator
from utils.engine.consolidators.trade_bar_consolidator import TradeBarConsolidator
from utils.engine.data.tick import Tick
from utils.engine.data.trade_bar import TradeBar
from utils.engine.enums import SecurityType
from utils.engine.identity.symbol import Symbol

SPY = Symbol.create("SPY", SecurityType.EQUITY, "usa")
MIDNIGHT = datetime(2014, 12, 1)
MINUTE = timedelta(minutes=1)


@st.composite
def minutes(draw: st.DrawFn) -> list[TradeBar]:
    """Minute bars with gaps, in order."""
    places = sorted(draw(st.sets(st.integers(0, 2000), min_size=1, max_size=40)))
    bars = []
    for place in places:
        prices = draw(st.lists(st.integers(1, 10_000), min_size=4, max_size=4))
        opened, close = prices[0] / 100, prices[1] / 100
        high, low = max(prices) / 100, min(prices) / 100
        volume = draw(st.integers(0, 10**7)) / 1000
        bars.append(TradeBar(MIDNIGHT + place * MINUTE, SPY, opened, high, low, close, volume))
    return bars


def consolidate(consolidator: Any, data: list[Any], *, scan: bool) -> list[TradeBar]:
    made: list[TradeBar] = []
    consolidator.data_consolidated += lambda _, bar: made.append(bar)
    for point in data:
        if scan:
            consolidator.scan(point.time)
        consolidator.update(point)
    if consolidator.working_data is not None:
        made.append(consolidator.working_data)
    return made


@given(minutes(), st.sampled_from([2, 5, 7, 60, 390, 1440]), st.booleans())
def test_each_bar_is_the_group_of_its_time(bars: list[TradeBar], length: int, scan: bool) -> None:
    period = length * MINUTE
    groups: dict[datetime, list[TradeBar]] = {}
    for bar in bars:
        # Bars of a day and less lie on a grid that goes on over midnight.
        start = bar.time - (bar.time - datetime.min) % period
        groups.setdefault(start, []).append(bar)
    made = consolidate(TradeBarConsolidator(period), bars, scan=scan)
    assert [bar.time for bar in made] == list(groups)
    for bar, group in zip(made, groups.values(), strict=True):
        assert bar.period == period
        assert (bar.open, bar.close) == (group[0].open, group[-1].close)
        assert bar.high == max(member.high for member in group)
        assert bar.low == min(member.low for member in group)
        assert bar.volume == round(sum(member.volume for member in group), 3)


@given(minutes(), st.integers(1, 7))
def test_counted_bars_are_groups_of_a_number(bars: list[TradeBar], count: int) -> None:
    made = consolidate(TradeBarConsolidator(count), bars, scan=False)
    groups = [bars[place : place + count] for place in range(0, len(bars), count)]
    assert [(bar.time, bar.end_time) for bar in made] == [(g[0].time, g[-1].end_time) for g in groups]
    assert [bar.volume for bar in made] == [round(sum(m.volume for m in g), 3) for g in groups]


@given(minutes(), st.sampled_from([3, 30]))
def test_consolidating_twice_is_consolidating_once(bars: list[TradeBar], length: int) -> None:
    period = length * MINUTE
    once = consolidate(TradeBarConsolidator(2 * period), bars, scan=True)
    steps = consolidate(TradeBarConsolidator(period), bars, scan=True)
    twice = consolidate(TradeBarConsolidator(2 * period), steps, scan=True)
    assert [str(bar) for bar in once] == [str(bar) for bar in twice]
    assert [bar.time for bar in once] == [bar.time for bar in twice]


@given(st.lists(st.tuples(st.integers(0, 600), st.integers(1, 10**6), st.integers(1, 500)), min_size=1))
def test_ticks_are_neither_lost_nor_counted_twice(trades: list[tuple[int, int, int]]) -> None:
    ticks = [
        Tick(MIDNIGHT + timedelta(seconds=second), SPY, "", "", size, cents / 100)
        for second, cents, size in sorted(trades)
    ]
    made = consolidate(TickConsolidator(MINUTE), ticks, scan=True)
    assert sum(bar.volume for bar in made) == sum(size for _, _, size in trades)
    assert max(bar.high for bar in made) == max(tick.value for tick in ticks)
