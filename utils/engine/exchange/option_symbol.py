"""When options stop trading, expire and settle."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from utils.engine.clock import UTC
from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import SecurityType
from utils.engine.exchange.market_hours_database import MarketHoursDatabase
from utils.engine.exchange.security_exchange_hours import SecurityExchangeHours
from utils.engine.identity.index_option_symbol import IndexOptionSymbol, third_friday
from utils.engine.identity.security_identifier import is_option

# Until then monthly options expired on the Saturday after the third Friday, on which they traded last
# (https://www.sec.gov/rules/sro/occ/2013/34-69480.pdf).
_SATURDAYS_UNTIL: Final = datetime(2015, 2, 1)
_SATURDAY, _FRIDAY = 5, 4
_ONE_DAY: Final = timedelta(days=1)
# Afternoon-settled index options that expire today stop at three in Chicago, not at a quarter past.
_LAST_DAY_CLOSE: Final = timedelta(hours=15)


class OptionSymbol(DotNet):
    """What a contract's symbol says about its life."""

    @staticmethod
    def is_standard(symbol: Any) -> bool:
        """Whether a contract on a share expires in the week of the third Friday, from Thursday on."""
        return _expires_with_the_month(symbol.id.date)

    @staticmethod
    def is_standard_contract(symbol: Any) -> bool:
        """Another name of `is_standard`."""
        return _expires_with_the_month(symbol.id.date)

    @staticmethod
    def is_weekly(symbol: Any) -> bool:
        """Whether a contract expires on a Friday without being a monthly one."""
        return not _expires_with_the_month(symbol.id.date) and symbol.id.date.weekday() == _FRIDAY

    @staticmethod
    def map_to_underlying(option_ticker: str, security_type: SecurityType) -> str:
        """Ticker of the underlying of options with a ticker."""
        if security_type in (SecurityType.INDEX_OPTION, SecurityType.INDEX):
            return IndexOptionSymbol.map_to_underlying(option_ticker)
        return option_ticker

    @staticmethod
    def get_last_day_of_trading(symbol: Any) -> datetime:
        """Last date on which a contract trades."""
        day: datetime = symbol.id.date
        if day < _SATURDAYS_UNTIL and day.weekday() == _SATURDAY and _expires_with_the_month(day):
            day -= _ONE_DAY
        hours = _hours(symbol)
        while not hours.is_date_open(day):
            day -= _ONE_DAY
        return day

    @staticmethod
    def get_settlement_date_time(symbol: Any) -> datetime:
        """When a contract settles, in the exchange's zone.

        Raises:
            ArgumentException: not an option.
        """
        if not is_option(symbol.security_type):
            raise ArgumentException(f"The symbol {symbol} is not an option type")
        expiry, day = _expiration(symbol), symbol.id.date
        if symbol.security_type != SecurityType.INDEX_OPTION or expiry.date() != day.date():
            return expiry
        midnight = datetime(day.year, day.month, day.day)
        if not IndexOptionSymbol.is_am_settled(symbol):
            return midnight + _LAST_DAY_CLOSE
        if _expires_with_the_month(day):
            return _hours(symbol).get_next_market_open(midnight, False)
        return expiry

    @staticmethod
    def is_option_contract_expired(symbol: Any, current_time_utc: datetime) -> bool:
        """Whether a contract has expired by a UTC time; never of another security."""
        if not is_option(symbol.security_type):
            return False
        zone = _hours(symbol).time_zone
        local = current_time_utc.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
        return local >= _expiration(symbol)


@lru_cache(maxsize=4096)
def _expires_with_the_month(day: datetime) -> bool:
    friday = third_friday(day.date())
    return friday - 2 * _ONE_DAY < day.date() < friday + 2 * _ONE_DAY


def _hours(symbol: Any) -> SecurityExchangeHours:
    database = MarketHoursDatabase.from_data_folder()
    hours: SecurityExchangeHours = database.get_exchange_hours(symbol.id.market, symbol, symbol.security_type)
    return hours


def _expiration(symbol: Any) -> datetime:
    """Close of the expiry, or of the last trading day before, but within the date of the expiry."""
    hours, day = _hours(symbol), symbol.id.date
    last = day if hours.is_date_open(day) else hours.get_previous_trading_day(day)
    close = hours.get_last_daily_market_close(last, False)
    return min(close, datetime(day.year, day.month, day.day) + _ONE_DAY)
