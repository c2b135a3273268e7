"""Stand-ins for LEAN's Object Store and for time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Store:
    """Keeps texts; `full` refuses them, `broken` raises."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.full = False
        self.broken = False
        self.saves = 0

    def contains_key(self, path: str, /) -> bool:
        return path in self.texts

    def read(self, path: str, /) -> str:
        if self.broken:
            raise PermissionError("no permission to read\nfrom the store")
        return self.texts[path]

    def save(self, path: str, text: str, /) -> bool:
        if self.broken:
            raise PermissionError("no permission to write\nto the store")
        if self.full:
            return False
        self.saves += 1
        self.texts[path] = text
        return True


class Time:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 5, 15, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
