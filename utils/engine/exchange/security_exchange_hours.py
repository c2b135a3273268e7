"""When an exchange is open: weekdays, holidays, early closes, late opens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, tzinfo
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.data.lean.market_hours import MarketHours, Segment
from utils.engine.dotnet.exceptions import ArgumentException, InvalidOperationException
from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import DayOfWeek
from utils.engine.exchange.local_market_hours import LocalMarketHours
from utils.engine.exchange.market_hours_segment import ONE_DAY, MarketHoursSegment
from utils.engine.exchange.special_days import special_segments

_TICK = timedelta(microseconds=1)
_SEARCHED = timedelta(days=15)
_US = timedelta(microseconds=1)


def midnight_of(time: date) -> datetime:
    """Start of a date, naive."""
    return datetime(time.year, time.month, time.day)


def moment(time: date) -> datetime:
    """A date counts as its midnight, as where LEAN takes a DateTime."""
    return time if isinstance(time, datetime) else midnight_of(time)


def time_of_day(time: datetime) -> timedelta:
    """Since midnight."""
    return timedelta(0, (time.hour * 60 + time.minute) * 60 + time.second, time.microsecond)


def day_of_week(time: date) -> DayOfWeek:
    """.NET's day of the week of a date."""
    return DayOfWeek((time.weekday() + 1) % 7)


