"""What an algorithm asks of LEAN, as it is noted while its code is followed."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date, timedelta

from utils.nodes.analysis.values import Chain, Function, Instance, Security, Value
from utils.nodes.requirements import Resolution, Source


@dataclass
class Subscription:
    """Securities subscribed at one place: `times` of them, of which only one has its ticker known."""

    security: Security
    place: Source
    times: int = 1
    why: str = ""
    """What they are when their tickers are not known."""
    reasons: tuple[Source, ...] = ()
    """Where the ticker comes from."""


@dataclass
class Asked:
    """Everything noted, in the order found; the first place of each security."""

    securities: dict[Hashable, Subscription] = field(default_factory=dict)
    chains: dict[Hashable, Chain] = field(default_factory=dict)
    chain_reasons: dict[Hashable, tuple[Source, ...]] = field(default_factory=dict)
    contracts: dict[Hashable, Subscription] = field(default_factory=dict)
    resolutions: list[tuple[Resolution, Source]] = field(default_factory=list)
    """What subscriptions name."""
    default_resolutions: list[tuple[Resolution, Source]] = field(default_factory=list)
    """The universe settings', for subscriptions that name none."""
    unnamed_resolutions: bool = False
    """Whether there are such subscriptions."""
    start: tuple[date, Source] | None = None
    end: tuple[date, Source] | None = None
    warm_ups: list[tuple[float | timedelta, Resolution | None, Source]] = field(default_factory=list)
    automatic_warm_up: Source | None = None
    indicators: list[tuple[int, Resolution | None, Source]] = field(default_factory=list)
    """Longest period of each indicator that LEAN updates."""
    scheduled: dict[Source, int] = field(default_factory=dict)
    trainings: list[Source] = field(default_factory=list)
    language_models: list[Source] = field(default_factory=list)
    """Requests to their providers' addresses."""
    callbacks: list[Function] = field(default_factory=list)
    """Functions given to LEAN, to be called later."""
    settings: list[Instance] = field(default_factory=list)
    settings_read: dict[str, Value] = field(default_factory=dict)
    parameters: dict[str, Value] = field(default_factory=dict)
    unknown: dict[str, dict[Source, None]] = field(default_factory=dict)
    """Calls whose argument is not known, by what they are about."""
    assumed: dict[Source, None] = field(default_factory=dict)

    def note_unknown(self, what: str, place: Source) -> None:
        """Remember a call whose argument is not known."""
        text = f"{place.text}: not known before it runs"
        self.unknown.setdefault(what, {})[Source(text, place.file, place.line)] = None
