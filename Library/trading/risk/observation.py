"""One observation at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import RLock

from trading.clock import Clock, in_utc


class Observation:
    """A context of one moment under a lock, with its conclusion at the end, come what may.

    A class, since a generator's context takes three times as long, and it is entered for every reading.
    """

    __slots__ = ("_clock", "_conclude", "_lock", "_now")

    def __init__(self, lock: RLock, clock: Clock, conclude: Callable[[datetime], None]) -> None:
        """`conclude` is called with the moment before the lock is let go of."""
        self._lock = lock
        self._clock = clock
        self._conclude = conclude

    def __enter__(self) -> datetime:
        self._lock.acquire()
        try:
            self._now = in_utc(self._clock())
        except BaseException:
            self._lock.release()
            raise
        return self._now

    def __exit__(self, *_: object) -> None:
        try:
            self._conclude(self._now)
        finally:
            self._lock.release()
