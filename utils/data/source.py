"""The bytes of a file of bars, unpacked, or one line saying why they cannot be had."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from pathlib import Path

from utils.errors import UserError

GZIP_MAGIC = b"\x1f\x8b"
ZIP_MAGIC = b"PK\x03\x04"
PARQUET_MAGIC = b"PAR1"


def read_bytes(path: Path) -> bytes:
    """Content of `path`; of a .gz file or a zip of one file, what is packed inside.

    What a file is, is told by its first bytes and not by its name.

    Raises:
        UserError: the file is missing, a folder, unreadable, empty, truncated or a zip of several files.
    """
    if path.is_dir():
        raise UserError(f"{path}: is a folder, not a file of bars; name a CSV or Parquet file in it")
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise UserError(f"{path}: no such file; check the path") from error
    except PermissionError as error:
        raise UserError(f"{path}: may not be read; allow it with: chmod u+r {path.name}") from error
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror or error}; check the path") from error
    if data.startswith(GZIP_MAGIC):
        data = _gunzip(path, data)
    elif data.startswith(ZIP_MAGIC) or path.suffix.lower() == ".zip":
        data = _unzip(path, data)
    if not data:
        raise UserError(f"{path}: is empty; it needs a header line and one line a bar")
    return data


def _gunzip(path: Path, data: bytes) -> bytes:
    try:
        return gzip.decompress(data)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UserError(f"{path}: gzip file is truncated or damaged; fetch it again") from error


def _unzip(path: Path, data: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/")]
            if len(names) != 1:
                raise UserError(
                    f"{path}: zip holds {len(names)} files instead of one; unpack it and name one"
                )
            return archive.read(names[0])
    except (zipfile.BadZipFile, EOFError, zlib.error, ValueError) as error:  # ValueError: a damaged directory
        raise UserError(f"{path}: zip file is truncated or damaged; fetch it again") from error
    except (RuntimeError, NotImplementedError) as error:  # encrypted, or packed in a way Python does not know
        raise UserError(f"{path}: zip file cannot be unpacked: {error}; unpack it yourself") from error
