"""Map files: which ticker a company had when.

A map file is named after the last ticker a company had, with a number when another company has it now
(`twx.1.csv`). Its rows are the last date of a ticker and the ticker; the first row's date is the company's
first trading date, the last row's its last. One ticker may have been several companies' at different times:
until April 2014 GOOG was what is GOOGL now.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from utils.errors import UserError
from utils.files import read_text

MAP_FILES = "map_files"

Stamp = tuple[tuple[str, int, int], ...]
"""Name, size and modification time of each file: what tells one content of a folder from another."""


class Span(NamedTuple):
    """The ticker of the dates `first` to `last`, both included."""

    ticker: str
    first: date
    last: date


@dataclass(frozen=True)
class MapFile:
    """History of one company's tickers; `rows` (last date, ticker) are by date, and may be empty.

    `permtick` names its map and factor files.
    """

    permtick: str
    rows: tuple[tuple[date, str], ...] = ()

    def spans(self, first: date, last: date) -> list[Span]:
        """Tickers of the dates `first` to `last`, oldest first; without rows `permtick` all along."""
        if not self.rows:
            return [Span(self.permtick, first, last)]
        found: list[Span] = []
        begin = max(first, self.rows[0][0])
        for until, ticker in self.rows:
            end = min(last, until)
            if begin <= end:
                if found and found[-1].ticker == ticker:
                    found[-1] = found[-1]._replace(last=end)
                else:
                    found.append(Span(ticker, begin, end))
                begin = end + timedelta(days=1)
        return found


def find_map_file(folder: Path, market: str, ticker: str, as_of: date | None = None) -> MapFile:
    """Map file of the company that had an equity's ticker on a date; None: the last company that had it.

    A date between two companies' times belongs to the later one, as in LEAN. A ticker that no map file knows
    has always been itself.

    Raises:
        UserError: a malformed map file, or zipped ones.
    """
    home = folder / "equity" / market / MAP_FILES
    if not home.is_dir():
        return MapFile(ticker)
    zipped = sorted(home.glob("map_files_*.zip"))
    if zipped:
        raise UserError(f"{zipped[-1]}: zipped map files are not read; unpack its CSV files into {home}")
    stamp = tuple(
        sorted((path.name, (stat := path.stat()).st_size, stat.st_mtime_ns) for path in home.glob("*.csv"))
    )
    files, holders = _directory(home, stamp)
    held = holders.get(ticker.upper(), [])
    if held:
        place = len(held) - 1 if as_of is None else min(bisect_left(held, (as_of,)), len(held) - 1)
        return files[held[place][1]]
    return files.get(ticker.upper(), MapFile(ticker))


@lru_cache(maxsize=8)
def _directory(home: Path, stamp: Stamp) -> tuple[dict[str, MapFile], dict[str, list[tuple[date, str]]]]:
    """Map files by permtick, and by ticker the rows that name it: date and permtick, by date."""
    files = {}
    holders: dict[str, list[tuple[date, str]]] = {}
    for name, _, _ in stamp:
        permtick = name.removesuffix(".csv").upper()
        rows = tuple(sorted(_rows(home / name)))
        files[permtick] = MapFile(permtick, rows)
        for day, ticker in rows:
            holders.setdefault(ticker, []).append((day, permtick))
    return files, {ticker: sorted(rows) for ticker, rows in holders.items()}


def _rows(path: Path) -> Iterable[tuple[date, str]]:
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if not line.strip():
            continue
        cells = line.split(",")
        try:
            yield date.fromisoformat(cells[0].strip()), cells[1].strip().upper()
        except (ValueError, IndexError) as error:
            raise UserError(
                f"{path}: line {number}: {line[:40]!r} is not DATE,TICKER[,EXCHANGE]; "
                "write it like 20140402,googl,Q"
            ) from error
