"""Bars and open interest of option contracts in a LEAN data folder.

All contracts on one underlying share a zip file: one a day of minute data
(`goog/20151224_quote_american.zip`), one a year of hour and daily data (`goog_2015_quote_american.zip`). A
contract is an entry in it, named after its terms; one that did not trade has none. Prices and strikes are
ten-thousandths.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from utils.data.lean.series import Resolution, TickType
from utils.errors import UserError

_DAY_FILE = re.compile(r"(\d{8})_([a-z]+)_([a-z]+)\.zip")
_STRIKE_SCALE = 10_000


class OptionKind(StrEnum):
    """Folder of the options on a kind of underlying."""

    EQUITY_OPTION = "option"
    INDEX_OPTION = "indexoption"


@dataclass(frozen=True)
class OptionSeries:
    """One contract's bars of one kind in one resolution.

    Attributes:
        security_type: options on shares or on indices.
        symbol: the underlying's ticker, of index options the option's own (SPXW).
        style: `american` or `european`.
        right: `call` or `put`.
    """

    security_type: OptionKind
    market: str
    symbol: str
    resolution: Resolution
    tick_type: TickType
    style: str
    right: str
    strike: Decimal
    expiry: date

    def resolution_folder(self, folder: Path) -> Path:
        """`<type>/<market>/<resolution>` in the data folder."""
        return folder / self.security_type / self.market.lower() / self.resolution

    def day_folder(self, folder: Path, ticker: str | None = None) -> Path:
        """Folder of the files of a day each; `ticker` when the underlying's was not `symbol` then."""
        return self.resolution_folder(folder) / (ticker or self.symbol).lower()

    def day_path(self, folder: Path, day: date, ticker: str | None = None) -> Path:
        """Zip file of one day of minutes."""
        return self.day_folder(folder, ticker) / f"{day:%Y%m%d}_{self.tick_type}_{self.style}.zip"

    def whole_paths(self, folder: Path, first: date, last: date, ticker: str | None = None) -> list[Path]:
        """Zip files, one a year, that hold the dates `first` to `last` of an hour or daily series."""
        name = (ticker or self.symbol).lower()
        home = self.resolution_folder(folder)
        return [
            home / f"{name}_{year}_{self.tick_type}_{self.style}.zip"
            for year in range(first.year, last.year + 1)
        ]

    def entry_name(self, day: date | None, ticker: str | None = None) -> str:
        """Name of the contract's CSV inside the zip of `day`, or of a year (`day` None)."""
        name = (ticker or self.symbol).lower()
        scaled = (self.strike * _STRIKE_SCALE).normalize()
        terms = f"{self.tick_type}_{self.style}_{self.right}_{scaled:f}_{self.expiry:%Y%m%d}.csv"
        return f"{day:%Y%m%d}_{name}_{self.resolution}_{terms}" if day else f"{name}_{terms}"

    def day_files(self, folder: Path, ticker: str | None = None) -> list[tuple[date, Path]]:
        """The files of a day each that are there, by date; any contract's."""
        found = []
        home = self.day_folder(folder, ticker)
        for path in home.iterdir() if home.is_dir() else ():
            match = _DAY_FILE.fullmatch(path.name)
            if match and match[2] == self.tick_type and match[3] == self.style:
                found.append((_file_date(path, match[1]), path))
        return sorted(found)


def _file_date(path: Path, digits: str) -> date:
    try:
        return date.fromisoformat(digits)
    except ValueError as error:
        raise UserError(f"{path}: {digits} is not a date; rename or remove the file") from error
