"""`self.object_store`: files that outlive a run.

Unlike LEAN's, a save is on disk, whole, when it returns: LEAN writes about five seconds later.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from utils.engine.dotnet.key_value_pair import CallableList, KeyValuePair
from utils.engine.dotnet.naming import DotNet
from utils.engine.errors import AlgorithmError
from utils.files import write_atomic

# LEAN's path rule, and its limits on one's own machine (storage-limit, storage-file-count).
_KEY = re.compile(r"\.?[a-zA-Z0-9\\/_#\-$= ]+\.?[a-zA-Z0-9]*", re.ASCII)
_MAX_SIZE = 10 * 1024**3
_MAX_FILES = 10_000


class ObjectStore(DotNet):
    """Values by key, kept as files of a folder."""

    def __init__(
        self,
        folder: Path,
        debug: Callable[[str], None] = lambda _message: None,
        max_size: int = _MAX_SIZE,
        max_files: int = _MAX_FILES,
    ) -> None:
        self._folder = folder
        self._debug = debug
        self._max_size = max_size
        self._max_files = max_files

    @property
    def max_size(self) -> int:
        """Bytes that all values together may have."""
        return self._max_size

    @property
    def max_files(self) -> int:
        """How many values there may be."""
        return self._max_files

    def _path(self, key: str) -> Path:
        path = (self._folder / key.lstrip(".").lstrip("/\\").replace("\\", "/")).resolve()
        root = self._folder.resolve()
        if not key or (root not in path.parents and path != root):
            raise AlgorithmError(f"object_store: {key!r} is no key: a path inside of the store is wanted")
        return path

    def contains_key(self, key: str) -> bool:
        """Whether there is a value."""
        return self._path(key).is_file()

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.contains_key(key)

    def read(self, key: str) -> str:
        """A value as text.

        Raises:
            KeyError: there is none.
        """
        return self.read_bytes(key).decode()

    def read_bytes(self, key: str) -> bytes:
        """A value.

        Raises:
            KeyError: there is none.
        """
        path = self._path(key)
        if not path.is_file():
            raise KeyError(
                f"Object with key '{key}' was not found in the current project. "
                "Please use ObjectStore.ContainsKey(key) to check if an object exists before "
                "attempting to read."
            )
        return path.read_bytes()

    def read_string(self, key: str, _encoding: Any = None) -> str:
        """A value as text."""
        return self.read(key)

    def read_json(self, key: str) -> Any:
        """A value that is JSON."""
        return json.loads(self.read(key))

    def save(self, key: str, text: str | None = None, _encoding: Any = None) -> bool:
        """Keep a text; without one, what was written to the key's file path."""
        if text is None:
            return self.contains_key(key)
        return self.save_bytes(key, text.encode())

    def save_string(self, key: str, text: str, _encoding: Any = None) -> bool:
        """Keep a text."""
        return self.save_bytes(key, text.encode())

    def save_json(self, key: str, value: Any, *_settings: Any) -> bool:
        """Keep a value as JSON."""
        return self.save(key, json.dumps(value))

    def save_bytes(self, key: str, contents: Any) -> bool:
        """Keep bytes; False, and a line for the algorithm, when a limit of the store would be exceeded."""
        path = self._path(key)
        if not _KEY.fullmatch(key):
            raise AlgorithmError(f"object_store: path is not supported: {key!r}")
        if not self._fits(path, len(contents)):
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, bytes(contents))
        return True

    def _fits(self, path: Path, size: int) -> bool:
        own = path.relative_to(self._folder.resolve()).as_posix()
        others = [file.stat().st_size for key, file in self._files() if key != own]
        total = size + sum(others)
        if len(others) < self._max_files and total <= self._max_size:
            return True
        self._debug(
            f"ObjectStore Persistence Error: {len(others) + 1} of {self._max_files} files, "
            f"{total} of {self._max_size} bytes: not saved: {own}"
        )
        return False

    def _files(self, folder: str = "", prefix: str = "") -> Iterator[tuple[str, os.DirEntry[str]]]:
        """Keys with their files; what a killed write left behind has a name that no key can have."""
        if not self._folder.is_dir():
            return
        with os.scandir(folder or self._folder) as entries:
            for entry in entries:
                key = prefix + entry.name
                if entry.is_dir():
                    yield from self._files(entry.path, f"{key}/")
                elif not key.startswith(".") and _KEY.fullmatch(key):
                    yield key, entry

    def delete(self, key: str) -> bool:
        """Drop a value; whether there was one."""
        path = self._path(key)
        if not path.is_file():
            return False
        path.unlink()
        return True

    def clear(self) -> None:
        """Forget what is cached, as LEAN does; here nothing is, and no value is dropped."""

    def get_file_path(self, key: str) -> str:
        """Where the value lies, or would."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        return str(path)

    @property
    def keys(self) -> CallableList[str]:
        """Keys of all values."""
        return CallableList(sorted(key for key, _ in self._files()))

    def __iter__(self) -> Iterator[Any]:
        return iter([KeyValuePair(key, self.read_bytes(key)) for key in self.keys])

    def get_enumerator(self) -> Iterator[Any]:
        """Keys with values."""
        return iter(self)


def fresh_store() -> Path:
    """A folder for a store that nobody asked to keep."""
    return Path(tempfile.mkdtemp(prefix="object-store-"))
