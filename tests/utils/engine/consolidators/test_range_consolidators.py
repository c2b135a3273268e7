"""Range bars; a tick of SPY is a cent, so 100 ticks are 1."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.engine.consolidators.range_consolidator import ClassicRangeConsolidator, RangeConsolidator
from utils.engine.data.range_bar import RangeBar
from utils.engine.data.tick import Tick
from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.enums import SecurityType
from utils.engine.identity.data_folder import use_data_folder
from utils.engine.identity.symbol import Symbol

SPY = Symbol.create("SPY", SecurityType.EQUITY, "usa")
START = datetime(2016, 1, 1)
DAY = timedelta(days=1)
Row = tuple[float, float, float, float, float]
PROPERTIES = """\
market,symbol,type,description,quote_currency,contract_multiplier,minimum_price_variation,lot_size,market_ticker
usa,[*],equity,,USD,1,0.01,1
"""


@pytest.fixture(autouse=True, scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A data folder with the tick of US equities."""
    path = tmp_path_factory.mktemp("data")
    (path / "symbol-properties").mkdir()
    (path / "symbol-properties" / "symbol-properties-database.csv").write_text(PROPERTIES)
    use_data_folder(path)
    yield
    use_data_folder(None)


def feed(consolidator: RangeConsolidator, prices: list[float]) -> list[RangeBar]:
    made: list[RangeBar] = []
    consolidator.data_consolidated += lambda _, bar: made.append(bar)
    for day, price in enumerate(prices):
        consolidator.update(Tick(START + day * DAY, SPY, "", "", 10, price))
    return made


def rows(bars: list[RangeBar]) -> list[Row]:
    return [(bar.open, bar.low, bar.high, bar.close, bar.volume) for bar in bars]


def test_a_jump_makes_bars_without_volume() -> None:
    made = feed(RangeConsolidator(100), [90.0, 94.5, 89.5])
    assert rows(made) == [
        (90.0, 90.0, 91.0, 91.0, 10.0),
        (91.01, 91.01, 92.01, 92.01, 0.0),
        (92.02, 92.02, 93.02, 93.02, 0.0),
        (93.03, 93.03, 94.03, 94.03, 0.0),
        (94.04, 93.5, 94.5, 93.5, 10.0),
        (93.49, 92.49, 93.49, 92.49, 0.0),
        (92.48, 91.48, 92.48, 91.48, 0.0),
        (91.47, 90.47, 91.47, 90.47, 0.0),
    ]
    assert [bar.end_time for bar in made[3:5]] == [START + DAY, START + 2 * DAY]


def test_classic_bars_leave_the_jump_out() -> None:
    made = feed(ClassicRangeConsolidator(100), [90.0, 94.5, 89.5])
    assert rows(made) == [(90.0, 90.0, 91.0, 91.0, 10.0), (94.5, 93.5, 94.5, 93.5, 10.0)]


def test_the_first_open_is_rounded_up() -> None:
    (first, *_) = feed(RangeConsolidator(100), [94.5, 89.5])
    assert (first.open, first.low, first.high, first.close) == (95.0, 94.0, 95.0, 94.0)


def test_the_price_that_ends_a_bar_adds_no_volume() -> None:
    up = [94.0, 94.1, 94.2, 94.3, 94.4, 94.5, 94.6, 94.7, 94.8, 94.9, 95.0, 95.1]
    assert rows(feed(RangeConsolidator(100), up)) == [(94.0, 94.0, 95.0, 95.0, 110.0)]


def test_state() -> None:
    consolidator: Any = RangeConsolidator(100, lambda data: data.value, lambda _: 1.0)
    assert (consolidator.Range, consolidator.RangeSize) == (100, 0.0)
    feed(consolidator, [90.0])
    assert consolidator.range_size == 1.0
    assert consolidator.working_data.volume == 1.0
    consolidator.reset()
    assert consolidator.range_size == 0.0
    with pytest.raises(ArgumentException):
        RangeConsolidator(100, 5)  # type: ignore[arg-type]  # a wrong call


@given(st.lists(st.integers(9000, 9600), min_size=2, max_size=40), st.sampled_from([7, 50, 100]))
def test_bars_have_their_range_and_lie_a_tick_apart(cents: list[int], ticks: int) -> None:
    made = feed(RangeConsolidator(ticks), [value / 100 for value in cents])
    for bar in made:
        assert round((bar.high - bar.low) * 100, 6) == ticks
    for before, after in pairwise(made):
        gap = min(abs(after.open - before.high), abs(after.open - before.low))
        assert round(gap, 9) == 0.01
