"""The contract of a universe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from utils.engine.algorithm.settings import UniverseSettings
from utils.engine.clock import DAY, SECOND
from utils.engine.dotnet.key_value_pair import CallableList
from utils.engine.dotnet.naming import DotNet


@dataclass
class Member:
    """A security of a universe.

    Attributes:
        added: when it came, UTC nanoseconds.
    """

    security: Any
    added: int


class Universe(DotNet):
    """Selects securities at moments of its own.

    The run asks `moments` once for all its moments, calls `select` at each, follows what is new and follows
    no longer what is left out, unless it is held or has open orders. A subclass says when it selects and
    what; it keeps no record of its members: that is the run's (`utils.engine.universes.selection`).

    Attributes:
        symbol: names the universe.
        universe_settings: how its securities are subscribed to.
        selected: what it selected last; None before the first time.
        members_by_symbol: securities that are followed because of it.
        dispose_requested: whether it was removed; it then selects nothing any more.
    """

    UNCHANGED: ClassVar[list[Any]] = []
    """What a user's function gives for "as before"."""

    symbol: Any
    universe_settings: UniverseSettings
    selected: set[Any] | None
    dispose_requested: bool

    def __init__(self, symbol: Any, settings: UniverseSettings) -> None:
        self.symbol, self.universe_settings = symbol, settings
        self.selected = None
        self.members_by_symbol: dict[Any, Member] = {}
        self.dispose_requested = False

    def moments(self, start: int, end: int) -> list[int]:
        """When it selects in a run from `start` to `end`, UTC nanoseconds, ascending.

        A moment after the end is a step of the run without a selection.
        """
        raise NotImplementedError

    def select(self, utc_ns: int) -> list[Any] | None:
        """Symbols it wants from a moment on, in the order they are added; None: as before."""
        raise NotImplementedError

    def configure(self, security: Any) -> None:
        """Prepare a security it selected, before it is subscribed to."""

    def can_remove_member(self, utc_ns: int, member: Member) -> bool:
        """Whether a security has been in it for its least time."""
        least = self.universe_settings.minimum_time_in_universe // timedelta(microseconds=1) * 1000
        step = min(max(least, SECOND), DAY)  # LEAN rounds to days, at most
        return (utc_ns - member.added + step // 2) // step * step >= least

    def dispose(self) -> None:
        """Select nothing any more."""
        self.dispose_requested = True

    @property
    def members(self) -> dict[Any, Any]:
        """Securities that are followed because of it, by symbol."""
        return {symbol: member.security for symbol, member in self.members_by_symbol.items()}

    def contains_member(self, symbol: Any) -> bool:
        """Whether a security is followed because of it."""
        return getattr(symbol, "symbol", symbol) in self.members_by_symbol

    @property
    def configuration(self) -> Any:
        """Itself, as far as it has a symbol."""
        return self

    @property
    def securities(self) -> CallableList[Any]:
        """Securities that are followed because of it."""
        return CallableList(member.security for member in self.members_by_symbol.values())
