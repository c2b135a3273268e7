"""The times of `on_end_of_day`: shortly before closes, and shortly before midnight."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, tzinfo
from typing import Final

from utils.engine.exchange.security_exchange_hours import SecurityExchangeHours
from utils.engine.schedule.rules import ONE_DAY, each_day, to_utc

SECURITY_END_OF_DAY_DELTA: Final = timedelta(minutes=10)
ALGORITHM_END_OF_DAY_DELTA: Final = timedelta(minutes=2)


def security_end_of_days(
    hours: SecurityExchangeHours, extended_market_hours: bool, start: datetime, end: datetime
) -> Iterator[datetime]:
    """UTC times of `on_end_of_day(symbol)`, after `start` (UTC), on dates up to that of `end`.

    Ten minutes before the last close of each trading day; midnight where the exchange never shuts.
    """
    for day in each_day(start, end):
        if not hours.is_date_open(day):
            continue
        if hours.is_market_always_open:
            local = day + ONE_DAY
        else:
            close = hours.get_last_daily_market_close(day, extended_market_hours)
            local = close - SECURITY_END_OF_DAY_DELTA
        time = to_utc(local, hours.time_zone)
        if time > start:
            yield time


def algorithm_end_of_days(
    exchanges: Iterable[SecurityExchangeHours], time_zone: tzinfo, start: datetime, end: datetime
) -> Iterator[datetime]:
    """UTC times of `on_end_of_day()`, after `start` (UTC), on dates up to that of `end`.

    Two minutes before midnight of the algorithm's time zone, on dates any of the exchanges is open.
    """
    known = list(exchanges)
    for day in each_day(start, end):
        if any(hours.is_date_open(day) for hours in known):
            time = to_utc(day + ONE_DAY - ALGORITHM_END_OF_DAY_DELTA, time_zone)
            if time > start:
                yield time
