"""What was asked of the emulator, without anything secret."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MASK = "***"
_SETTINGS = ("brokerage", "dataProviders")
_PUBLIC = frozenset({"id", "cash", "holdings"})


@dataclass(frozen=True)
class RequestRecord:
    """One call.

    Attributes:
        endpoint: such as `live/create`.
        parameters: what was sent; credentials are masked, uploaded data is its size.
        status: the HTTP status of the answer; None when none was sent.
        success: what the answer said; None when there was none, or none that could be read.
        fault: the fault that met the call.
    """

    method: str
    endpoint: str
    parameters: dict[str, Any]
    status: int | None
    success: bool | None
    fault: str | None = None


@dataclass
class RequestLog:
    """The calls so far, in the order they ended."""

    _records: list[RequestRecord] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, record: RequestRecord) -> None:
        """Note a call."""
        with self._lock:
            self._records.append(record)

    def to(self, endpoint: str) -> list[RequestRecord]:
        """The calls of one endpoint."""
        return [record for record in self if record.endpoint == endpoint]

    def clear(self) -> None:
        """Forget them."""
        with self._lock:
            self._records.clear()

    def __iter__(self) -> Iterator[RequestRecord]:
        with self._lock:
            return iter(list(self._records))

    def __len__(self) -> int:
        return len(self._records)


def without_secrets(parameters: dict[str, Any]) -> dict[str, Any]:
    """A call's parameters as the log may keep them."""
    return {
        name: _masked(value)
        if name in _SETTINGS
        else f"{len(value)} bytes"
        if isinstance(value, bytes)
        else value
        for name, value in parameters.items()
    }


def _masked(value: object) -> object:
    if not isinstance(value, dict):
        return MASK
    return {
        name: _masked(item) if isinstance(item, dict) else item if name in _PUBLIC else MASK
        for name, item in value.items()
    }
