"""`self.object_store`: files that outlive a run."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from utils.engine.dotnet.key_value_pair import CallableList, KeyValuePair
from utils.engine.dotnet.naming import DotNet
from utils.engine.errors import AlgorithmError
from utils.files import write_atomic


class ObjectStore(DotNet):
    """Values by key, kept as files of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, key: str) -> Path:
        path = (self._folder / key.replace("\\", "/").lstrip("/")).resolve()
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
        """Keep bytes."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, bytes(contents))
        return True

    def delete(self, key: str) -> bool:
        """Drop a value; whether there was one."""
        path = self._path(key)
        if not path.is_file():
            return False
        path.unlink()
        return True

    def clear(self) -> None:
        """Drop all values."""
        for key in self.keys:
            self.delete(key)

    def get_file_path(self, key: str) -> str:
        """Where the value lies, or would."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        return str(path)

    @property
    def keys(self) -> CallableList[str]:
        """Keys of all values."""
        if not self._folder.is_dir():
            return CallableList()
        files = sorted(path for path in self._folder.rglob("*") if path.is_file())
        return CallableList(path.relative_to(self._folder).as_posix() for path in files)

    def __iter__(self) -> Iterator[Any]:
        return iter([KeyValuePair(key, self.read_bytes(key)) for key in self.keys])

    def get_enumerator(self) -> Iterator[Any]:
        """Keys with values."""
        return iter(self)


def fresh_store() -> Path:
    """A folder for a store that nobody asked to keep."""
    return Path(tempfile.mkdtemp(prefix="object-store-"))
