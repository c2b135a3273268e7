"""Weeks, months, quarters, years and functions of one's own."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.engine.consolidators.calendar import Calendar, CalendarInfo
from utils.engine.consolidators.trade_bar_consolidator import TradeBarConsolidator
from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.enums import SecurityType
from utils.engine.identity.symbol import Symbol

SPY = Symbol.create("SPY", SecurityType.EQUITY, "usa")
DAY = timedelta(days=1)
KINDS: dict[str, Any] = {
    "week": Calendar.WEEKLY,
    "month": Calendar.Monthly,
    "quarter": Calendar.QUARTERLY,
    "year": Calendar.YEARLY,
}


@pytest.mark.parametrize(
    ("kind", "start", "days"),
    [
        ("week", datetime(2018, 5, 7), 7),
        ("month", datetime(2018, 5, 1), 31),
        ("quarter", datetime(2018, 4, 1), 91),
        ("year", datetime(2018, 1, 1), 365),
    ],
)
def test_the_bar_of_a_time(kind: str, start: datetime, days: int) -> None:
    info = KINDS[kind](datetime(2018, 5, 13, 15, 30))  # a Sunday
    assert (info.start, info.period) == (start, days * DAY)
    assert info.end == start + days * DAY


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)), st.sampled_from(sorted(KINDS)))
def test_a_bar_holds_its_time_and_the_next_begins_at_its_end(time: datetime, kind: str) -> None:
    info = KINDS[kind](time)
    assert info.start <= time < info.end
    assert KINDS[kind](info.end).start == info.end
    assert KINDS[kind](info.start) == info


def test_months_of_daily_bars() -> None:
    consolidator = TradeBarConsolidator(Calendar.MONTHLY)
    made: list[TradeBar] = []
    consolidator.data_consolidated += lambda _, bar: made.append(bar)
    first = datetime(2019, 1, 15)
    for day in range(60):
        consolidator.update(TradeBar(first + day * DAY, SPY, 1, 1, 1, 1, 1, DAY))
        consolidator.scan(first + (day + 1) * DAY)
    assert [(bar.time, bar.end_time, bar.volume) for bar in made] == [
        (datetime(2019, 1, 1), datetime(2019, 2, 1), 17.0),
        (datetime(2019, 2, 1), datetime(2019, 3, 1), 28.0),
    ]


def test_a_function_of_dates() -> None:
    def monthly(time: datetime) -> CalendarInfo:
        start = time.replace(day=1).date()
        return CalendarInfo(start, date(2019, 2, 1) - date(2019, 1, 1))

    assert monthly(datetime(2019, 1, 5, 3)).start == datetime(2019, 1, 1)
    consolidator = TradeBarConsolidator(monthly)
    consolidator.update(TradeBar(datetime(2019, 1, 5), SPY, 1, 1, 1, 1, 1, DAY))
    assert consolidator.working_bar is not None
    assert consolidator.working_bar.end_time == datetime(2019, 2, 1)


def test_a_function_that_gives_a_later_start_is_refused() -> None:
    with pytest.raises(ArgumentException):
        TradeBarConsolidator(lambda time: CalendarInfo(time + DAY, DAY))
