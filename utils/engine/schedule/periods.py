"""Starts and ends of weeks, months, quarters and years, on days an exchange is open."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache

from utils.data.lean.clock import zone
from utils.engine.enums import DayOfWeek
from utils.engine.exchange.security_exchange_hours import SecurityExchangeHours, day_of_week
from utils.engine.schedule.rules import ONE_DAY, each_day

MONTH, QUARTER, YEAR = 1, 3, 12
"""Months of a period."""

Hours = SecurityExchangeHours | None


@cache
def every_day_open() -> SecurityExchangeHours:
    """Hours in place of those of no security."""
    return SecurityExchangeHours.always_open(zone("America/New_York"))


def scheduled_day(
    hours: SecurityExchangeHours,
    base: datetime,
    offset: int,
    forward: bool,
    extended: bool,
    boundary: datetime | None = None,
) -> datetime:
    """The open day `offset` open days from `base`, onwards or back; not beyond the boundary."""
    step = hours.get_next_trading_day if forward else hours.get_previous_trading_day
    day = base if hours.is_date_open(base, extended) else step(base)
    for _ in range(offset):
        day = step(day)
    if boundary is not None and (day > boundary if forward else day < boundary):
        return scheduled_day(hours, boundary, 0, not forward, extended)
    return day


def period_days(
    months: int, hours: Hours, start: datetime, end: datetime, offset: int, forward: bool, extended: bool
) -> Iterator[datetime]:
    """First (`forward`) or last days of months, quarters or years, from `start` to `end`."""
    hours = hours or every_day_open()
    # As in LEAN, a year counts from the month of `start` to that of `end`.
    begin = datetime(start.year, start.month, 1)
    finish = _last_of_month(end.year, end.month)
    if months == QUARTER:
        begin = begin.replace(month=(begin.month - 1) // QUARTER * QUARTER + 1)
        finish = _last_of_month(finish.year, (finish.month - 1) // QUARTER * QUARTER + QUARTER)
    for first, last in _periods(months, begin, finish):
        base, boundary = (first, last) if forward else (last, first)
        if begin <= base <= finish:
            day = scheduled_day(hours, base, offset, forward, extended, boundary)
            if start <= day <= end:
                yield day


def _periods(months: int, begin: datetime, finish: datetime) -> Iterator[tuple[datetime, datetime]]:
    """First and last days of the periods that have a day from `begin` to `finish`."""
    number = (begin.year * 12 + begin.month - 1) // months * months
    while number <= finish.year * 12 + finish.month - 1:
        last = number + months - 1
        yield datetime(number // 12, number % 12 + 1, 1), _last_of_month(last // 12, last % 12 + 1)
        number += months


def _last_of_month(year: int, month: int) -> datetime:
    return datetime(year, month, monthrange(year, month)[1])


def trading_weekdays(hours: SecurityExchangeHours) -> list[DayOfWeek]:
    """Days of the week with hours, Sunday first."""
    return [day for day in DayOfWeek if not hours.market_hours[day].is_closed_all_day]


def week_days(
    hours: Hours, start: datetime, end: datetime, offset: int, forward: bool, extended: bool
) -> Iterator[datetime]:
    """First (`forward`) or last days of weeks, from `start` to `end`; without hours Mondays or Fridays."""
    if hours is None:
        hours = every_day_open()
        base, span = (DayOfWeek.MONDAY, 6) if forward else (DayOfWeek.FRIDAY, -6)
    else:
        week = trading_weekdays(hours)
        base, boundary = (week[0], week[-1]) if forward else (week[-1], week[0])
        span = boundary - base
    monday = start - timedelta(days=start.weekday())
    sunday = end + timedelta(days=6 - end.weekday())
    first = next(day for day in each_day(monday, monday + 6 * ONE_DAY) if day_of_week(day) == base)
    for day in each_day(first, sunday, 7 * ONE_DAY):
        chosen = scheduled_day(hours, day, offset, forward, extended, day + timedelta(days=span))
        if start <= chosen <= end:
            yield chosen
