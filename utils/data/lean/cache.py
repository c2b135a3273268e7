"""Parsed files kept as columns, so that a second read need not unzip and parse."""

from __future__ import annotations

import hashlib
import io
import json
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from utils.data.lean.table import Table
from utils.errors import UserError
from utils.files import write_atomic

CACHE_FOLDER = Path("build", ".cache", "lean")
"""Where the command lines keep theirs, from the workspace's root."""

_FORMAT = 1
_DIGEST_SIZE = 16

_log = logging.getLogger(__name__)


class TableCache:
    """Tables in a folder of its own, a file each: a digest, then numpy's .npz. Never inside the data folder.

    A table is taken from the cache while path, size and modification time of all its source files are what
    they were when it was parsed. It holds lines as they stand, before adjustments and time zones, so that map
    files, factor files and market hours may change without it. A cache file that is damaged is replaced, and
    one that cannot be written is done without, each with a warning in the log. Processes may share it.

    >>> bars = read_bars(folder, series, cache=TableCache(CACHE_FOLDER))  # doctest: +SKIP
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def table(self, name: str, sources: Sequence[Path], load: Callable[[], Table]) -> Table:
        """The table `name` of the source files: the cached one when it is theirs, else `load()`, and kept."""
        home = hashlib.sha256(str(sources[0].parent.resolve()).encode()).hexdigest()[:16]
        path = self.folder / home / f"{name}.table"
        identity = _identity(sources)
        kept = _read(path, identity)
        if kept is not None:
            return kept
        table = load()
        content = io.BytesIO()
        np.savez(content, identity=np.array(identity), wall=table.wall, values=table.values)
        payload = content.getvalue()
        try:
            write_atomic(path, _digest(payload) + payload)
        except UserError as error:
            _log.warning("going on without a cache: %s", error)
        return table


def _identity(sources: Sequence[Path]) -> str:
    stats = [(str(path.resolve()), path.stat()) for path in sources]
    return json.dumps([_FORMAT, *((name, stat.st_size, stat.st_mtime_ns) for name, stat in stats)])


def _read(path: Path, identity: str) -> Table | None:
    """The table of a cache file, None when there is none or it is of other sources."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        _log.warning("going on without a cache: %s", error)
        return None
    payload = content[_DIGEST_SIZE:]
    if _digest(payload) != content[:_DIGEST_SIZE]:
        _log.warning("%s: cache file is damaged; reading the source files again", path)
        return None
    with np.load(io.BytesIO(payload), allow_pickle=False) as kept:
        return Table(kept["wall"], kept["values"]) if str(kept["identity"]) == identity else None


def _digest(payload: bytes) -> bytes:
    return hashlib.blake2b(payload, digest_size=_DIGEST_SIZE).digest()
