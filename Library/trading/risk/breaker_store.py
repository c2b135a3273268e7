"""Where the circuit breaker's record outlives a restart."""

from __future__ import annotations

from typing import Final, Protocol

from trading.risk.breaker_record import BreakerRecord, decoded, encoded

MATERIAL_MOVE: Final = 0.001
"""Share by which equity or its peak moves before that alone is saved: a restart forgets less than this."""


class ObjectStore(Protocol):
    """The part of LEAN's Object Store that the record is kept in."""

    def contains_key(self, path: str, /) -> bool:
        """Whether there is an object of that key."""

    def read(self, path: str, /) -> str:
        """Its text."""

    def save(self, path: str, text: str, /) -> bool:
        """Put a text in its place, whole or not at all; False when there is no room."""


class BreakerStore:
    """One record under one key. A store may raise anything, .NET's errors too: what it says is passed on."""

    def __init__(self, store: ObjectStore, key: str) -> None:
        self._store = store
        self._key = key
        self._saved: BreakerRecord | None = None
        self._enough: BreakerRecord | None = None  # what was saved stands in for it

    def load(self) -> BreakerRecord | None:
        """The record of the last run, None when there is none.

        Raises:
            ValueError: it cannot be read; what there is has been set aside, as the line says.
        """
        try:
            if not self._store.contains_key(self._key):
                return None
            text = self._store.read(self._key)
        except Exception as error:  # noqa: BLE001 - see the class
            raise ValueError(f"{self._key}: it cannot be read: {_said(error)}") from None
        try:
            self._saved = decoded(text, self._key)
        except ValueError as error:
            stem, dot, ending = self._key.partition(".")  # LEAN takes one dot a key
            aside = f"{stem}-unreadable{dot}{ending}"
            failure = self._write(aside, text)
            kept = f"it is kept as {aside}" if failure is None else f"it could not be kept: {failure}"
            raise ValueError(f"{error}; {kept}") from None
        return self._saved

    def save(self, record: BreakerRecord) -> str | None:
        """Save the record; what went wrong, if anything."""
        failure = self._write(self._key, encoded(record))
        if failure is None:
            self._saved, self._enough = record, None
            return None
        return f"{self._key}: {failure}"

    def lacks(self, record: BreakerRecord) -> bool:
        """Whether what was saved would lose something that matters."""
        saved = self._saved
        if record is saved or record is self._enough:
            return False
        if saved is None or _moved(saved.equity, record.equity) or _moved(saved.peak, record.peak):
            return True
        if saved != record.model_copy(update={"equity": saved.equity, "peak": saved.peak}):
            return True
        self._enough = record
        return False

    def _write(self, key: str, text: str) -> str | None:
        try:
            saved = self._store.save(key, text)
            # LEAN's own store writes what it has taken some seconds later, unless a file's path is asked for.
            flush = getattr(self._store, "get_file_path", None)
            if saved is not False and flush is not None:
                flush(key)
        except Exception as error:  # noqa: BLE001 - see the class
            return _said(error)
        return "the Object Store refuses it; free space" if saved is False else None


def _moved(before: float | None, after: float | None) -> bool:
    if before is None or after is None:
        return before is not after
    return abs(after - before) >= MATERIAL_MOVE * abs(before) and after != before


def _said(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
