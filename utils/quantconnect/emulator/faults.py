"""Faults that the emulator commits on purpose."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from enum import StrEnum

from utils.errors import UserError

ANY_ENDPOINT = "*"


class FaultKind(StrEnum):
    """What goes wrong.

    Of these, LOST_ANSWER, HALF_RESPONSE and GARBAGE come after the call took effect; with SLOW the call is
    answered late, everything else happens instead of the call.
    """

    TOO_MANY_REQUESTS = "429"
    SERVER_ERROR = "500"
    BAD_GATEWAY = "502"
    UNAVAILABLE = "503"
    FAILURE = "failure"
    """`success: false` with a made-up error."""
    SLOW = "slow"
    DROPPED = "dropped"
    """The connection closes before the call takes effect."""
    LOST_ANSWER = "lost_answer"
    """The call takes effect, and the connection closes without an answer."""
    HALF_RESPONSE = "half_response"
    """The whole length is announced, half of it is sent."""
    GARBAGE = "garbage"
    """Status 200 with a body that is not JSON."""


AFTER_EFFECT = frozenset({FaultKind.LOST_ANSWER, FaultKind.HALF_RESPONSE, FaultKind.GARBAGE})


@dataclass(frozen=True)
class Fault:
    """A fault for some calls.

    Attributes:
        endpoint: such as `live/create`; None means every endpoint.
        nth: which of the calls it meets, counted from 1 from when the fault was added; None: the next.
        times: how many calls it meets in a row from there.
        seconds: how late SLOW answers, and what Retry-After says for 429 and 503.
    """

    kind: FaultKind
    endpoint: str | None = None
    nth: int | None = None
    times: int = 1
    seconds: float = 1.0


def parse_fault(text: str) -> Fault:
    """A fault written as `ENDPOINT:KIND[:TIMES][@NTH]`; `*` is every endpoint.

    >>> parse_fault("live/create:lost_answer:1")
    Fault(kind=<FaultKind.LOST_ANSWER: 'lost_answer'>, endpoint='live/create', nth=None, times=1, seconds=1.0)

    Raises:
        UserError: it is written otherwise.
    """
    rest, at, nth = text.partition("@")
    endpoint, _, kind_and_times = rest.partition(":")
    kind, colon, times = kind_and_times.partition(":")
    if not endpoint or kind not in list(FaultKind):
        kinds = ", ".join(FaultKind)
        raise UserError(f"--fault {text}: write ENDPOINT:KIND[:TIMES][@NTH], KIND one of {kinds}")
    return Fault(
        FaultKind(kind),
        None if endpoint == ANY_ENDPOINT else endpoint.strip("/"),
        _count(text, nth) if at else None,
        _count(text, times) if colon else 1,
    )


def _count(text: str, number: str) -> int:
    if not (number.isascii() and number.isdigit() and 0 < len(number) <= 9 and int(number) > 0):
        raise UserError(f"--fault {text}: TIMES and NTH are whole numbers from 1")
    return int(number)


@dataclass
class _Armed:
    fault: Fault
    calls: int = 0


@dataclass
class Faults:
    """Faults to come. Safe to use from several threads."""

    _armed: list[_Armed] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, fault: Fault) -> None:
        """Let this fault happen."""
        with self._lock:
            self._armed.append(_Armed(fault))

    def clear(self) -> None:
        """Let nothing more go wrong."""
        with self._lock:
            self._armed.clear()

    def take(self, endpoint: str) -> Fault | None:
        """The fault that meets this call: of several the one added first. Every fault counts the call."""
        met: Fault | None = None
        with self._lock:
            for armed in list(self._armed):
                if armed.fault.endpoint not in (None, endpoint):
                    continue
                armed.calls += 1
                first = armed.fault.nth or 1
                if met is None and first <= armed.calls < first + armed.fault.times:
                    met = armed.fault
                if armed.calls >= first + armed.fault.times - 1:
                    self._armed.remove(armed)
        return met
