"""`security.session`."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from utils.engine.consolidators.session import Session
from utils.engine.data.bar import Bar
from utils.engine.data.base_data import BaseData
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.tick import Tick
from utils.engine.data.trade_bar import TradeBar
from utils.engine.enums import SecurityType, TickType
from utils.engine.identity.symbol import Symbol

SPY = Symbol.create("SPY", SecurityType.EQUITY, "usa")
DATE = datetime(2025, 8, 29)  # a Friday
MONDAY = datetime(2025, 9, 1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Hours:
    """Weekdays, 9:30 to 16:00."""

    def is_open(self, start: datetime, end: datetime, extended: bool) -> bool:
        assert not extended
        return start.weekday() < 5 and start.time() < time(16) and end.time() > time(9, 30)

    def get_next_trading_day(self, day: datetime) -> datetime:
        following = day + DAY
        while following.weekday() > 4:
            following += DAY
        return following


def session(tick_type: TickType = TickType.TRADE, size: int = 3) -> Any:
    return Session(tick_type, Hours(), SPY, size)


def bar(hour: int, price: float, volume: float = 100, date: datetime = DATE) -> TradeBar:
    return TradeBar(date + hour * HOUR, SPY, price, price + 1, price - 1, price + 0.5, volume, HOUR)


def values(of: Any) -> tuple[float, ...]:
    return of.open, of.high, of.low, of.close, of.volume


def test_nothing_is_collected_until_it_has_a_size() -> None:
    made = session(size=0)
    made.update(bar(12, 100))
    assert values(made) == (0.0,) * 5
    assert (made.open_interest, made.count, str(made)) == (0.0, 0, "")
    made.size = 2
    made.update(bar(12, 100))
    assert values(made) == (100.0, 101.0, 99.0, 100.5, 100.0)


def test_the_day_in_regular_hours() -> None:
    made = session()
    for data in (bar(8, 500), bar(9, 99), bar(12, 100), bar(15, 102), bar(16, 900)):
        made.update(data)
    assert values(made) == values(made[0]) == (99.0, 103.0, 98.0, 102.5, 300.0)
    assert str(made) == "O: 99 H: 103 L: 98 C: 102.5 V: 300 OI: 0"
    assert made.end_time == DATE + DAY
    assert made.symbol == SPY


def test_days_before() -> None:
    made = session()
    made.update(bar(12, 100))
    made.scan(DATE + 17 * HOUR)
    assert made.count == 1
    made.scan(DATE + DAY)
    assert made.count == 2
    assert values(made) == (0.0,) * 5
    assert values(made[1]) == (100.0, 101.0, 99.0, 100.5, 100.0)
    assert made.end_time == MONDAY + DAY
    made.update(bar(12, 200, date=MONDAY))
    assert (made.open, made[0].open, made[1].open) == (200.0, 200.0, 100.0)
    assert made[0].time == MONDAY


def test_data_of_the_next_day_ends_a_day() -> None:
    made = session()
    made.update(bar(12, 100))
    made.update(bar(12, 200, date=MONDAY))
    assert (made[0].open, made[1].open) == (200.0, 100.0)


def test_coarser_data_of_the_same_time_is_left_out() -> None:
    made = session()
    made.update(TradeBar(DATE + 12 * HOUR, SPY, 1, 1, 1, 1, 5, timedelta(minutes=1)))
    made.update(bar(12, 100))
    assert values(made) == (1.0, 1.0, 1.0, 1.0, 5.0)


def test_of_quotes_prices_are_the_middle_and_volume_is_of_trades() -> None:
    made = session(TickType.QUOTE)
    data: list[BaseData] = [
        QuoteBar(DATE + 11 * HOUR, SPY, Bar(100, 101, 100, 101), 0, Bar(101, 102, 100, 101), 0, HOUR),
        bar(12, 500, 1000),
        Tick(DATE + 14 * HOUR, SPY, "", "", 500, 5.0),
        Tick(DATE + 14 * HOUR, SPY, 7),
    ]
    for point in data:
        made.update(point)
    assert values(made) == (100.5, 101.5, 100.0, 101.0, 1500.0)
    assert made.open_interest == 7.0


def test_a_day_of_quotes_opens_where_the_last_closed() -> None:
    made = session(TickType.QUOTE)
    made.update(Tick(DATE + 12 * HOUR, SPY, 100.0, 102.0))
    made.scan(DATE + DAY)
    made.update(Tick(MONDAY + 12 * HOUR, SPY, 104.0, 106.0))
    assert (made.open, made.close) == (101.0, 105.0)


def test_reset() -> None:
    made = session()
    made.update(bar(12, 100))
    made.scan(DATE + DAY)
    made.reset()
    assert made.count == 1
    assert values(made) == (0.0,) * 5
    made.update(bar(12, 50))
    assert made.open == 50.0


@pytest.mark.parametrize("size", [1, 3])
def test_only_so_many_days_are_kept(size: int) -> None:
    made = session(size=size)
    for day in range(5):
        made.update(bar(12, 100 + day, date=datetime(2025, 8, 25) + day * DAY))
    assert made.count == size
    assert made[0].open == 104.0
