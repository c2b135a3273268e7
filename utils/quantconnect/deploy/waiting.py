"""Waiting for the cloud."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from utils.errors import UserError

T = TypeVar("T")


@dataclass(frozen=True)
class Clock:
    """Time, and the seconds between two looks: `first` to begin with, growing to `longest`."""

    first: float = 1.0
    longest: float = 10.0
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.monotonic


def wait_until(
    look: Callable[[], T],
    done: Callable[[T], bool],
    clock: Clock,
    *,
    limit: float | None,
    what: str,
    each: Callable[[T], None] = lambda _: None,
) -> T:
    """Look until `done`.

    Args:
        look: what to look at.
        done: whether that is what was waited for.
        clock: how often.
        limit: seconds to wait at most, or None.
        what: for the error.
        each: shown every look.

    Raises:
        UserError: not done within the limit.
    """
    begin = clock.now()
    pause = clock.first
    while True:
        current = look()
        each(current)
        if done(current):
            return current
        if limit is not None and clock.now() - begin >= limit:
            raise UserError(f"{what}: not done after {limit:.0f} s; look at the project's page")
        clock.sleep(pause)
        pause = min(pause * 1.5, clock.longest)
