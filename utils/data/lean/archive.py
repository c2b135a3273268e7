"""The zip files of a LEAN data folder: CSVs found by name, written the same for the same text."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from utils.errors import UserError
from utils.files import write_atomic

FIXED_TIME = (1980, 1, 1, 0, 0, 0)
"""Time stamp of every entry: the same text gives the same bytes."""

_DATED = re.compile(r"(\d{8})_.*\.csv", re.IGNORECASE)


def read_entry(path: Path, entry: str) -> bytes:
    """The CSV in a zip file.

    That is the entry named `entry`, else the only one, else the only one of the same date: LEAN's own sample
    has entries under another name of the symbol.

    Raises:
        UserError: the file is missing, truncated or damaged, or holds something else.
    """
    with _explained(path), zipfile.ZipFile(path) as archive:
        return archive.read(_choose(path, entry, archive.namelist()))


class OpenArchive:
    """A zip file of many CSVs, kept open."""

    def __init__(self, path: Path) -> None:
        """Raises:
        UserError: the file is missing, truncated or damaged.
        """
        self.path = path
        with _explained(path):
            self._archive = zipfile.ZipFile(path)
        self._names = set(self._archive.namelist())

    def read(self, entry: str) -> bytes | None:
        """The CSV of a name; None when there is none.

        Raises:
            UserError: it is damaged.
        """
        if entry not in self._names:
            return None
        with _explained(self.path):
            return self._archive.read(entry)

    def close(self) -> None:
        """Let the file go."""
        self._archive.close()


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """What may be wrong with a zip file, as one line."""
    try:
        yield
    except FileNotFoundError as error:
        raise UserError(f"{path}: no such file; check the symbol and the data folder") from error
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror or error}; allow it") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise UserError(f"{path}: zip is truncated or damaged: {error}; fetch it again") from error


def write_entry(path: Path, entry: str, text: str) -> None:
    """Replace `path` with a zip file of one entry, at once or not at all."""
    info = zipfile.ZipInfo(entry, FIXED_TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o644 << 16
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(info, text)
    write_atomic(path, content.getvalue())


def _choose(path: Path, entry: str, names: list[str]) -> str:
    if entry in names:
        return entry
    tables = [name for name in names if name.lower().endswith(".csv")]
    dated = _DATED.fullmatch(entry)
    if dated:
        tables = [name for name in tables if Path(name).name.startswith(dated[1])]
    if len(tables) != 1:
        found = ", ".join(names[:5]) or "nothing"
        raise UserError(f"{path}: holds {found} instead of {entry}; rename the entry or fetch the file again")
    return tables[0]
