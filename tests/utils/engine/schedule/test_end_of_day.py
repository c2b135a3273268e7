"""Times of `on_end_of_day`."""

from __future__ import annotations

from datetime import datetime, timedelta

from utils.data.lean.clock import zone
from utils.engine.enums import DayOfWeek
from utils.engine.exchange.local_market_hours import LocalMarketHours
from utils.engine.exchange.security_exchange_hours import SecurityExchangeHours
from utils.engine.schedule.end_of_day import algorithm_end_of_days, security_end_of_days

NEW_YORK = zone("America/New_York")
EDGES = [timedelta(hours=hour) for hour in (4, 9.5, 16, 20)]
NYSE = SecurityExchangeHours(
    NEW_YORK,
    [datetime(2013, 11, 28)],
    {DayOfWeek(day): LocalMarketHours(DayOfWeek(day), *EDGES) for day in range(1, 6)},
    {datetime(2013, 11, 29): timedelta(hours=13)},
    {},
)
ALWAYS = SecurityExchangeHours.always_open(zone("UTC"))
THANKSGIVING_EVE, SUNDAY = datetime(2013, 11, 27), datetime(2013, 12, 1)


def test_ten_minutes_before_each_close() -> None:
    assert list(security_end_of_days(NYSE, False, THANKSGIVING_EVE, SUNDAY)) == [
        datetime(2013, 11, 27, 20, 50),
        datetime(2013, 11, 29, 17, 50),
    ]
    extended = security_end_of_days(NYSE, True, THANKSGIVING_EVE, SUNDAY)
    assert next(extended) == datetime(2013, 11, 28, 0, 50)


def test_at_midnight_where_the_exchange_never_shuts() -> None:
    found = list(security_end_of_days(ALWAYS, False, datetime(2013, 11, 30, 12), SUNDAY))
    assert found == [datetime(2013, 12, 1), datetime(2013, 12, 2)]


def test_only_after_the_start() -> None:
    start = datetime(2013, 11, 27, 20, 50)
    assert list(security_end_of_days(NYSE, False, start, SUNDAY)) == [datetime(2013, 11, 29, 17, 50)]


def test_algorithm_has_its_own_before_midnight_of_days_with_trading() -> None:
    assert list(algorithm_end_of_days([NYSE], NEW_YORK, THANKSGIVING_EVE, SUNDAY)) == [
        datetime(2013, 11, 28, 4, 58),
        datetime(2013, 11, 30, 4, 58),
    ]
    both = algorithm_end_of_days([NYSE, ALWAYS], NEW_YORK, THANKSGIVING_EVE, SUNDAY)
    assert len(list(both)) == 5
