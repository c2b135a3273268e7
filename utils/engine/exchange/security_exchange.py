"""The exchange of a security: its hours, and whether it is open now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta, tzinfo

from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import DayOfWeek
from utils.engine.exchange.market_hours_segment import MarketHoursSegment
from utils.engine.exchange.security_exchange_hours import SecurityExchangeHours, same_hours

_CLOSING_SOON_MINUTES = 10


class SecurityExchange(DotNet):
    """Where a security is traded.

    Attributes:
        hours: when it is open.
        trading_days_per_year: how many days of a year it is.
    """

    hours: SecurityExchangeHours
    trading_days_per_year: int

    def __init__(
        self,
        exchange_hours: SecurityExchangeHours,
        local_time: Callable[[], datetime] | None = None,
        trading_days_per_year: int = 365,
    ) -> None:
        """Args:
        local_time: tells the time in the exchange's zone.
        """
        self.hours = exchange_hours
        self.trading_days_per_year = trading_days_per_year
        self._local_time = local_time

    def set_local_date_time_frontier_provider(self, local_time: Callable[[], datetime]) -> None:
        """Let a function tell the time in the exchange's zone."""
        self._local_time = local_time

    @property
    def time_zone(self) -> tzinfo:
        """The exchange's."""
        return self.hours.time_zone

    @property
    def local_time(self) -> datetime:
        """Now in the exchange's zone."""
        assert self._local_time is not None
        return self._local_time()

    @property
    def exchange_open(self) -> bool:
        """Whether it is open now, in regular hours."""
        return self.hours.is_open(self.local_time, False)

    @property
    def closing_soon(self) -> bool:
        """Whether it is shut in ten minutes."""
        return self.is_closing_soon(_CLOSING_SOON_MINUTES)

    def is_closing_soon(self, minutes_to_close: int) -> bool:
        """Whether it is shut in some minutes."""
        return not self.hours.is_open(self.local_time + timedelta(minutes=minutes_to_close), False)

    def date_is_open(self, date_to_check: date, extended_market_hours: bool = False) -> bool:
        """Whether there are hours on a date."""
        return self.hours.is_date_open(date_to_check, extended_market_hours)

    def date_time_is_open(self, date_time: datetime) -> bool:
        """Whether it is open at a time, in regular hours."""
        return self.hours.is_open(date_time, False)

    def is_open_during_bar(
        self, bar_start_time: datetime, bar_end_time: datetime, is_extended_market_hours: bool
    ) -> bool:
        """Whether it is open at some time of a bar."""
        return self.hours.is_open(bar_start_time, bar_end_time, is_extended_market_hours)

    def set_market_hours(self, market_hours_segments: Iterable[MarketHoursSegment], *days: DayOfWeek) -> None:
        """Change the hours of some days of the week, of all without any."""
        hours = self.hours
        changed = same_hours(market_hours_segments, days or tuple(DayOfWeek))
        week = {**hours.market_hours, **changed}
        self.hours = SecurityExchangeHours(
            hours.time_zone, hours.holidays, week, hours.early_closes, hours.late_opens
        )
