"""What rules are: a date rule gives dates, a time rule the times on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, Final

from utils.data.lean.clock import zone
from utils.engine.clock import Clock
from utils.engine.dotnet.money import exact, normalize, round_half_up
from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import SecurityType
from utils.engine.exchange.security_exchange_hours import SecurityExchangeHours
from utils.engine.identity.symbol import Symbol
from utils.engine.identity.symbol_cache import SymbolCache

ONE_DAY: Final = timedelta(days=1)
END_OF_TIME: Final = datetime(2050, 12, 31)

Dates = Callable[[datetime, datetime], Iterable[datetime]]
Times = Callable[[Iterable[datetime]], Iterable[datetime]]
HoursOf = Callable[[Any], SecurityExchangeHours]


class FuncDateRule(DotNet):
    """Dates by a function.

    Attributes:
        name: what events are called after.
    """

    name: str

    def __init__(self, name: str, get_dates_function: Dates) -> None:
        self.name = name
        self._dates = get_dates_function

    def get_dates(self, start: datetime, end: datetime) -> Iterable[datetime]:
        """Dates from `start` to `end`, as midnights."""
        return self._dates(start, end)


class FuncTimeRule(DotNet):
    """Times by a function.

    Attributes:
        name: what events are called after.
    """

    name: str

    def __init__(self, name: str, create_utc_event_times_function: Times) -> None:
        self.name = name
        self._times = create_utc_event_times_function

    def create_utc_event_times(self, dates: Iterable[datetime]) -> Iterable[datetime]:
        """UTC times on dates."""
        return self._times(dates)


class CompositeTimeRule(DotNet):
    """The times of several rules, in order, each once.

    Attributes:
        name: the rules' names.
        rules: the rules.
    """

    name: str
    rules: list[Any]

    def __init__(self, *time_rules: Any) -> None:
        self.rules = list(time_rules)
        self.name = ",".join(rule.name for rule in self.rules)

    def create_utc_event_times(self, dates: Iterable[datetime]) -> Iterator[datetime]:
        """UTC times on dates."""
        for day in dates:
            yield from sorted({time for rule in self.rules for time in rule.create_utc_event_times([day])})


class ScheduleRules(DotNet):
    """What date and time rules have in common.

    Args:
        hours_of: gives the exchange hours of a symbol.
        time_zone: gives the algorithm's time zone.
        clock: tells the time; that of the run under way without it.
    """

    def __init__(
        self, hours_of: HoursOf, time_zone: Callable[[], tzinfo], clock: Clock | None = None
    ) -> None:
        self._hours_of, self._algorithm_zone = hours_of, time_zone
        self._default_zone: tzinfo | None = None
        self._own_clock = clock

    def set_default_time_zone(self, time_zone: tzinfo | str) -> None:
        """Let later rules be in a time zone instead of the algorithm's."""
        self._default_zone = zone_of(time_zone)

    @property
    def _zone(self) -> tzinfo:
        return self._default_zone or self._algorithm_zone()

    @property
    def _clock(self) -> Clock:
        if self._own_clock is None:
            from utils.engine.algorithm.environment import present

            self._own_clock = present().clock
        return self._own_clock

    def _symbol(self, given: Any) -> Symbol:
        """A symbol, or that of a ticker: the one added, else the US equity."""
        if not isinstance(given, str):
            symbol: Symbol = given if isinstance(given, Symbol) else given.symbol
            return symbol
        found = SymbolCache.try_get_symbol(given)
        if found is None:
            found = Symbol.create(given, SecurityType.EQUITY, "usa")
            SymbolCache.set(given, found)
        return found


def zone_of(time_zone: tzinfo | str) -> tzinfo:
    """A time zone, or that of a name.

    Raises:
        UserError: there is no such time zone.
    """
    return zone(time_zone) if isinstance(time_zone, str) else time_zone


def to_utc(local: datetime, time_zone: tzinfo) -> datetime:
    """UTC of a wall clock's time, both naive; a skipped one counts on from before the clock change."""
    return local.replace(tzinfo=time_zone).astimezone(UTC).replace(tzinfo=None)


def midnight(day: date) -> datetime:
    """A date's start."""
    return datetime(day.year, day.month, day.day)


def each_day(start: datetime, end: datetime, step: timedelta = ONE_DAY) -> Iterator[datetime]:
    """Midnights from the date of `start` to that of `end`."""
    day, last = midnight(start), midnight(end)
    while day <= last:
        yield day
        day += step


def two_places(number: float) -> str:
    """.NET's text of a number in the format 0.##."""
    return f"{normalize(round_half_up(exact(float(number)), 2)):f}"
