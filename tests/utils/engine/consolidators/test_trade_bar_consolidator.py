"""Trade bars by time, count and both."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from utils.engine.consolidators.trade_bar_consolidator import TradeBarConsolidator
from utils.engine.data.tick import Tick
from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.exceptions import ArgumentException, ArgumentNullException, InvalidOperationException
from utils.engine.enums import Resolution, SecurityType
from utils.engine.identity.symbol import Symbol

SPY = Symbol.create("SPY", SecurityType.EQUITY, "usa")
AAPL = Symbol.create("AAPL", SecurityType.EQUITY, "usa")
TEN = datetime(2014, 12, 1, 10)
MINUTE = timedelta(minutes=1)


def bar(minutes: float, price: float = 1.0, *, period: timedelta = MINUTE, symbol: Symbol = SPY) -> TradeBar:
    return TradeBar(TEN + minutes * MINUTE, symbol, price, price, price, price, 1, period)


def collect(consolidator: Any) -> list[TradeBar]:
    made: list[TradeBar] = []
    consolidator.data_consolidated += lambda _, bar: made.append(bar)
    return made


def starts(bars: list[TradeBar]) -> list[float]:
    return [(made.time - TEN) / MINUTE for made in bars]


def test_open_high_low_close_volume_of_a_group() -> None:
    consolidator = TradeBarConsolidator(3)
    made = collect(consolidator)
    for prices in ((10, 100, 1, 50, 75), (50, 123, 35, 75, 100), (75, 100, 50, 83, 125)):
        consolidator.update(TradeBar(TEN, SPY, *prices))
    (result,) = made
    assert (result.open, result.high, result.low, result.close, result.volume) == (10, 123, 1, 83, 300)
    assert result.symbol == SPY


def test_fractions_of_volume_add_up_as_decimals() -> None:
    consolidator = TradeBarConsolidator(3)
    made = collect(consolidator)
    for volume in (0.1, 0.2, 0.3):
        consolidator.update(TradeBar(TEN, SPY, 1, 1, 1, 1, volume))
    assert made[0].volume == 0.6


def test_bars_begin_on_the_grid_and_end_with_the_first_data_after() -> None:
    consolidator = TradeBarConsolidator(timedelta(minutes=2))
    made = collect(consolidator)
    counts = []
    for minutes in (0, 1, 2, 3, 5, 8, 8 + 1 / 60, 9):
        consolidator.update(bar(minutes))
        counts.append(len(made))
    assert counts == [0, 0, 1, 1, 2, 3, 3, 3]
    assert starts(made) == [0, 2, 4]
    assert all(result.period == timedelta(minutes=2) for result in made)


def test_scan_ends_a_bar_without_data() -> None:
    consolidator = TradeBarConsolidator(timedelta(minutes=5))
    made = collect(consolidator)
    consolidator.update(bar(0))
    consolidator.scan(TEN + 4 * MINUTE)
    assert made == []
    consolidator.scan(TEN + 5 * MINUTE)
    assert starts(made) == [0]
    assert consolidator.working_data is None
    consolidator.scan(TEN + 10 * MINUTE)
    assert len(made) == 1


def test_late_data_of_a_finished_bar_is_left_out() -> None:
    consolidator = TradeBarConsolidator(timedelta(minutes=5))
    made = collect(consolidator)
    consolidator.update(bar(0, 1.0))
    consolidator.scan(TEN + 5 * MINUTE)
    consolidator.update(bar(3, 99.0))
    assert consolidator.working_data is None
    consolidator.update(bar(5, 2.0))
    consolidator.scan(TEN + 10 * MINUTE)
    assert [result.high for result in made] == [1.0, 2.0]


def test_a_start_time_moves_the_grid() -> None:
    consolidator = TradeBarConsolidator(timedelta(hours=1), timedelta(minutes=30))
    made = collect(consolidator)
    for minutes in range(0, 130, 10):
        consolidator.update(bar(minutes))
    assert [result.time for result in made] == [TEN - 30 * MINUTE, TEN + 30 * MINUTE]


def test_a_week_with_a_start_time_counts_from_the_first_of_the_month() -> None:
    consolidator = TradeBarConsolidator(timedelta(days=7), timedelta(hours=9))
    consolidator.update(TradeBar(datetime(2014, 12, 17, 10), SPY, 1, 1, 1, 1, 1))
    assert consolidator.working_bar is not None
    assert consolidator.working_bar.time == datetime(2014, 12, 15, 9)


def test_more_than_a_day_has_no_grid() -> None:
    consolidator = TradeBarConsolidator(timedelta(days=2))
    made = collect(consolidator)
    for day in range(5):
        consolidator.update(bar(day * 1440, period=timedelta(days=1)))
    assert [result.time for result in made] == [TEN, TEN + timedelta(days=2)]
    assert {result.period for result in made} == {timedelta(days=2)}


def test_a_count_of_bars_spans_them() -> None:
    consolidator = TradeBarConsolidator(2)
    made = collect(consolidator)
    for minutes in (0, 1, 5, 9):
        consolidator.update(bar(minutes))
    assert starts(made) == [0, 5]
    assert [result.period for result in made] == [2 * MINUTE, 5 * MINUTE]


@pytest.mark.parametrize("count", [0, 1])
def test_a_count_of_one_or_zero_gives_each_bar(count: int) -> None:
    consolidator = TradeBarConsolidator(count)
    made = collect(consolidator)
    consolidator.update(bar(0))
    consolidator.update(bar(1))
    assert starts(made) == [0, 1]


def test_count_and_period_whichever_is_first() -> None:
    consolidator = TradeBarConsolidator(3, timedelta(minutes=3))
    made = collect(consolidator)
    for minutes in (0, 1, 2, 3, 6, 8):
        consolidator.update(bar(minutes))
    assert starts(made) == [0, 3, 8]


def test_a_period_of_zero_gives_ticks_one_by_one_and_refuses_bars() -> None:
    consolidator = TradeBarConsolidator(timedelta(0))
    with pytest.raises(ArgumentException):
        consolidator.update(bar(0))
    made = collect(consolidator)
    consolidator.reset()
    consolidator.update(bar(0, period=timedelta(0)))
    assert len(made) == 1


def test_hour_bars_of_equities_belong_to_the_day_of_their_open() -> None:
    # The day's bar begins at 9:30; hour data begins at 9:00.
    from utils.engine.consolidators.calendar import CalendarInfo

    def day(time: datetime) -> CalendarInfo:
        start = time.replace(hour=9, minute=30)
        return CalendarInfo(start if start <= time else start - timedelta(days=1), timedelta(hours=6.5))

    consolidator = TradeBarConsolidator(day)
    made = collect(consolidator)
    for hour in (9, 10, 15):
        consolidator.update(TradeBar(datetime(2014, 12, 1, hour), SPY, 1, 1, 1, 1, 1, timedelta(hours=1)))
    consolidator.scan(datetime(2014, 12, 1, 15, 59))
    assert made == []
    consolidator.scan(datetime(2014, 12, 1, 16))
    consolidator.update(TradeBar(datetime(2014, 12, 2, 9), SPY, 1, 1, 1, 1, 1, timedelta(hours=1)))
    assert consolidator.working_bar is not None
    assert consolidator.working_bar.time == datetime(2014, 12, 2, 9, 30)
    assert [(result.time, result.volume) for result in made] == [(datetime(2014, 12, 1, 9, 30), 3.0)]


def test_wrong_data() -> None:
    consolidator = TradeBarConsolidator(timedelta(minutes=5))
    consolidator.update(bar(0))
    with pytest.raises(InvalidOperationException, match="AAPL"):
        consolidator.update(bar(1, symbol=AAPL))
    with pytest.raises(ArgumentNullException, match="Tick"):
        consolidator.update(Tick(TEN, SPY, "", "", 1, 1.0))
    with pytest.raises(ArgumentException, match="0:05:00"):
        TradeBarConsolidator(timedelta(minutes=5)).update(bar(0, period=timedelta(hours=1)))
    with pytest.raises(ArgumentException, match="five"):
        TradeBarConsolidator("five")


def test_the_window_and_the_last_bar_in_a_handler() -> None:
    consolidator: Any = TradeBarConsolidator(1)
    seen: list[tuple[Any, ...]] = []

    def handler(sender: Any, made: TradeBar) -> None:
        seen.append((sender is consolidator, sender[0] is made, sender.current is made, sender.previous))

    consolidator.DataConsolidated += handler
    for minutes in range(3):
        consolidator.Update(bar(minutes))
    assert [entry[:3] for entry in seen] == [(True, True, True)] * 3
    assert seen[0][3] is None
    assert seen[2][3] is consolidator[1]
    assert consolidator.window.count == 2
    assert consolidator.Consolidated is consolidator[0]


def test_indicators_hear_of_a_bar_before_the_algorithm() -> None:
    consolidator = TradeBarConsolidator(1)
    order: list[str] = []
    consolidator.data_consolidated += lambda *_: order.append("algorithm")
    consolidator.base_data_consolidated += lambda *_: order.append("engine")
    consolidator.update(bar(0))
    assert order == ["engine", "algorithm"]


def test_working_data_is_a_copy() -> None:
    consolidator: Any = TradeBarConsolidator(timedelta(minutes=5))
    assert consolidator.working_bar is None
    consolidator.update(bar(0, 5.0))
    consolidator.WorkingBar.close = 99.0
    assert consolidator.WorkingData.close == 5.0


def test_reset_and_dispose() -> None:
    consolidator = TradeBarConsolidator(2)
    made = collect(consolidator)
    consolidator.update(bar(0))
    consolidator.reset()
    consolidator.update(bar(1, symbol=AAPL))
    assert made == []
    consolidator.dispose()
    consolidator.update(bar(2, symbol=AAPL))
    assert made == []
    assert consolidator.consolidated is not None


def test_of_a_resolution() -> None:
    assert TradeBarConsolidator.from_resolution(Resolution.HOUR).period == timedelta(hours=1)
