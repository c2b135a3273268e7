"""LEAN's Object Store as far as a crash shows it: memory now, disk later, deletions at once."""

from __future__ import annotations

import random
from collections.abc import Callable


class Crash(Exception):  # noqa: N818  # it is no error of the code under test
    """The process ends here."""


class LeanStore:
    """Memory over a disk that is written on `get_file_path` only; the timer is in `killed`.

    `fail_at` counts calls that change something: that call raises Crash, before it has acted or after.
    """

    def __init__(self, disk: dict[str, bytes] | None = None) -> None:
        self.disk = dict(disk or {})
        self.memory: dict[str, bytes] = {}
        self.waiting: list[str] = []
        self.calls = 0
        self.fail_at: int | None = None
        self.fails_after_acting = False
        self.max_files = 10_000
        self.max_size = 10 * 1024**3

    def _acting(self, act: Callable[[], bool]) -> bool:
        self.calls += 1
        failing = self.calls == self.fail_at
        if failing and not self.fails_after_acting:
            raise Crash
        done = act()
        if failing:
            raise Crash
        return done

    @property
    def keys(self) -> list[str]:
        return list({**self.disk, **self.memory})

    def contains_key(self, path: str, /) -> bool:
        return path in self.memory or path in self.disk

    def read_bytes(self, path: str, /) -> bytes:
        return self.memory[path] if path in self.memory else self.disk[path]

    def save_bytes(self, path: str, contents: bytes, /) -> bool:
        others = [other for other in self.keys if other != path]
        size = len(contents) + sum(len(self.read_bytes(other)) for other in others)
        if len(others) >= self.max_files or size > self.max_size:
            return False

        def act() -> bool:
            self.memory[path] = contents
            self.waiting.append(path)
            return True

        return self._acting(act)

    def delete(self, path: str, /) -> bool:
        def act() -> bool:
            if path in self.waiting:
                self.waiting.remove(path)
            return (self.memory.pop(path, None) is not None) | (self.disk.pop(path, None) is not None)

        return self._acting(act)

    def get_file_path(self, path: str, /) -> str:
        def act() -> bool:
            self.disk.update({key: self.memory[key] for key in self.waiting})
            self.waiting.clear()
            return True

        self._acting(act)
        return path

    def killed(self, chance: random.Random) -> LeanStore:
        """What the next process finds: any of what waited is on disk, the last of it perhaps cut short."""
        disk = dict(self.disk)
        written = [key for key in self.waiting if chance.random() < 0.6]
        for key in written:
            disk[key] = self.memory[key]
        if written and chance.random() < 0.5:
            torn = chance.choice(written)
            disk[torn] = disk[torn][: chance.randrange(len(disk[torn]))]
        return LeanStore(disk)
