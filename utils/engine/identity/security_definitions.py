"""Industry-standard identifiers of securities: CUSIP, composite FIGI, SEDOL, ISIN and CIK.

LEAN's `symbol-properties/security-database.csv` of the data folder has them, a security a line:
`identifier,CUSIP,FIGI,SEDOL,ISIN[,CIK]`.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from utils.data.lean.map_files import find_map_file
from utils.engine.identity.data_folder import data_folder
from utils.engine.identity.security_identifier import SecurityIdentifier
from utils.errors import UserError
from utils.files import read_text

DATABASE = Path("symbol-properties") / "security-database.csv"


class SecurityDefinition(NamedTuple):
    """One security's identifiers; None for one it has not."""

    id: SecurityIdentifier
    cusip: str | None
    composite_figi: str | None
    sedol: str | None
    isin: str | None
    cik: int | None

    def ticker(self, day: date) -> str | None:
        """The ticker on a date, the last one when it had none then; None without a map file."""
        folder = data_folder()
        if folder is None:
            return None
        rows = find_map_file(folder, self.id.market, self.id.symbol, self.id.date.date()).rows
        return next((ticker for until, ticker in rows if day <= until), rows[-1][1]) if rows else None


def security_definitions() -> tuple[SecurityDefinition, ...]:
    """The securities of the data folder's database; none without a folder or a database.

    Raises:
        UserError: a malformed line.
    """
    folder = data_folder()
    path = None if folder is None else folder / DATABASE
    if path is None or not path.is_file():
        return ()
    status = path.stat()
    return _read(path, status.st_size, status.st_mtime_ns)


def definition_of(sid: SecurityIdentifier) -> SecurityDefinition:
    """The identifiers of one security; one without any when the database has it not."""
    unknown = SecurityDefinition(sid, None, None, None, None, None)
    return next((one for one in security_definitions() if one.id == sid), unknown)


@lru_cache(maxsize=8)
def _read(path: Path, _size: int, _modified: int) -> tuple[SecurityDefinition, ...]:
    found = []
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() or None for cell in line.split(",")]
        exists, sid = SecurityIdentifier.try_parse(cells[0])
        cik = cells[5] if len(cells) > 5 else None
        if not exists or sid is None or len(cells) < 5 or (cik is not None and not cik.isdecimal()):
            form = "IDENTIFIER,CUSIP,FIGI,SEDOL,ISIN[,CIK]"
            raise UserError(f"{path}: line {number}: {line[:60]!r} is not {form}; correct it")
        cusip, figi, sedol, isin = cells[1:5]
        found.append(SecurityDefinition(sid, cusip, figi, sedol, isin, None if cik is None else int(cik)))
    return tuple(found)
