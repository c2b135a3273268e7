"""The record of decisions: what was decided, on what, and why, one JSON object a line."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final, Protocol

QUIET: Final = frozenset({"rejected", "scanned"})
"""Verdicts that change nothing: they are kept once while they stay the same, and not logged."""

KEPT: Final = 20_000
"""Decisions kept in the Object Store; the log has all of them."""


class ObjectStore(Protocol):
    """The part of LEAN's Object Store that is written to."""

    def save(self, path: str, text: str, /) -> bool:
        """Keep a text."""


@dataclass(frozen=True)
class Decision:
    """One decision.

    Attributes:
        time: of the algorithm.
        kind: what part decided: ``scan``, ``validate``, ``spread``, ``exit``, ``risk``, ``restart``, ….
        subject: on what: a contract, a spread, a ticker.
        verdict: ``accepted``, ``rejected``, ``opened``, ``closed``, ….
        reason: why, for a person.
    """

    time: datetime
    kind: str
    subject: str
    verdict: str
    reason: str

    def to_json(self) -> str:
        """One line."""
        return json.dumps(asdict(self) | {"time": self.time.isoformat(sep=" ")}, ensure_ascii=False)

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}: {self.verdict}: {self.reason}"


class DecisionLog:
    """Takes decisions in, logs those that matter, and keeps the latest in the Object Store when told to."""

    def __init__(
        self, now: Callable[[], datetime], store: ObjectStore, key: str, log: Callable[[str], object]
    ) -> None:
        """`log` takes one line for each decision that changes something."""
        self._now = now
        self._store = store
        self._key = key
        self._log = log
        self._lines: deque[str] = deque(maxlen=KEPT)
        self._last: dict[tuple[str, str], str] = {}
        self._unsaved = False

    def record(self, kind: str, subject: str, verdict: str, reason: str) -> None:
        """Take in a decision; what is merely looked at, and the same each time, is kept once."""
        quiet = verdict in QUIET
        if quiet:
            if self._last.get((kind, subject)) == reason:
                return
            self._last[kind, subject] = reason
        else:
            self._last.pop((kind, subject), None)
        decision = Decision(self._now(), kind, subject, verdict, reason)
        self._lines.append(decision.to_json())
        self._unsaved = True
        if not quiet:
            self._log(str(decision))

    def save(self) -> None:
        """Keep what came since the last time."""
        if self._unsaved:
            self._unsaved = not self._store.save(self._key, "\n".join(self._lines) + "\n")


def read_decisions(text: str) -> Iterable[Decision]:
    """The decisions of a record.

    Raises:
        ValueError: a line is no decision.
    """
    for number, line in enumerate(text.splitlines(), 1):
        try:
            fields = json.loads(line)
            yield Decision(**fields | {"time": datetime.fromisoformat(fields["time"])})
        except (ValueError, TypeError, KeyError) as error:
            raise ValueError(f"decisions, line {number}: not a decision: {error}") from None
