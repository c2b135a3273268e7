"""How often Python's cyclic garbage collector runs, and for how long it stops the program."""

from __future__ import annotations

import gc
import time
import weakref
from collections.abc import Callable, Mapping


class GarbageCollections:
    """Counts collections and their pauses, in milliseconds, from its making on until it is closed or gone."""

    def __init__(self, stopwatch: Callable[[], float] = time.perf_counter) -> None:
        self.count = 0
        self.pause_ms = 0.0
        self.longest_pause_ms = 0.0
        self._stopwatch = stopwatch
        self._started: float | None = None
        watching = weakref.WeakMethod(self._on_phase)

        def called(phase: str, info: Mapping[str, int]) -> None:
            on_phase = watching()
            if on_phase is not None:
                on_phase(phase, info)

        gc.callbacks.append(called)
        self._stop = weakref.finalize(self, _remove, called)

    def close(self) -> None:
        """Count no more."""
        self._stop()

    def _on_phase(self, phase: str, _info: Mapping[str, int]) -> None:
        now = self._stopwatch()
        if phase == "start":
            self._started = now
        elif self._started is not None:
            pause = 1e3 * (now - self._started)
            self._started = None
            self.count += 1
            self.pause_ms += pause
            self.longest_pause_ms = max(self.longest_pause_ms, pause)


def _remove(called: Callable[[str, Mapping[str, int]], None]) -> None:
    if called in gc.callbacks:
        gc.callbacks.remove(called)
