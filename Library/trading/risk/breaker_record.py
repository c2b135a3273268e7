"""What the circuit breaker remembers over restarts, and its form in the Object Store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from pydantic import Field, ValidationError

from trading.risk.config import Trigger
from trading.sections import Section

VERSION: Final = 1

TRANSITIONS_KEPT: Final = 100


class BreakerState(StrEnum):
    """Closed lets new risk through, open does not, half-open lets a little through to try."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Transition(Section):
    """A change of state, or one more trigger while open; `trigger` is None for time's passing or a reset."""

    time: datetime
    before: BreakerState
    after: BreakerState
    trigger: Trigger | None = None
    reason: str

    def __str__(self) -> str:
        cause = f"{self.trigger}: " if self.trigger else ""
        return f"circuit breaker {self.before} -> {self.after}: {cause}{self.reason}"


class BreakerRecord(Section):
    """The breaker's memory.

    Attributes:
        state: closed, open or half-open.
        trip: how many times it has opened; names the present opening to those who reset it.
        since: when the cool-down or the trial began, None while a trigger holds.
        holding: the conditions that hold at present, and why.
        tripped: what opened it or came up since, and why; empty when closed.
        trial_opened: openings since it became half-open.
        liquidation: whether all positions shall be closed.
        day: the trading day of the last equity.
        day_start: equity at its start.
        equity: the last equity.
        peak: the highest.
        losses: losing trades in a row.
        slow_readings: slow broker latencies in a row.
        transitions: the latest, the latest last.
    """

    state: BreakerState = BreakerState.CLOSED
    trip: int = 0
    since: datetime | None = None
    holding: dict[Trigger, str] = Field(default_factory=dict)
    tripped: dict[Trigger, str] = Field(default_factory=dict)
    trial_opened: int = 0
    liquidation: bool = False
    day: date | None = None
    day_start: float | None = None
    equity: float | None = None
    peak: float | None = None
    losses: int = 0
    slow_readings: int = 0
    transitions: tuple[Transition, ...] = ()


def encoded(record: BreakerRecord) -> str:
    """The record as text, with a checksum that tells whether it is whole."""
    values = record.model_dump(mode="json")
    return json.dumps({"version": VERSION, "checksum": _checksum(values), "record": values})


def decoded(text: str, key: str) -> BreakerRecord:
    """The record that a text holds.

    Raises:
        ValueError: it is damaged, changed by hand, or of a newer version; one line with the key.
    """
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError(f"{key}: not the JSON that was written") from None
    if not isinstance(values, dict) or values.keys() != {"version", "checksum", "record"}:
        raise ValueError(f"{key}: no record of a circuit breaker")
    if values["version"] != VERSION:
        raise ValueError(f"{key}: version {values['version']!r} is not this code's {VERSION}")
    record = values["record"]
    if not isinstance(record, dict) or values["checksum"] != _checksum(record):
        raise ValueError(f"{key}: its checksum is not that of its content")
    try:
        return BreakerRecord.model_validate_json(json.dumps(record))
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise ValueError(f"{key}: {where}: {problem['msg']}") from None


def _checksum(values: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
