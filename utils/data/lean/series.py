"""What a LEAN data folder holds: series, their names, and where their files are.

A folder is laid out as `<security type>/<market>/<resolution>/`. Minute and second data have a folder a
symbol and a zip a day (`20131007_trade.zip`); hour and daily data have one zip a symbol (`spy.zip`, in crypto
`btcusd_trade.zip`). Everything is in lower case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from trading.security_type import SecurityType
from utils.errors import UserError

_SYMBOL = re.compile(r"[A-Z0-9^][A-Z0-9.$&^=+-]*")
_MARKET = re.compile(r"[a-z0-9-]+")
_DAY_FILE = re.compile(r"(\d{8})_(trade|quote)\.zip")

E = TypeVar("E", bound=StrEnum)


class Resolution(StrEnum):
    """Length of a bar."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAILY = "daily"

    @property
    def period(self) -> int:
        """Nominal length in nanoseconds."""
        return {"second": 1, "minute": 60, "hour": 3_600, "daily": 86_400}[self.value] * 1_000_000_000

    @property
    def file_a_day(self) -> bool:
        """Whether each day has a file of its own; else one file holds everything."""
        return self in (Resolution.SECOND, Resolution.MINUTE)


class TickType(StrEnum):
    """What bars are made of."""

    TRADE = "trade"
    QUOTE = "quote"
    OPEN_INTEREST = "openinterest"


@dataclass(frozen=True)
class LeanSeries:
    """Bars of one symbol in one resolution, as LEAN names them.

    `LeanSeries.parse("equity/usa/minute/spy")` reads the text that `str` gives. Symbols are kept in upper
    case, markets in lower case.

    Raises:
        UserError: a name that cannot be one, or bars that LEAN has no file for: trades of forex, quotes of an
            index, hourly or daily quotes of an equity (they would have the name of the trades' file).
    """

    security_type: SecurityType
    market: str
    symbol: str
    resolution: Resolution
    tick_type: TickType

    def __post_init__(self) -> None:
        object.__setattr__(self, "market", self.market.lower())
        object.__setattr__(self, "symbol", self.symbol.upper())
        if not _SYMBOL.fullmatch(self.symbol):
            raise UserError(f"symbol: {self.symbol!r} cannot be a ticker; write it like SPY, BRK.B or BTCUSD")
        if not _MARKET.fullmatch(self.market):
            raise UserError(f"market: {self.market!r} cannot be a market; write it like usa or coinbase")
        if self.tick_type not in tick_types(self.security_type, self.resolution):
            allowed = " or ".join(tick_types(self.security_type, self.resolution))
            raise UserError(
                f"tick_type: LEAN keeps no {self.resolution} {self.tick_type} bars of {self.security_type}; "
                f"use {allowed}"
            )

    @classmethod
    def parse(cls, text: str) -> LeanSeries:
        """A series from `security type/market/resolution/symbol[/tick type]`, case ignored.

        Without a tick type: trades, of forex quotes.
        """
        parts = text.strip().strip("/").split("/")
        if len(parts) not in (4, 5):
            raise UserError(
                f"series: {text!r} is not TYPE/MARKET/RESOLUTION/SYMBOL[/trade|quote]; "
                "write it like equity/usa/minute/spy or crypto/coinbase/hour/btcusd/quote"
            )
        security_type = _member(SecurityType, "security type", parts[0])
        resolution = _member(Resolution, "resolution", parts[2])
        tick_type = (
            _member(TickType, "tick type", parts[4])
            if len(parts) == 5
            else tick_types(security_type, resolution)[0]
        )
        return cls(security_type, parts[1], parts[3], resolution, tick_type)

    def __str__(self) -> str:
        parts = (self.security_type, self.market, self.resolution, self.symbol.lower(), self.tick_type)
        return "/".join(parts)

    def resolution_folder(self, folder: Path) -> Path:
        """`<type>/<market>/<resolution>` in the data folder."""
        return folder / self.security_type / self.market / self.resolution

    def day_folder(self, folder: Path, ticker: str | None = None) -> Path:
        """Folder of the files of a day each (minute, second); `ticker` when it was not `symbol` then."""
        return self.resolution_folder(folder) / (ticker or self.symbol).lower()

    def day_path(self, folder: Path, day: date, ticker: str | None = None) -> Path:
        """Zip file of one day (minute, second)."""
        return self.day_folder(folder, ticker) / f"{day:%Y%m%d}_{self.tick_type}.zip"

    def whole_path(self, folder: Path, ticker: str | None = None) -> Path:
        """The one zip file of an hour or daily series."""
        name = (ticker or self.symbol).lower()
        suffix = f"_{self.tick_type}" if self.security_type is SecurityType.CRYPTO else ""
        return self.resolution_folder(folder) / f"{name}{suffix}.zip"

    def entry_name(self, day: date | None, ticker: str | None = None) -> str:
        """Name of the CSV inside the zip of `day` (minute, second), or of the one zip (`day` None)."""
        name = (ticker or self.symbol).lower()
        return f"{day:%Y%m%d}_{name}_{self.resolution}_{self.tick_type}.csv" if day else f"{name}.csv"

    def day_files(self, folder: Path, ticker: str | None = None) -> list[tuple[date, Path]]:
        """The files of a day each that are there, by date (minute, second)."""
        found = []
        home = self.day_folder(folder, ticker)
        for path in home.iterdir() if home.is_dir() else ():
            match = _DAY_FILE.fullmatch(path.name)
            if match and match[2] == self.tick_type:
                found.append((_file_date(path, match[1]), path))
        return sorted(found)


