"""Lets universes select, and follows what they selected."""

from __future__ import annotations

from bisect import bisect_right, insort
from typing import Any, Final

from utils.engine.identity.security_identifier import is_option
from utils.engine.universes.pending_removals import PendingRemovals
from utils.engine.universes.universe import Member, Universe

NEVER: Final = 1 << 62


class UniverseSelection:
    """The universes of a run, with their moments.

    Attributes:
        moments: when any of them selects, UTC nanoseconds, ascending.
    """

    def __init__(self, algorithm: Any, end: int) -> None:
        self._algorithm, self._end = algorithm, end
        self._pending = PendingRemovals(algorithm.transactions)
        self._due: dict[int, list[Universe]] = {}
        self.moments: list[int] = []

    def begin(self, universe: Universe, now: int) -> None:
        """Let a universe select from now on."""
        for moment in universe.moments(now, self._end):
            if moment not in self._due:
                insort(self.moments, moment)
            self._due.setdefault(moment, []).append(universe)

    def finish(self, universe: Universe, now: int) -> None:
        """Let go of all a universe selected, now."""
        universe.dispose()
        for universes in self._due.values():
            if universe in universes:
                universes.remove(universe)
        if now not in self._due:
            insort(self.moments, now)
        self._due.setdefault(now, []).append(universe)

    def next_due(self, now: int) -> int:
        """The first moment that is still to come, or is now and not over."""
        if not self._due:
            return NEVER
        place = bisect_right(self.moments, now - 1)
        while place < len(self.moments):
            if self.moments[place] in self._due:
                return self.moments[place]
            place += 1
        return NEVER

    def select(self, now: int) -> None:
        """Let the universes whose moment it is select; what has short bars first. After the end none does."""
        due = self._due.pop(now, [])
        if now > self._end:
            return
        due.sort(key=lambda universe: (universe.universe_settings.resolution, str(universe.symbol.id)))
        for universe in due:
            self._apply(universe, now)

    def note_delisted(self, security: Any) -> None:
        """Tell the algorithm that a security is gone, unless it was told already."""
        algorithm = self._algorithm
        if algorithm.securities.is_active(security.symbol) and not self._pending.is_pending(security):
            algorithm.changes_removed.append(security)

    def _apply(self, universe: Universe, now: int) -> None:
        symbols = [] if universe.dispose_requested else universe.select(now)
        unchanged = symbols is None or set(symbols) == universe.selected
        if not unchanged:
            universe.selected = set(symbols or ())
        for owner, member in self._pending.released(universe):
            self._remove(owner, member)
        if unchanged and not universe.dispose_requested:
            return
        self._leave_out(universe, now)
        for symbol in dict.fromkeys(symbols or ()):
            if symbol not in universe.members_by_symbol:
                self._add(universe, symbol, now)

    def _leave_out(self, universe: Universe, now: int) -> None:
        algorithm = self._algorithm
        members = sorted(
            universe.members_by_symbol.values(),
            key=lambda member: (member.security.type, member.security.symbol.id),
        )
        for member in members:
            security = member.security
            if security.symbol in (universe.selected or ()):
                continue
            if not (security.is_delisted or universe.can_remove_member(now, member)):
                continue
            if not security.is_delisted and not self._pending.is_pending(security):
                algorithm.changes_removed.append(security)
            if self._pending.try_remove(universe, member):
                self._remove(universe, member)

    def _remove(self, universe: Universe, member: Member) -> None:
        security = member.security
        universe.members_by_symbol.pop(security.symbol, None)
        others = (other for other in self._algorithm.universe_manager.universes if other is not universe)
        wanted = security.symbol in self._algorithm.user_symbols
        if wanted or any(security.symbol in other.members_by_symbol for other in others):
            return
        self._algorithm.unfollow(security)

    def _add(self, universe: Universe, symbol: Any, now: int) -> None:
        algorithm, settings = self._algorithm, universe.universe_settings
        underlying = None
        if is_option(symbol.security_type):
            underlying = algorithm.securities.known(symbol.underlying)
        mode = settings.data_normalization_mode
        terms = (settings.resolution, settings.fill_forward, settings.extended_market_hours, mode)
        configs = algorithm._configs(symbol, *terms)
        security = algorithm._follow(symbol, configs, settings.leverage, underlying, by_universe=True)
        if underlying is not None:
            security.underlying = underlying
        universe.configure(security)
        universe.members_by_symbol[symbol] = Member(security, now)
