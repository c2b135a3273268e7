"""The data folder of a run, with what is read from it once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from trading.security_type import SecurityType as FileType
from utils.data.lean.archive import OpenArchive, read_entry
from utils.data.lean.factor_files import FactorFile, read_factor_file
from utils.data.lean.map_files import MapFile, Span, find_map_file
from utils.data.lean.market_hours import MarketHours, market_hours
from utils.data.lean.option_series import OptionKind, OptionSeries
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
_OPTION_KINDS = {
    SecurityType.OPTION: OptionKind.EQUITY_OPTION,
    SecurityType.INDEX_OPTION: OptionKind.INDEX_OPTION,
}
_SECURITY_TYPES = {folder: kind for kind, folder in _OPTION_KINDS.items()}
_OPTION_TICK_TYPES = _TICK_TYPES | {TickType.OPEN_INTEREST: FileTickType.OPEN_INTEREST}
_TEXTS_KEPT = 6
_TABLES_KEPT = 24
_ARCHIVES_KEPT = 32

Series = LeanSeries | OptionSeries


class DataFolder:
    """LEAN-format data, shared by the subscriptions of a run.

    Attributes:
        root: the folder.
        object_store: where custom data may come from besides files.
        tell: told what is wrong with custom data that is read on nevertheless.
        files_read, files_missing: data files that were there, and that should have been.
        missing: the first of those that should have been, by their series (None: custom data).
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        self.object_store: Any = None
        self.tell: Callable[[str], None] = lambda _message: None
        self.files_read = 0
        self.files_missing = 0
        self.missing: dict[Series | None, Path] = {}
        self._sessions: dict[tuple[Any, ...], Sessions] = {}
        self._map_files: dict[tuple[str, str, date | None], MapFile] = {}
        self._factor_files: dict[tuple[str, str], FactorFile] = {}
        self._tables: OrderedDict[tuple[Path, str, FileTickType], Table] = OrderedDict()
        self._archives: OrderedDict[Path, OpenArchive] = OrderedDict()
        self._day_files: dict[tuple[Path, str, str], list[tuple[date, Path]]] = {}
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

    def series(self, config: SubscriptionDataConfig) -> Series:
        """The files of a subscription.

        Raises:
            NotSupportedByEngine: a kind of security or of data that is not read.
        """
        kind, tick_types = config.security_type, _TICK_TYPES
        if kind in _OPTION_KINDS:
            tick_types = _OPTION_TICK_TYPES
        elif kind not in _TYPES:
            raise NotSupportedByEngine(f"SecurityType.{kind}")
        if config.resolution not in _RESOLUTIONS:
            raise NotSupportedByEngine(f"Resolution.{config.resolution}")
        if config.tick_type not in tick_types:
            raise NotSupportedByEngine(f"TickType.{config.tick_type}")
        resolution, tick_type = _RESOLUTIONS[config.resolution], tick_types[config.tick_type]
        if kind in _OPTION_KINDS:
            return _option_series(config.symbol, resolution, tick_type)
        return LeanSeries(_TYPES[kind], config.market, config.symbol.value, resolution, tick_type)

    def sessions_of(self, option: Any) -> Sessions:
        """Open hours of options, or of all options on an underlying."""
        return self.sessions(_option_series(option, FileResolution.DAILY, FileTickType.TRADE))

    def sessions(self, series: Series) -> Sessions:
        """Open hours of a series' market."""
        key = (series.security_type, series.market, series.symbol)
        if key not in self._sessions:
            self._sessions[key] = Sessions(self._hours(series))
        return self._sessions[key]

    def _hours(self, series: Series) -> MarketHours:
        if not isinstance(series, OptionSeries):
            return market_hours(self.root, series)
        # Options have the special days of their underlyings.
        kind = _SECURITY_TYPES[series.security_type]
        entry = self.market_hours.get_entry(series.market, series.symbol, kind)
        hours: MarketHours = replace(entry.exchange_hours.columns, data_zone=str(entry.data_time_zone))
        return hours

    def map_file(self, config: SubscriptionDataConfig) -> MapFile:
        """The renames of a subscription's company; none but equities and options on them have them."""
        return self.map_file_of(config.symbol)

    def map_file_of(self, symbol: Any) -> MapFile:
        """The renames of a symbol's company; none but equities and options on them have them."""
        if symbol.security_type == SecurityType.OPTION:
            symbol = symbol.underlying
        identifier = symbol.id
        if symbol.security_type == SecurityType.INDEX_OPTION:
            return MapFile(str(identifier.symbol))
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

    def note_missing(self, path: Path, series: Series | None = None) -> None:
        """Count a file that should have been there."""
        self.files_missing += 1
        self.missing.setdefault(series, path)

    def day_files(self, series: Series, ticker: str) -> list[tuple[date, Path]]:
        """The files of a day each of a series under a ticker, by date."""
        if not isinstance(series, OptionSeries):
            return series.day_files(self.root, ticker)
        # Contracts share files, and there are hundreds of contracts.
        key = (series.day_folder(self.root, ticker), str(series.tick_type), series.style)
        if key not in self._day_files:
            self._day_files[key] = series.day_files(self.root, ticker)
        return self._day_files[key]

    def text(self, series: Series, path: Path, entry: str) -> bytes | None:
        """The CSV of a series in a file; None when the file, shared with other series, lacks it."""
        if not isinstance(series, OptionSeries):
            self.files_read += 1
            return read_entry(path, entry)
        archive = self._archives.get(path)
        if archive is None:
            self.files_read += 1
            archive = self._archives[path] = OpenArchive(path)
            if len(self._archives) > _ARCHIVES_KEPT:
                self._archives.popitem(last=False)[1].close()
        self._archives.move_to_end(path)
        return archive.read(entry)

    def parse(self, series: Series, sources: list[Source]) -> Table:
        """One table of a series' CSVs, which follow each other in time.

        Raises:
            UserError: a malformed line.
        """
        return parse(sources, series.tick_type, empty_quotes=isinstance(series, OptionSeries))

    def whole_paths(self, series: Series, span: Span) -> list[Path]:
        """Files of an hour or daily series that hold the dates of a span."""
        if isinstance(series, OptionSeries):
            return series.whole_paths(self.root, span.first, span.last, span.ticker)
        return [series.whole_path(self.root, span.ticker)]

    def whole_table(self, series: Series, path: Path, ticker: str) -> Table:
        """Lines that a ticker has by the hour or day in a file; the last few tables are kept."""
        entry = series.entry_name(None, ticker)
        key = (path, entry, series.tick_type)
        if key not in self._tables:
            text = self.text(series, path, entry)
            sources = [] if text is None else [Source(path, text, None)]
            self._tables[key] = self.parse(series, sources)
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


def _option_series(symbol: Any, resolution: FileResolution, tick_type: FileTickType) -> OptionSeries:
    identifier = symbol.id
    kind = _OPTION_KINDS[symbol.security_type]
    root = identifier.symbol if kind is OptionKind.INDEX_OPTION else symbol.underlying.value
    return OptionSeries(
        kind,
        identifier.market,
        root.upper(),
        resolution,
        tick_type,
        str(identifier.option_style).lower(),
        str(identifier.option_right).lower(),
        identifier.exact_strike_price,
        identifier.date.date(),
    )