class SecurityExchangeHours(DotNet):
    """Hours of an exchange; all times are naive and in its zone.

    Attributes:
        time_zone: the exchange's.
        holidays, bank_holidays: dates without hours, and dates banks rest, as midnights.
        early_closes, late_opens: times of day, by midnight of their date.
        market_hours: usual hours by day of the week.
        regular_market_duration: the most common length of regular hours, the larger of equally common ones.
        is_market_always_open: regular hours never end.
    """

    time_zone: tzinfo
    holidays: frozenset[datetime]
    bank_holidays: frozenset[datetime]
    early_closes: Mapping[datetime, timedelta]
    late_opens: Mapping[datetime, timedelta]
    market_hours: Mapping[DayOfWeek, LocalMarketHours]
    regular_market_duration: timedelta
    is_market_always_open: bool

    def __init__(
        self,
        time_zone: tzinfo,
        holiday_dates: Iterable[date],
        market_hours_for_each_day_of_week: Mapping[DayOfWeek, LocalMarketHours],
        early_closes: Mapping[Any, timedelta],
        late_opens: Mapping[Any, timedelta],
        bank_holiday_dates: Iterable[date] = (),
    ) -> None:
        self.time_zone = time_zone
        self.holidays = frozenset(midnight_of(day) for day in holiday_dates)
        self.bank_holidays = frozenset(midnight_of(day) for day in bank_holiday_dates)
        self.early_closes = {midnight_of(day): time for day, time in early_closes.items()}
        self.late_opens = {midnight_of(day): time for day, time in late_opens.items()}
        given = market_hours_for_each_day_of_week
        self.market_hours = {day: given.get(day) or LocalMarketHours.closed_all_day(day) for day in DayOfWeek}
        durations = Counter(hours.market_duration for hours in self.market_hours.values())
        self.regular_market_duration = max(durations, key=lambda length: (durations[length], length))
        self.is_market_always_open = all(hours.is_open_all_day for hours in self.market_hours.values())
        self._days: dict[int, LocalMarketHours] = {}

    @staticmethod
    def always_open(time_zone: tzinfo) -> SecurityExchangeHours:
        """An exchange that never shuts."""
        week = {day: LocalMarketHours.open_all_day(day) for day in DayOfWeek}
        return SecurityExchangeHours(time_zone, (), week, {}, {})

    def get_market_hours(self, local_date_time: date) -> LocalMarketHours:
        """Hours of a date."""
        number = local_date_time.toordinal()
        found = self._days.get(number)
        if found is None:
            found = self._days[number] = self._hours_of(midnight_of(local_date_time))
        return found

    def _hours_of(self, day: datetime) -> LocalMarketHours:
        weekday = day_of_week(day)
        if day in self.holidays:
            return LocalMarketHours.closed_all_day(weekday)
        usual = self.market_hours[weekday]
        close, reopen = self.early_closes.get(day), self.late_opens.get(day)
        if close is None and reopen is None:
            return usual
        return LocalMarketHours(weekday, special_segments(usual.segments, close, reopen))

    # Open or not

    def is_open(
        self,
        local_date_time: datetime,
        end_local_date_time: datetime | bool | None = None,
        extended_market_hours: bool = False,
    ) -> bool:
        """`(time, extended_market_hours)` or `(start, end, extended_market_hours)`: open at some time."""
        local_date_time = moment(local_date_time)
        end = end_local_date_time
        if end is None or isinstance(end, bool):
            extended_market_hours = bool(end) or extended_market_hours
        elif end != local_date_time:
            return self._is_open_between(local_date_time, end, extended_market_hours)
        hours = self.get_market_hours(local_date_time)
        return hours.is_open(time_of_day(local_date_time), extended_market_hours)

    def _is_open_between(self, start: datetime, end: datetime, extended: bool) -> bool:
        midnight = midnight_of(start)
        while True:
            first, last = max(start - midnight, timedelta()), min(end - midnight, ONE_DAY - _TICK)
            if self.get_market_hours(midnight).is_open_between(first, last, extended):
                return True
            midnight += ONE_DAY
            if end <= midnight:
                return False

    def is_date_open(self, local_date_time: date, extended_market_hours: bool = False) -> bool:
        """Whether there are hours on a date."""
        hours = self.get_market_hours(local_date_time)
        return not hours.is_closed_all_day and (bool(hours.market_duration) or extended_market_hours)

    def open_mask(self, utc_ns: NDArray[np.int64], extended_market_hours: bool = False) -> NDArray[np.bool_]:
        """Whether the exchange is open at UTC times (ns), of shape (n,)."""
        return self.columns.open_at(utc_ns, extended_market_hours)

    @cached_property
    def columns(self) -> MarketHours:
        """The same hours for whole arrays of times."""
        zone = str(self.time_zone)
        week = tuple(
            tuple(
                Segment(_ns(one.start), _ns(one.end), one.is_regular)
                for one in self.market_hours[DayOfWeek((weekday + 1) % 7)].segments
            )
            for weekday in range(7)
        )
        return MarketHours(
            zone,
            zone,
            week,
            frozenset(day.date() for day in self.holidays),
            {day.date(): _ns(time) for day, time in self.early_closes.items()},
            {day.date(): _ns(time) for day, time in self.late_opens.items()},
        )

    # Opens and closes

    def get_next_market_open(
        self, local_date_time: datetime, extended_market_hours: bool = False
    ) -> datetime:
        """The first open after a time.

        Raises:
            ArgumentException: there is none within two weeks.
        """
        local_date_time = moment(local_date_time)
        midnight = midnight_of(local_date_time)
        time = time_of_day(local_date_time)
        before = self.get_market_hours(midnight - ONE_DAY).segments
        for _ in range(_SEARCHED.days):
            hours = self.get_market_hours(midnight)
            previous = before[-1].end if before else None
            opening = hours.get_market_open(time, extended_market_hours, previous)
            if opening is not None and local_date_time < midnight + opening:
                return midnight + opening
            # After an early close the next day opens anew.
            before = () if midnight in self.early_closes else hours.segments
            midnight, time = midnight + ONE_DAY, timedelta()
        raise self._never("open")

    def get_next_market_close(
        self, local_date_time: datetime, extended_market_hours: bool = False, last_close: bool = False
    ) -> datetime:
        """The first close after a time; `last_close`: the last one of its day.

        Raises:
            ArgumentException: there is none within two weeks.
        """
        local_date_time = moment(local_date_time)
        midnight = midnight_of(local_date_time)
        time = time_of_day(local_date_time)
        for _ in range(_SEARCHED.days):
            hours = self.get_market_hours(midnight)
            following = self._first_start(midnight + ONE_DAY)
            closing = hours.get_market_close(time, extended_market_hours, last_close, following)
            if closing is not None and local_date_time < midnight + closing:
                return midnight + closing
            midnight, time = midnight + ONE_DAY, timedelta()
        raise self._never("close")

    def _first_start(self, midnight: datetime) -> timedelta | None:
        """Start of a date's first hours; None: there are none, or they are cut short."""
        segments = self.get_market_hours(midnight).segments
        return None if not segments or midnight in self.early_closes else segments[0].start

    def _never(self, event: str) -> ArgumentException:
        always = "; it is always open" if self.is_market_always_open else ""
        return ArgumentException(
            f"SecurityExchangeHours: the market does not {event} within {_SEARCHED.days} days{always}"
        )

    def get_last_daily_market_close(
        self, local_date_time: datetime, extended_market_hours: bool = False
    ) -> datetime:
        """The last close of the date, else of the next date with hours."""
        return self.get_next_market_close(local_date_time, extended_market_hours, True)

    def get_previous_market_open(
        self, local_date_time: datetime, extended_market_hours: bool = False, first_open: bool = False
    ) -> datetime:
        """The last open at or before a time; `first_open`: the first one of its day.

        Raises:
            InvalidOperationException: there is none within nine days.
        """
        local_date_time = moment(local_date_time)
        if self.get_next_market_open(local_date_time, extended_market_hours) == local_date_time:
            return local_date_time
        midnight = midnight_of(local_date_time)
        for _ in range(9):
            starts = [
                midnight + segment.start
                for segment in reversed(self.get_market_hours(midnight).segments)
                if segment.is_regular or extended_market_hours
                if midnight + segment.start <= local_date_time
            ]
            if starts and first_open:
                return starts[-1]
            for start in starts:
                # Hours that go on from those before them did not open.
                if self.get_next_market_open(start - _TICK, extended_market_hours) == start:
                    return start
            midnight -= ONE_DAY
        raise InvalidOperationException(
            f"SecurityExchangeHours: the market did not open in the nine days before {local_date_time}"
        )

    def get_first_daily_market_open(
        self, local_date_time: datetime, extended_market_hours: bool = False
    ) -> datetime:
        """The first open of the date, else of the last date with hours before it."""
        return self.get_previous_market_open(local_date_time, extended_market_hours, True)

    # Trading days

    def get_previous_trading_day(self, local_date: datetime) -> datetime:
        """The last date with regular hours before a date, at the same time of day."""
        return self._trading_day(local_date, -ONE_DAY)

    def get_next_trading_day(self, date: datetime) -> datetime:
        """The first date with regular hours after a date, at the same time of day."""
        return self._trading_day(date, ONE_DAY)

    def _trading_day(self, day: datetime, step: timedelta) -> datetime:
        for _ in range(366):
            day += step
            if self.is_date_open(day):
                return day
        raise self._never("open")


def _ns(time: timedelta) -> int:
    return time // _US * 1000


def same_hours(
    hours: Iterable[MarketHoursSegment], days: Iterable[DayOfWeek]
) -> dict[DayOfWeek, LocalMarketHours]:
    """The same hours on several days."""
    segments = list(hours)
    return {day: LocalMarketHours(day, segments) for day in days}
