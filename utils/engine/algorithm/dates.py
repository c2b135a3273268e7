"""Dates, time zone, cash and warm-up."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from utils.engine.algorithm.base import AlgorithmBase
from utils.engine.clock import local_to_utc
from utils.engine.enums import Resolution
from utils.engine.errors import AlgorithmError

DEFAULT_START = datetime(1998, 1, 1)
LAST_MOMENT = timedelta(microseconds=1)  # a day ends this long before the next


class Dates(AlgorithmBase):
    """When a backtest runs and what it starts with."""

    def _init_dates(self) -> None:
        self._zone = ZoneInfo("America/New_York")
        self._start = DEFAULT_START
        self._end: datetime | None = None
        self._warmup_bars: int | None = None
        self._warmup_span: timedelta | None = None
        self._warming_up = True
        self._clock.utc_ns = local_to_utc(self._start, self._zone)

    @property
    def start_date(self) -> datetime:
        """First day, at midnight in the algorithm's time zone."""
        return self._start

    @property
    def end_date(self) -> datetime:
        """Last moment of the last day, in the algorithm's time zone."""
        if self._end is None:
            return _midnight(datetime.now()) - LAST_MOMENT
        return self._end

    @property
    def time_zone(self) -> tzinfo:
        """The algorithm's time zone."""
        return self._zone

    def set_start_date(self, *when: Any, **named: Any) -> None:
        """First day: year, month and day, or a date.

        Raises:
            AlgorithmError: after `initialize`, or after today.
        """
        self._only_in_initialize("set_start_date")
        start = _date_of(when, named, "start")
        if start > datetime.now():
            raise AlgorithmError("set_start_date: please select a start date before today")
        self._start = start
        self._clock.utc_ns = local_to_utc(start, self._zone)

    def set_end_date(self, *when: Any, **named: Any) -> None:
        """Last day: year, month and day, or a date."""
        self._only_in_initialize("set_end_date")
        end = _date_of(when, named, "end")
        latest = datetime.now()
        self._end = min(end, _midnight(latest)) + timedelta(days=1) - LAST_MOMENT

    def set_time_zone(self, time_zone: Any) -> None:
        """Time zone of the algorithm's times and dates."""
        self._only_in_initialize("set_time_zone")
        if isinstance(time_zone, str):
            try:
                time_zone = ZoneInfo(time_zone)
            except (KeyError, ValueError) as problem:
                raise AlgorithmError(f"set_time_zone: {time_zone!r} is no time zone") from problem
        self._zone = time_zone
        self._clock.utc_ns = local_to_utc(self._start, self._zone)

    def set_cash(self, *terms: Any, **named: Any) -> None:
        """Starting cash: `set_cash(amount)`, or `set_cash(currency, amount, conversion_rate)`."""
        self._only_in_initialize("set_cash")
        if not terms:
            terms = tuple(named.values())
        self.portfolio.set_cash(*terms)

    def set_account_currency(self, account_currency: str, starting_cash: float | None = None) -> None:
        """Currency in which the account is kept."""
        self._only_in_initialize("set_account_currency")
        self.portfolio.set_account_currency(account_currency, starting_cash)

    @property
    def account_currency(self) -> str:
        """Currency in which the account is kept."""
        return self.portfolio.cash_book.account_currency

    # Warm-up

    def set_warm_up(self, period: Any, resolution: Resolution | None = None) -> None:
        """Feed data from before the start: a number of bars or a span of time.

        Raises:
            AlgorithmError: after `initialize`.
        """
        self._only_in_initialize("set_warm_up")
        if isinstance(period, timedelta):
            self._warmup_span, self._warmup_bars = period, None
        else:
            self._warmup_bars, self._warmup_span = int(period), None
        if resolution is not None:
            self.settings.warmup_resolution = resolution

    def set_warmup(self, period: Any, resolution: Resolution | None = None) -> None:
        """Another name of `set_warm_up`."""
        self.set_warm_up(period, resolution)

    def set_finished_warming_up(self) -> None:
        """End the warm-up; the engine's to call."""
        self._warming_up = False


def _date_of(when: tuple[Any, ...], named: dict[str, Any], label: str) -> datetime:
    given = when or tuple(named[name] for name in ("year", "month", "day") if name in named)
    if not given:
        given = tuple(named.values())
    if len(given) == 1 and isinstance(given[0], (date, datetime)):
        one = given[0]
        return datetime(one.year, one.month, one.day)
    try:
        parts: list[Any] = [int(part) for part in given]
        return datetime(*parts)
    except (TypeError, ValueError) as problem:
        raise AlgorithmError(f"{label} date: give year, month and day, or a date: {problem}") from problem


def _midnight(time: datetime) -> datetime:
    return time.replace(hour=0, minute=0, second=0, microsecond=0)
