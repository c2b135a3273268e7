"""The market hours database: `market-hours/market-hours-database.json` in a data folder."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from datetime import date, timedelta, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from utils.data.lean.clock import zone
from utils.data.lean.market_hours import DATABASE
from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.timespan import TimeSpan
from utils.engine.enums import DayOfWeek, SecurityType
from utils.engine.exchange.local_market_hours import LocalMarketHours
from utils.engine.exchange.market_hours_segment import MarketHoursSegment, MarketHoursState
from utils.engine.exchange.security_exchange_hours import SecurityExchangeHours
from utils.engine.identity.data_folder import required_data_folder, use_data_folder
from utils.engine.identity.database_key import SECURITY_TYPES, WILDCARD, database_symbol, key_of
from utils.engine.identity.index_option_symbol import IndexOptionSymbol
from utils.errors import UserError

Key = tuple[str, str, int]

_STATES: Final = {str(state).lower(): state for state in MarketHoursState}
_UNDERLYING: Final = {
    SecurityType.OPTION: SecurityType.EQUITY,
    SecurityType.INDEX_OPTION: SecurityType.INDEX,
    SecurityType.FUTURE_OPTION: SecurityType.FUTURE,
}


class MarketHoursEntry(DotNet):
    """Hours of a market or a symbol.

    Attributes:
        data_time_zone: of the times in the data files.
        exchange_hours: when the exchange is open.
    """

    data_time_zone: tzinfo
    exchange_hours: SecurityExchangeHours

    def __init__(self, data_time_zone: tzinfo, exchange_hours: SecurityExchangeHours) -> None:
        self.data_time_zone, self.exchange_hours = data_time_zone, exchange_hours


class MarketHoursDatabase(DotNet):
    """Hours by market, symbol and kind of security; an entry is read when it is first asked for."""

    Entry = MarketHoursEntry

    def __init__(self, path: Path | None = None, entries: Mapping[Key, dict[str, Any]] | None = None) -> None:
        self._path = path
        self._raw = entries or {}
        self._read: dict[Key, MarketHoursEntry] = {}

    @staticmethod
    def from_data_folder(folder: Path | None = None) -> MarketHoursDatabase:
        """A database of a data folder, which is in use from then on; None: the one in use.

        Raises:
            UserError: the database is missing or damaged.
        """
        if folder is None:
            present = _present.get()
            path = required_data_folder() / DATABASE
            if present is not None and present._path == path:
                return present
        else:
            use_data_folder(folder)
            path = required_data_folder() / DATABASE
        database = MarketHoursDatabase.from_file(path)
        _present.set(database)
        return database

    @staticmethod
    def from_file(path: Path | str) -> MarketHoursDatabase:
        """The database in a file.

        Raises:
            UserError: the database is missing or damaged.
        """
        path = Path(path)
        try:
            stamp = path.stat()
        except OSError as error:
            raise UserError(
                f"{path}: no market hours database; copy LEAN's Data/market-hours into the data folder, "
                "or make one with scripts/data.py sample"
            ) from error
        return MarketHoursDatabase(path, _entries(path, stamp.st_mtime_ns, stamp.st_size))

    @staticmethod
    def get_database_symbol_key(symbol: Any) -> str:
        """The name a symbol has in the database."""
        return database_symbol(symbol)

    def get_entry(self, market: str, symbol: Any, security_type: SecurityType) -> MarketHoursEntry:
        """Hours of a symbol or a ticker: its own, else its market's.

        Raises:
            ArgumentException: the database has neither.
        """
        entry = self.try_get_entry(market, symbol, security_type)
        if entry is None:
            name = f"{SecurityType(security_type)}-{market}-{database_symbol(symbol) or WILDCARD}"
            raise ArgumentException(
                f"MarketHoursDatabase: no entry {name}; add it to {self._path}, or use a market it has"
            )
        return entry

    def try_get_entry(self, market: str, symbol: Any, security_type: SecurityType) -> MarketHoursEntry | None:
        """As `get_entry`; None when there is no entry."""
        name = database_symbol(symbol)
        keys = [key_of(market, name, security_type), key_of(market, WILDCARD, security_type)]
        if security_type == SecurityType.BASE and "." in name:
            keys.append(key_of(market, f"TYPE.{name.rpartition('.')[2]}", security_type))
        return next((entry for key in keys if (entry := self._entry(key)) is not None), None)

    def get_exchange_hours(self, market: Any, symbol: Any = None, security_type: Any = None) -> Any:
        """`(market, symbol, security_type)` or `(config)`: when a symbol's exchange is open.

        Raises:
            ArgumentException: the database has no entry.
        """
        if not isinstance(market, str):
            market, symbol, security_type = market.market, market.symbol, market.security_type
        return self.get_entry(market, symbol, security_type).exchange_hours

    def get_data_time_zone(self, market: str, symbol: Any, security_type: SecurityType) -> tzinfo:
        """Time zone of the times in a symbol's data files.

        Raises:
            ArgumentException: the database has no entry.
        """
        return self.get_entry(market, symbol, security_type).data_time_zone

    def set_entry(
        self,
        market: str,
        symbol: str,
        security_type: SecurityType,
        exchange_hours: SecurityExchangeHours,
        data_time_zone: tzinfo | None = None,
    ) -> MarketHoursEntry:
        """Give a symbol hours, in this database object only."""
        entry = MarketHoursEntry(data_time_zone or exchange_hours.time_zone, exchange_hours)
        self._read[key_of(market, symbol, security_type)] = entry
        return entry

    def set_entry_always_open(
        self, market: str, symbol: str, security_type: SecurityType, time_zone: tzinfo
    ) -> MarketHoursEntry:
        """Let a symbol's exchange never shut."""
        return self.set_entry(market, symbol, security_type, SecurityExchangeHours.always_open(time_zone))

    def _entry(self, key: Key) -> MarketHoursEntry | None:
        found = self._read.get(key)
        if found is None and key in self._raw:
            found = self._read[key] = self._make(key)
        return found

    def _make(self, key: Key) -> MarketHoursEntry:
        try:
            return _make_entry(self._raw[key], self._underlying(key), self._market(key))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            market, symbol, kind = key
            raise UserError(
                f"{self._path}: entry {SecurityType(kind)}-{market}-{symbol}: cannot be read: {error}; "
                "copy LEAN's file again"
            ) from error

    def _market(self, key: Key) -> SecurityExchangeHours | None:
        """Hours of all of the market, which an entry of one symbol adds to."""
        market, symbol, kind = key
        common = None if symbol == WILDCARD else self._entry((market, WILDCARD, kind))
        return None if common is None else common.exchange_hours

    def _underlying(self, key: Key) -> SecurityExchangeHours | None:
        """Hours of an option's underlying, in place of special days the option has not."""
        market, symbol, kind = key
        of = _UNDERLYING.get(SecurityType(kind))
        if of is None:
            return None
        if of == SecurityType.INDEX:
            symbol = IndexOptionSymbol.map_to_underlying(symbol).lower()
        entry = self._entry((market, symbol, int(of))) or self._entry((market, WILDCARD, int(of)))
        return None if entry is None else entry.exchange_hours


