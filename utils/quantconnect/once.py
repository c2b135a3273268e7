"""Creating something exactly once over a connection that may lose answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from utils.quantconnect.errors import ApiError, OutcomeUnknownError, RefusedError

T = TypeVar("T")


@dataclass(frozen=True)
class Lookout:
    """How to look whether a call with a lost answer was carried out: `looks` times, `pause` seconds apart.

    QuantConnect may still be at work on a call whose answer was lost, so one look that finds nothing proves
    nothing.
    """

    looks: int = 4
    pause: float = 2.0
    tries: int = 3
    sleep: Callable[[float], None] = time.sleep


def create_once(attempt: Callable[[], T], find: Callable[[], T | None], lookout: Lookout) -> T:
    """Make something that must not be made twice.

    Args:
        attempt: makes it; raises `OutcomeUnknownError` when the answer was lost.
        find: what `attempt` made, or None; must not find what was there before.
        lookout: how patiently to look before a second try.

    Returns:
        What was made, or found after its answer was lost.

    Raises:
        OutcomeUnknownError: the answer was lost, and it cannot be told whether it was carried out.
        RefusedError: QuantConnect refused, and nothing was made.
    """
    lost: OutcomeUnknownError | None = None
    for _ in range(lookout.tries):
        try:
            return attempt()
        except OutcomeUnknownError as error:
            lost = error
            found = _look(find, lookout, lost)
        except RefusedError:
            # An earlier try may be why this one was refused: its node is busy, its name is taken.
            found = _look(find, lookout, lost) if lost else None
            if found is None:
                raise
        if found is not None:
            return found
    assert lost is not None
    raise OutcomeUnknownError(f"{lost}; {lookout.tries} tries, none seen to work; look before trying again")


def _look(find: Callable[[], T | None], lookout: Lookout, lost: OutcomeUnknownError) -> T | None:
    for look in range(lookout.looks):
        if look:
            lookout.sleep(lookout.pause)
        try:
            found = find()
        except ApiError as error:
            raise OutcomeUnknownError(
                f"{lost}, and looking failed: {error}; look before trying again"
            ) from None
        if found is not None:
            return found
    return None
