"""On which dates something is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any

from utils.engine.dotnet.exceptions import ArgumentOutOfRangeException
from utils.engine.enums import DayOfWeek
from utils.engine.exchange.security_exchange_hours import day_of_week
from utils.engine.schedule.periods import MONTH, QUARTER, YEAR, period_days, trading_weekdays, week_days
from utils.engine.schedule.rules import ONE_DAY, FuncDateRule, ScheduleRules, each_day, midnight

_LARGEST_OFFSET = {"Month": 30, "Quarter": 92, "Year": 365}
_MONTHS = {"Month": MONTH, "Quarter": QUARTER, "Year": YEAR}

SymbolOrOffset = Any
"""A symbol, a ticker, an offset in days, or None."""


class DateRules(ScheduleRules):
    """Makes date rules; the dates are of the algorithm's or the default time zone."""

    def on(self, *terms: Any) -> FuncDateRule:
        """`(year, month, day)`, or dates one by one or in a list."""
        if len(terms) == 3 and all(isinstance(term, int) for term in terms):
            days = [datetime(*terms)]
        else:
            days = [midnight(one) for one in _flat(terms)]
        name = ",".join(f"{day:%m/%d/%Y}" for day in days)
        return FuncDateRule(name, lambda start, end: [day for day in days if start <= day <= end])

    @property
    def today(self) -> FuncDateRule:
        """The date of the time the rule is looked at."""
        return FuncDateRule("TodayOnly", lambda _start, _end: [self._date_now()])

    @property
    def tomorrow(self) -> FuncDateRule:
        """The date after that of the time the rule is looked at."""
        return FuncDateRule("TomorrowOnly", lambda _start, _end: [self._date_now() + ONE_DAY])

    def _date_now(self) -> datetime:
        return midnight(self._clock.local(self._zone))

    def every(self, *days: Any) -> FuncDateRule:
        """Some days of the week, one by one or in a list."""
        wanted = [DayOfWeek(day) for day in _flat(days)]

        def dates(start: datetime, end: datetime) -> Iterator[datetime]:
            return (day for day in each_day(start, end) if day_of_week(day) in wanted)

        return FuncDateRule(",".join(str(day) for day in wanted), dates)

    def every_day(self, symbol: Any = None, extended_market_hours: bool = False) -> FuncDateRule:
        """Each day; with a symbol each day its exchange is open."""
        if symbol is None:
            return FuncDateRule("EveryDay", each_day)
        symbol = self._symbol(symbol)
        hours = self._hours_of(symbol)

        def dates(start: datetime, end: datetime) -> Iterator[datetime]:
            return (day for day in each_day(start, end) if hours.is_date_open(day, extended_market_hours))

        return FuncDateRule(f"{symbol.value}: EveryDay", dates)

    def week_start(
        self, symbol: SymbolOrOffset = None, days_offset: int = 0, extended_market_hours: bool = True
    ) -> FuncDateRule:
        """Mondays; with a symbol the first day of the week its exchange is open; some open days after it."""
        return self._week("WeekStart", symbol, days_offset, extended_market_hours)

    def week_end(
        self, symbol: SymbolOrOffset = None, days_offset: int = 0, extended_market_hours: bool = True
    ) -> FuncDateRule:
        """Fridays; with a symbol the last day of the week its exchange is open; some open days before it."""
        return self._week("WeekEnd", symbol, days_offset, extended_market_hours)

    def month_start(
        self, symbol: SymbolOrOffset = None, days_offset: int = 0, extended_market_hours: bool = True
    ) -> FuncDateRule:
        """First days of months; with a symbol the first its exchange is open; some open days after it."""
        return self._period("Month", True, symbol, days_offset, extended_market_hours)

    def month_end(
        self, symbol: SymbolOrOffset = None, days_offset: int = 0, extended_market_hours: bool = True
    ) -> FuncDateRule:
        """Last days of months; with a symbol the last its exchange is open; some open days before it."""
        return self._period("Month", False, symbol, days_offset, extended_market_hours)

    def quarter_start(
        self, symbol: SymbolOrOffset = None, days_offset: int = 0, extended_market_hours: bool = True
    ) -> FuncDateRule:
        """As `month_start`, of quarters."""
        return self._period("Quarter", True, symbol, days_offset, extended_market_hours)

    def quarter_end(
        self, symbol: SymbolOrOffset = None, days_offset: int = 0, extended_market_hours: bool = True
    ) -> FuncDateRule:
        """As `month_end`, of quarters."""
        return self._period("Quarter", False, symbol, days_offset, extended_market_hours)

    def year_start(
        self, symbol: SymbolOrOffset = None, days_offset: int = 0, extended_market_hours: bool = True
    ) -> FuncDateRule:
        """As `month_start`, of years."""
        return self._period("Year", True, symbol, days_offset, extended_market_hours)

    def year_end(
        self, symbol: SymbolOrOffset = None, days_offset: int = 0, extended_market_hours: bool = True
    ) -> FuncDateRule:
        """As `month_end`, of years."""
        return self._period("Year", False, symbol, days_offset, extended_market_hours)

    def _period(
        self, kind: str, forward: bool, symbol: SymbolOrOffset, offset: int, extended: bool
    ) -> FuncDateRule:
        name = f"{kind}{'Start' if forward else 'End'}"
        symbol, offset = self._terms(symbol, offset)
        _require_offset(name, offset, _LARGEST_OFFSET[kind])

        def dates(start: datetime, end: datetime) -> Iterator[datetime]:
            hours = None if symbol is None else self._hours_of(symbol)
            return period_days(_MONTHS[kind], hours, start, end, offset, forward, extended)

        return _named(name, symbol, offset if forward else -offset, dates)

    def _week(self, name: str, symbol: SymbolOrOffset, offset: int, extended: bool) -> FuncDateRule:
        forward = name == "WeekStart"
        symbol, offset = self._terms(symbol, offset)
        hours = None if symbol is None else self._hours_of(symbol)
        _require_offset(name, offset, 6 if hours is None else len(trading_weekdays(hours)) - 1)

        def dates(start: datetime, end: datetime) -> Iterator[datetime]:
            return week_days(hours, start, end, offset, forward, extended)

        return _named(name, symbol, offset if forward else -offset, dates)

    def _terms(self, symbol: SymbolOrOffset, offset: int) -> tuple[Any, int]:
        if isinstance(symbol, int):
            return None, symbol
        return (None if symbol is None else self._symbol(symbol)), offset


def _flat(terms: Iterable[Any]) -> Iterator[Any]:
    for term in terms:
        if isinstance(term, (int, date)):
            yield term
        else:
            yield from term


def _require_offset(name: str, offset: int, largest: int) -> None:
    if not 0 <= offset <= largest:
        raise ArgumentOutOfRangeException(f"DateRules.{name}: the offset must be between 0 and {largest}")


def _named(
    rule: str, symbol: Any, offset: int, dates: Callable[[datetime, datetime], Iterable[datetime]]
) -> FuncDateRule:
    of = "" if symbol is None else f"{symbol.value}: "
    return FuncDateRule(f"{of}{rule}{f'{offset:+d}' if offset else ''}", dates)
