"""Ends a callback that never ends."""

from __future__ import annotations

import ctypes
import sys
import threading
import time
from datetime import timedelta
from types import TracebackType


class TimeLimitExceeded(Exception):  # noqa: N818 - LEAN's term
    """A step of the algorithm took longer than it may."""


class Watchdog:
    """Raises `TimeLimitExceeded` in the thread that entered it when no beat came for the limit.

    A debugger stops the clock: under one, nothing is raised.
    """

    def __init__(self, limit: timedelta) -> None:
        self._limit = limit.total_seconds()
        self._thread_id = 0
        self._last = 0.0
        self._done = threading.Event()

    def beat(self) -> None:
        """A step is over."""
        self._last = time.monotonic()

    def __enter__(self) -> Watchdog:
        self._thread_id = threading.get_ident()
        self.beat()
        threading.Thread(target=self._watch, daemon=True, name="algorithm-time-limit").start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()

    def _watch(self) -> None:
        while not self._done.wait(min(1.0, self._limit / 4)):
            if time.monotonic() - self._last > self._limit and sys.gettrace() is None:
                target, kind = ctypes.c_long(self._thread_id), ctypes.py_object(TimeLimitExceeded)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(target, kind)
                return
