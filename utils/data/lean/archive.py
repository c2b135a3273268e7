"""The zip files of a LEAN data folder: one CSV inside, found by name, written the same for the same text."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
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
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.read(_choose(path, entry, archive.namelist()))
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
