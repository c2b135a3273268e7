"""The latest lines of a record, kept in the Object Store."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import Final, Protocol

LINES: Final = 1_440
"""Lines kept: twelve hours at 30 seconds, about 700 KB."""


class ObjectStore(Protocol):
    """The part of LEAN's Object Store that a record is written to."""

    def save(self, path: str, text: str, /) -> bool:
        """Keep a text under a key; whether there was room."""


class Snapshots:
    """Writes the latest lines under one key, each time over the last; the store never grows."""

    def __init__(self, store: ObjectStore, key: str, interval: timedelta, lines: int = LINES) -> None:
        self._store = store
        self._key = key
        self._interval = interval
        self._lines: deque[str] = deque(maxlen=lines)
        self._saved: datetime | None = None

    def add(self, line: str, now: datetime) -> None:
        """Take in a line, and write when the last writing is `interval` ago.

        Raises:
            OSError: the store has no room for it.
        """
        self._lines.append(line)
        if self._saved is None or not timedelta() <= now - self._saved < self._interval:
            self._saved = now
            self.write()

    def write(self) -> None:
        """Write what there is.

        Raises:
            OSError: the store has no room for it.
        """
        if self._lines and not self._store.save(self._key, "\n".join(self._lines) + "\n"):
            raise OSError(f"{self._key}: the Object Store refuses it; free space")
