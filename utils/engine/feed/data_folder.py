"""The data folder of a run, with what is read from it once."""

from __future__ import annotations

from collections import OrderedDict
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from trading.security_type import SecurityType as FileType
from utils.data.lean.archive import read_entry
from utils.data.lean.factor_files import FactorFile, read_factor_file
from utils.data.lean.map_files import MapFile, find_map_file
from utils.data.lean.market_hours import MarketHours, market_hours
from utils.data.lean.series import LeanSeries
from utils.data.lean.series import Resolution as FileResolution
from utils.data.lean.series import TickType as FileTickType
from utils.data.lean.table import Source, Table, parse
from utils.engine.enums import Resolution, SecurityType, TickType
from utils.engine.errors import NotSupportedByEngine
from utils.engine.feed.config import SubscriptionDataConfig
from utils.engine.feed.sessions import Sessions

_TYPES = {
    SecurityType.EQUITY: FileType.EQUITY,
    SecurityType.CRYPTO: FileType.CRYPTO,
    SecurityType.FOREX: FileType.FOREX,
    SecurityType.INDEX: FileType.INDEX,
}
_RESOLUTIONS = {
    Resolution.SECOND: FileResolution.SECOND,
    Resolution.MINUTE: FileResolution.MINUTE,
    Resolution.HOUR: FileResolution.HOUR,
    Resolution.DAILY: FileResolution.DAILY,
}
_TICK_TYPES = {TickType.TRADE: FileTickType.TRADE, TickType.QUOTE: FileTickType.QUOTE}
_TEXTS_KEPT = 6
_TABLES_KEPT = 24


class DataFolder:
    """LEAN-format data, shared by the subscriptions of a run.

    Attributes:
        root: the folder.
        files_read, files_missing: data files that were there, and that should have been.
        missing: the first few of those that should have been.
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        self.files_read = 0
        self.files_missing = 0
        self.missing: list[Path] = []
        self._sessions: dict[tuple[Any, ...], Sessions] = {}
        self._map_files: dict[tuple[str, str, date | None], MapFile] = {}
        self._factor_files: dict[tuple[str, str], FactorFile] = {}
        self._tables: OrderedDict[tuple[Path, FileTickType], Table] = OrderedDict()
        self._texts: OrderedDict[Path, list[bytes]] = OrderedDict()

    @cached_property
    def market_hours(self) -> Any:
        """The market hours database as algorithms see it."""
        from utils.engine.exchange.market_hours_database import MarketHoursDatabase

        return MarketHoursDatabase.from_data_folder(self.root)

    @cached_property
    def symbol_properties(self) -> Any:
        """The symbol properties database as algorithms see it."""
        from utils.engine.identity.symbol_properties_database import (
            SymbolPropertiesDatabase,
        )

        return SymbolPropertiesDatabase.from_data_folder(self.root)

    def series(self, config: SubscriptionDataConfig) -> LeanSeries:
        """The files of a subscription.

        Raises:
            NotSupportedByEngine: a kind of security or of data that is not read.
        """
        kind = config.security_type
        if kind not in _TYPES:
            raise NotSupportedByEngine(f"SecurityType.{kind}")
        if config.resolution not in _RESOLUTIONS:
            raise NotSupportedByEngine(f"Resolution.{config.resolution}")
        if config.tick_type not in _TICK_TYPES:
            raise NotSupportedByEngine(f"TickType.{config.tick_type}")
        return LeanSeries(
            _TYPES[kind],
            config.market,
            config.symbol.value,
            _RESOLUTIONS[config.resolution],
            _TICK_TYPES[config.tick_type],
        )

    def sessions(self, series: LeanSeries) -> Sessions:
        """Open hours of a series' market."""
        key = (series.security_type, series.market, series.symbol)
        if key not in self._sessions:
            self._sessions[key] = Sessions(self._hours(series))
        return self._sessions[key]

    def _hours(self, series: LeanSeries) -> MarketHours:
        return market_hours(self.root, series)

    def map_file(self, config: SubscriptionDataConfig) -> MapFile:
        """The renames of a subscription's company; none but equities have them."""
        return self.map_file_of(config.symbol)

    def map_file_of(self, symbol: Any) -> MapFile:
        """The renames of a symbol's company; none but equities have them."""
        identifier = symbol.id
        if symbol.security_type != SecurityType.EQUITY:
            return MapFile(str(symbol.value))
        as_of: date = identifier.date.date()
        key = (str(identifier.market), str(identifier.symbol), as_of)
        if key not in self._map_files:
            self._map_files[key] = find_map_file(self.root, *key)
        return self._map_files[key]

    def factor_file(self, config: SubscriptionDataConfig) -> FactorFile:
        """The splits and dividends of a subscription's company."""
        return self.factor_file_of(config.symbol)

    def factor_file_of(self, symbol: Any) -> FactorFile:
        """The splits and dividends of a symbol's company; none but equities have them."""
        if symbol.security_type != SecurityType.EQUITY:
            return FactorFile()
        key = (str(symbol.id.market), self.map_file_of(symbol).permtick)
        if key not in self._factor_files:
            self._factor_files[key] = read_factor_file(self.root, *key)
        return self._factor_files[key]

    def note_missing(self, path: Path) -> None:
        """Count a file that should have been there."""
        self.files_missing += 1
        if len(self.missing) < 100:
            self.missing.append(path)

    def whole_table(self, series: LeanSeries, ticker: str) -> Table:
        """Lines of the one file that a ticker has by the hour or day; the last few tables are kept."""
        path = series.whole_path(self.root, ticker)
        key = (path, series.tick_type)
        if key not in self._tables:
            self.files_read += 1
            source = Source(path, read_entry(path, series.entry_name(None, ticker)), None)
            self._tables[key] = parse([source], series.tick_type)
            if len(self._tables) > _TABLES_KEPT:
                self._tables.popitem(last=False)
        self._tables.move_to_end(key)
        return self._tables[key]

    def line(self, path: Path, entry: str, number: int) -> list[str]:
        """The cells of a line (counted from 0) of a CSV in a zip file; the last few files are kept."""
        lines = self._texts.get(path)
        if lines is None:
            lines = self._texts[path] = read_entry(path, entry).splitlines()
            if len(self._texts) > _TEXTS_KEPT:
                self._texts.popitem(last=False)
        return lines[number].decode("ascii").split(",")