_present: ContextVar[MarketHoursDatabase | None] = ContextVar("market hours database", default=None)


@lru_cache(maxsize=4)
def _entries(path: Path, _modified: int, _size: int) -> dict[Key, dict[str, Any]]:
    """Entries by key; read again when the file has changed."""
    found: dict[Key, dict[str, Any]] = {}
    try:
        for name, value in json.loads(path.read_text(encoding="utf-8-sig"))["entries"].items():
            kind, market, symbol = name.split("-")
            if kind.lower() in SECURITY_TYPES and isinstance(value, dict):
                found[key_of(market, symbol, SECURITY_TYPES[kind.lower()])] = value
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{path}: is not a market hours database; copy LEAN's file again") from error
    return found


def _make_entry(
    raw: Mapping[str, Any], underlying: SecurityExchangeHours | None, market: SecurityExchangeHours | None
) -> MarketHoursEntry:
    holidays = set(_dates(raw.get("holidays")))
    bank_holidays = set(_dates(raw.get("bankHolidays")))
    early_closes, late_opens = _times(raw.get("earlyCloses")), _times(raw.get("lateOpens"))
    if underlying is not None:
        holidays = holidays or set(underlying.holidays)
        bank_holidays = bank_holidays or set(underlying.bank_holidays)
        early_closes = early_closes or dict(underlying.early_closes)
        late_opens = late_opens or dict(underlying.late_opens)
    if market is not None:
        holidays |= market.holidays
        bank_holidays |= market.bank_holidays
        early_closes = {**market.early_closes, **early_closes}
        late_opens = {**market.late_opens, **late_opens}
    week = {day: LocalMarketHours(day, _segments(raw.get(str(day).lower()))) for day in DayOfWeek}
    hours = SecurityExchangeHours(
        zone(raw["exchangeTimeZone"]), holidays, week, early_closes, late_opens, bank_holidays
    )
    return MarketHoursEntry(zone(raw["dataTimeZone"]), hours)


def _dates(texts: Iterable[str] | None) -> Iterable[date]:
    return [_date(text) for text in texts or ()]


def _times(texts: Mapping[str, str] | None) -> dict[Any, timedelta]:
    return {_date(day): TimeSpan.parse(time) for day, time in (texts or {}).items()}


def _segments(items: Iterable[Mapping[str, str]] | None) -> list[MarketHoursSegment]:
    return [
        MarketHoursSegment(_STATES[item["state"]], TimeSpan.parse(item["start"]), TimeSpan.parse(item["end"]))
        for item in items or ()
    ]


def _date(text: str) -> date:
    month, day, year = (int(part) for part in text.split("/"))
    return date(year, month, day)
