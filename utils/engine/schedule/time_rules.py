"""At which times of a date something is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta, tzinfo
from typing import Any

from utils.engine.clock import Clock
from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.exchange.security_exchange_hours import SecurityExchangeHours
from utils.engine.schedule.rules import (
    ONE_DAY,
    FuncTimeRule,
    HoursOf,
    ScheduleRules,
    to_utc,
    two_places,
    zone_of,
)

_INSTANT = timedelta(microseconds=1)

Opening = Callable[[SecurityExchangeHours, datetime], datetime | None]


class TimeRules(ScheduleRules):
    """Makes time rules; times are of the algorithm's or the default time zone.

    Args:
        all_hours: gives the exchange hours of every security, for rules about the market without a symbol;
            SPY's are always among them.
    """

    def __init__(
        self,
        hours_of: HoursOf,
        time_zone: Callable[[], tzinfo],
        clock: Clock | None = None,
        all_hours: Callable[[], Iterable[SecurityExchangeHours]] = tuple,
    ) -> None:
        super().__init__(hours_of, time_zone, clock)
        self._all_hours = all_hours

    @property
    def now(self) -> FuncTimeRule:
        """The time at which the rule is looked at, whatever the date."""
        return FuncTimeRule("Now", lambda dates: (self._clock.utc for _ in dates))

    @property
    def midnight(self) -> FuncTimeRule:
        """Start of the date."""
        return FuncTimeRule("Midnight", lambda dates: (to_utc(day, self._zone) for day in dates))

    @property
    def noon(self) -> FuncTimeRule:
        """Twelve hours after midnight."""
        half = timedelta(hours=12)
        return FuncTimeRule("Noon", lambda dates: (to_utc(day, self._zone) + half for day in dates))

    def at(self, *terms: Any, **given: Any) -> FuncTimeRule:
        """`(hour, minute[, second][, time_zone])` or `(time_of_day[, time_zone])`."""
        time, zone = _time_of_day(terms, given)
        where = self._zone if zone is None else zone_of(zone)
        name = two_places(time / timedelta(hours=1))
        return FuncTimeRule(name, lambda dates: (to_utc(day + time, where) for day in dates))

    def every(self, interval: timedelta) -> FuncTimeRule:
        """Each time an interval has passed since midnight, midnight included.

        Raises:
            ArgumentException: the interval is not above zero.
        """
        if interval <= timedelta(0):
            raise ArgumentException("TimeRules.Every(): time span interval can not be zero or less")
        zone = self._zone
        name = f"Every {two_places(interval / timedelta(minutes=1))} min"
        return FuncTimeRule(name, lambda dates: _every(dates, interval, zone))

    def after_market_open(
        self, symbol: Any = None, minutes_after_open: float = 0, extended_market_open: bool = False
    ) -> FuncTimeRule:
        """Minutes after the first open of a symbol's exchange; without a symbol, of the first to open."""
        symbol, minutes, extended = _terms(symbol, minutes_after_open, extended_market_open)
        after = timedelta(minutes=minutes)

        def opening(hours: SecurityExchangeHours, day: datetime) -> datetime | None:
            if not hours.is_date_open(day, extended):
                return None
            found = hours.get_first_daily_market_open(day + ONE_DAY - _INSTANT, extended)
            return to_utc(found + after, hours.time_zone) if found.date() == day.date() else None

        moment = "after" if minutes > 0 else "before"
        what = "ExtendedMarketOpen" if extended else "MarketOpen"
        return self._market_rule(symbol, f"{two_places(abs(minutes))} min {moment} {what}", opening, min)

    def before_market_open(
        self, symbol: Any = None, minutes_before_open: float = 0, extended_market_open: bool = False
    ) -> FuncTimeRule:
        """Minutes before the first open."""
        symbol, minutes, extended = _terms(symbol, minutes_before_open, extended_market_open)
        return self.after_market_open(symbol, -minutes, extended)

    def before_market_close(
        self, symbol: Any = None, minutes_before_close: float = 0, extended_market_close: bool = False
    ) -> FuncTimeRule:
        """Minutes before the last close of a symbol's exchange; without a symbol, of the last to close."""
        symbol, minutes, extended = _terms(symbol, minutes_before_close, extended_market_close)
        before = timedelta(minutes=minutes)

        def closing(hours: SecurityExchangeHours, day: datetime) -> datetime | None:
            if not hours.is_date_open(day, extended):
                return None
            found = hours.get_last_daily_market_close(day, extended)
            return to_utc(found - before, hours.time_zone)

        moment = "before" if minutes > 0 else "after"
        what = "ExtendedMarketClose" if extended else "MarketClose"
        return self._market_rule(symbol, f"{two_places(abs(minutes))} min {moment} {what}", closing, max)

    def after_market_close(
        self, symbol: Any = None, minutes_after_close: float = 0, extended_market_close: bool = False
    ) -> FuncTimeRule:
        """Minutes after the last close."""
        symbol, minutes, extended = _terms(symbol, minutes_after_close, extended_market_close)
        return self.before_market_close(symbol, -minutes, extended)

    def _market_rule(
        self, symbol: Any, name: str, moment: Opening, choose: Callable[[list[datetime]], datetime]
    ) -> FuncTimeRule:
        if symbol is not None:
            symbol = self._symbol(symbol)
            name = f"{symbol}: {name}"
            own = [self._hours_of(symbol)]

        def times(dates: Iterable[datetime]) -> Iterator[datetime]:
            exchanges = self._exchanges() if symbol is None else own
            for day in dates:
                found = [time for hours in exchanges if (time := moment(hours, day)) is not None]
                if found:
                    yield choose(found)

        return FuncTimeRule(name, times)

    def _exchanges(self) -> list[SecurityExchangeHours]:
        """Those of US equities, and all others that shut at times."""
        others = (hours for hours in self._all_hours() if not hours.is_market_always_open)
        return list(dict.fromkeys([self._hours_of(self._symbol("SPY")), *others]))


def _time_of_day(terms: tuple[Any, ...], given: dict[str, Any]) -> tuple[timedelta, Any]:
    """Time of day and time zone, None without one."""
    zone = given.get("time_zone")
    if terms and isinstance(terms[-1], (tzinfo, str)):
        zone, terms = terms[-1], terms[:-1]
    time = terms[0] if terms else given.get("time_of_day")
    if isinstance(time, timedelta):
        return time, zone
    parts = dict(zip(("hour", "minute", "second"), terms, strict=False)) | given
    hours, minutes, seconds = (int(parts.get(name, 0)) for name in ("hour", "minute", "second"))
    return timedelta(hours=hours, minutes=minutes, seconds=seconds), zone


def _terms(symbol: Any, minutes: Any, extended: bool) -> tuple[Any, float, bool]:
    """Symbol (None without one), minutes and extended hours, of arguments with or without a symbol."""
    if isinstance(symbol, (int, float)):
        return None, float(symbol), minutes if isinstance(minutes, bool) else extended
    return symbol, float(minutes), extended


def _every(dates: Iterable[datetime], interval: timedelta, zone: tzinfo) -> Iterator[datetime]:
    for day in dates:
        start, end = to_utc(day, zone), to_utc(day + ONE_DAY, zone)
        changing = end - start != ONE_DAY
        time = timedelta(0)
        while time < ONE_DAY:
            # Only where the clock changes is each time converted by itself.
            yield to_utc(day + time, zone) if changing else start + time
            time += interval