def tick_types(security_type: SecurityType, resolution: Resolution) -> tuple[TickType, ...]:
    """The tick types LEAN keeps, the one it uses first in front."""
    if security_type is SecurityType.FOREX:
        return (TickType.QUOTE,)
    if security_type is SecurityType.INDEX:
        return (TickType.TRADE,)
    if security_type is SecurityType.EQUITY and not resolution.file_a_day:
        return (TickType.TRADE,)
    return (TickType.TRADE, TickType.QUOTE)


def list_series(folder: Path) -> list[LeanSeries]:
    """Every series of equities, indices, crypto and forex in a LEAN data folder, sorted by its text.

    Files that are no LEAN data of these kinds are passed over.

    Raises:
        UserError: no such folder.
    """
    if not folder.is_dir():
        raise UserError(f"{folder}: no such data folder; make one with scripts/data.py sample")
    found: set[LeanSeries] = set()
    for security_type in SecurityType:
        for resolution in Resolution:
            for home in (folder / security_type).glob(f"*/{resolution}"):
                market = home.parent.name
                for symbol, tick_type in _names(home, security_type, resolution):
                    if _SYMBOL.fullmatch(symbol.upper()) and _MARKET.fullmatch(market):
                        found.add(LeanSeries(security_type, market, symbol, resolution, tick_type))
    return sorted(found, key=str)


def _names(home: Path, security_type: SecurityType, resolution: Resolution) -> set[tuple[str, TickType]]:
    """Symbol and tick type of what a resolution's folder holds."""
    allowed = tick_types(security_type, resolution)
    if resolution.file_a_day:
        matches = ((path, _DAY_FILE.fullmatch(path.name)) for path in home.glob("*/*.zip"))
        named = {(path.parent.name, TickType(match[2])) for path, match in matches if match}
    elif security_type is SecurityType.CRYPTO:
        split = (path.stem.rpartition("_") for path in home.glob("*_*.zip"))
        named = {(symbol, TickType(tick)) for symbol, _, tick in split if tick in set(TickType)}
    else:
        named = {(path.stem, allowed[0]) for path in home.glob("*.zip")}
    return {(symbol, tick_type) for symbol, tick_type in named if tick_type in allowed}


def _member(kind: type[E], name: str, text: str) -> E:
    try:
        return kind(text.lower())
    except ValueError as error:
        raise UserError(f"series: unknown {name} {text!r}; one of {', '.join(kind)}") from error


def _file_date(path: Path, digits: str) -> date:
    try:
        return date.fromisoformat(digits)
    except ValueError as error:
        raise UserError(f"{path}: {digits} is not a date; rename or remove the file") from error
