"""Securities that were left out but are still held."""

from __future__ import annotations

from typing import Any

from utils.engine.universes.universe import Member, Universe


class PendingRemovals:
    """What waits until its position is closed, its orders are done and its money is there."""

    def __init__(self, transactions: Any) -> None:
        self._transactions = transactions
        self._waiting: list[tuple[Universe, Member]] = []

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def is_pending(self, security: Any) -> bool:
        """Whether a security waits."""
        return any(member.security.symbol == security.symbol for _, member in self._waiting)

    def try_remove(self, universe: Universe, member: Member) -> bool:
        """Whether a member may go now; if not it waits."""
        if self._is_safe(universe, member):
            return True
        if not any(other is member for _, other in self._waiting):
            self._waiting.append((universe, member))
        return False

    def released(self, universe: Universe) -> list[tuple[Universe, Member]]:
        """Members that may go by now, of any universe; those that this one selects again wait no more."""
        selected = universe.selected or set()
        safe, waiting = [], []
        for owner, member in self._waiting:
            if self._is_safe(owner, member):
                safe.append((owner, member))
            elif not (owner is universe and member.security.symbol in selected):
                waiting.append((owner, member))
        self._waiting = waiting
        return safe

    def _is_safe(self, universe: Universe, member: Member) -> bool:
        security = member.security
        target = security.holdings.target
        if security.holdings.invested or self._transactions.get_open_orders(security.symbol):
            return False
        if target is not None and target.quantity != 0:
            return False
        for symbol, other in universe.members_by_symbol.items():
            if symbol.underlying == security.symbol and not self._is_safe(universe, other):
                return False
        unsettled = security.settlement_model.get_unsettled_cash()
        return unsettled is None or not unsettled.amount > 0
