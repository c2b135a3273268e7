"""The part of LEAN's Object Store that is used, and what LEAN promises about it.

What the design rests on, from LEAN's LocalObjectStore:

- `save_bytes` keeps the bytes in memory and answers True. A timer writes what has changed to disk, about
  five seconds later, in no particular order, and file by file without a rename: a kill loses the last
  seconds, may keep any part of them, and may leave one file cut short.
- `get_file_path` of a key that exists writes everything that waits to disk before it answers.
- `delete` acts on the disk at once.
- `save_bytes` answers False, and keeps nothing, when the store's limits on files or bytes would be exceeded;
  a key may have letters, digits, ``/ _ # - $ =``, spaces and one dot before an alphanumeric end.
- The size of an object is only known by reading it, and what was read stays in memory.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol


class ObjectStore(Protocol):
    """`QCAlgorithm.object_store`."""

    @property
    def keys(self) -> Iterable[str]:
        """Keys of all objects."""

    def contains_key(self, path: str, /) -> bool:
        """Whether there is an object of that key."""

    def read_bytes(self, path: str, /) -> Any:
        """Its bytes: `bytes`, or .NET's `byte[]`; None when it has been announced but never saved."""

    def save_bytes(self, path: str, contents: bytes, /) -> bool:
        """Keep an object; False when a limit of the store forbids it."""

    def delete(self, path: str, /) -> bool:
        """Drop an object; whether there was one."""

    def get_file_path(self, path: str, /) -> str:
        """Where an object lies on disk; all that waits is written first."""


def read_object(store: ObjectStore, key: str) -> bytes | None:
    """The bytes of an object; None when there is none."""
    if not store.contains_key(key):
        return None
    contents = store.read_bytes(key)
    return None if contents is None else bytes(contents)


def flush(store: ObjectStore, key: str) -> None:
    """Have the object of `key`, and all else that waits, written to disk before this returns."""
    store.get_file_path(key)
