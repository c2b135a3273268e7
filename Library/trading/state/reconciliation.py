"""What became of positions and orders while nobody looked: the saved state against the account.

The account is right, always: positions come out as it holds them. The question is what explains a difference,
so that machines hear of the fills they missed and nothing is ordered a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import combinations
from typing import Final

from trading.state.blotter import is_own_tag
from trading.state.brokerage_view import BrokerageView
from trading.state.matching import Matching, match_orders
from trading.state.trading_state import (
    OrderStatus,
    TradingState,
    WorkingOrder,
    positions_of,
    same_quantity,
)

GRACE: Final = timedelta(seconds=30)
"""An order written down so recently may be on its way to the broker, and not shown yet."""

_MOST_GONE: Final = 12
"""Orders of one symbol gone at once whose fills are told apart; 2¹² subsets are tried at most."""


class FindingKind(StrEnum):
    """What was found out about an order or a position."""

    ADOPT = "adopt"
    """An order written down is working: go on with it."""

    ORPHAN = "orphan"
    """An order with this algorithm's tag is working, and was not written down (an older state was read)."""

    UNKNOWN_ORDER = "unknown order"
    """An order that is not this algorithm's is working."""

    MISSING_FILL = "missing fill"
    """An order was filled, in whole or in part, and nobody was told."""

    ORDER_GONE = "order gone"
    """An order is not working, with no more fills than are known: never sent, cancelled, or rejected."""

    UNKNOWN_POSITION = "unknown position"
    """A holding differs from the saved one as no order explains: expiry, assignment, somebody's trade."""

    UNRESOLVED = "unresolved"
    """What became of an order cannot be told now: send nothing in its place, look again."""


@dataclass(frozen=True)
class Finding:
    """One thing found out.

    Attributes:
        quantity: signed units: of a missing fill, of a position's difference, else of the order.
        order: as written down, before the finding; None for what is not.
        reason: for a person.
    """

    kind: FindingKind
    symbol: str
    quantity: float
    reason: str
    tag: str = ""
    order: WorkingOrder | None = None

    def __str__(self) -> str:
        named = f" [{self.tag}]" if self.tag else ""
        return f"{self.kind}: {self.symbol} {self.quantity:+g}{named}: {self.reason}"


@dataclass(frozen=True)
class Reconciliation:
    """The findings, and the state to go on from.

    Attributes:
        state: positions as the account has them, fills added to orders, orders that are gone left out.
    """

    findings: tuple[Finding, ...]
    state: TradingState

    def of(self, *kinds: FindingKind) -> tuple[Finding, ...]:
        """The findings of these kinds."""
        return tuple(finding for finding in self.findings if finding.kind in kinds)

    @property
    def settled(self) -> bool:
        """Whether the fate of every order is known. If not: trade nothing, and reconcile again later."""
        return not self.of(FindingKind.UNRESOLVED)

    @property
    def explained(self) -> bool:
        """Whether nothing is there that this algorithm did not do."""
        return not self.of(
            FindingKind.UNKNOWN_POSITION,
            FindingKind.UNKNOWN_ORDER,
            FindingKind.ORPHAN,
            FindingKind.UNRESOLVED,
        )


def reconcile(state: TradingState, view: BrokerageView, name: str, now: datetime) -> Reconciliation:
    """Compare the saved state with the account.

    Args:
        state: as the last run saved it.
        view: the account now, after LEAN has asked the brokerage.
        name: the blotter's, which begins the tags of its orders.
        now: the time, UTC.
    """
    now = now if now.tzinfo else now.replace(tzinfo=UTC)
    matching = match_orders(state.orders, view.orders)
    reasons = {order.tag: reason for order, _, reason in matching.pairs}
    open_orders = [order for order, _, _ in matching.pairs]
    held = state.holdings()
    findings: list[Finding] = []
    after: dict[str, WorkingOrder] = {order.tag: order for order in state.orders}
    for symbol in sorted({*held, *view.holdings, *(order.symbol for order in state.orders)}):
        difference = view.holdings.get(symbol, 0.0) - held.get(symbol, 0.0)
        missing = [order for order in matching.missing if order.symbol == symbol]
        working = [order for order in open_orders if order.symbol == symbol]
        unclear = [order for order in matching.ambiguous if order.symbol == symbol]
        fills = _attributed(difference, missing, working) if not unclear else None
        unsure = fills is None and not same_quantity(difference, 0.0)
        if unsure:
            findings.append(_unknown_position(symbol, difference, held.get(symbol, 0.0)))
        fills = fills or {}
        for order in missing + working:
            fill = fills.get(order.tag, 0.0)
            if fill:
                findings.append(_missing_fill(order, fill))
                after[order.tag] = order.model_copy(update={"filled": order.filled + fill})
        for order in missing:
            # One of several orders may have been filled, and nobody can say which.
            may_be_filled = unsure and order.remaining * difference > 0
            finding = _absent(order, fills.get(order.tag, 0.0), now, unsure=may_be_filled)
            findings.append(finding)
            if finding.kind is FindingKind.ORDER_GONE:
                del after[order.tag]
        findings += [_adopted(order, reasons[order.tag]) for order in working]
        findings += [_ambiguous(order) for order in unclear]
    for order, other, _ in matching.pairs:
        adopted = after[order.tag]
        fields = {"status": OrderStatus.SENT, "broker_ids": other.broker_ids or order.broker_ids}
        after[order.tag] = adopted.model_copy(update=fields)
    findings += _strangers(matching, name)
    reconciled = state.model_copy(
        update={"positions": positions_of(view.holdings), "orders": tuple(after.values())}
    )
    return Reconciliation(tuple(findings), reconciled)


def _attributed(
    difference: float, missing: Sequence[WorkingOrder], working: Sequence[WorkingOrder]
) -> dict[str, float] | None:
    """Fills by tag that explain a difference of holdings; None when none do, or more than one way does.

    Orders that are gone are taken to be filled wholly, as many as add up; failing that, one order alone, gone
    or working, to be filled in part.
    """
    if same_quantity(difference, 0.0):
        return {}
    whole = _exact_subsets(difference, missing[:_MOST_GONE])
    if len(whole) == 1 and len(missing) <= _MOST_GONE:
        return {order.tag: order.remaining for order in whole[0]}
    partial = [
        order
        for order in (*missing, *working)
        if order.remaining * difference > 0 and abs(difference) <= abs(order.remaining)
    ]
    if not whole and len(partial) == 1:
        return {partial[0].tag: difference}
    return None


def _exact_subsets(difference: float, orders: Sequence[WorkingOrder]) -> list[Sequence[WorkingOrder]]:
    return [
        subset
        for size in range(1, len(orders) + 1)
        for subset in combinations(orders, size)
        if same_quantity(sum(order.remaining for order in subset), difference)
    ]


def _absent(order: WorkingOrder, fill: float, now: datetime, *, unsure: bool) -> Finding:
    """What an order that is not among the open ones has come to."""
    done = same_quantity(order.remaining, fill)
    if not fill and not done and unsure:
        reason = "the holding has changed as several orders could explain: close or confirm by hand"
        return Finding(FindingKind.UNRESOLVED, order.symbol, order.quantity, reason, order.tag, order)
    if not fill and not done and now - order.intended_at < GRACE:
        reason = "written down moments ago: the broker may not show it yet"
        return Finding(FindingKind.UNRESOLVED, order.symbol, order.quantity, reason, order.tag, order)
    reason = (
        "filled"
        if done
        else "filled in part, the rest cancelled"
        if fill
        else "never sent, cancelled or rejected"
    )
    return Finding(FindingKind.ORDER_GONE, order.symbol, order.quantity, reason, order.tag, order)


def _missing_fill(order: WorkingOrder, fill: float) -> Finding:
    reason = f"{order.filled + fill:g} of {order.quantity:g} are filled, {order.filled:g} were known"
    return Finding(FindingKind.MISSING_FILL, order.symbol, fill, reason, order.tag, order)


def _adopted(order: WorkingOrder, reason: str) -> Finding:
    return Finding(
        FindingKind.ADOPT, order.symbol, order.quantity, f"known by its {reason}", order.tag, order
    )


def _ambiguous(order: WorkingOrder) -> Finding:
    reason = "the account has another number of orders like it, without tags: close or confirm them by hand"
    return Finding(FindingKind.UNRESOLVED, order.symbol, order.quantity, reason, order.tag, order)


def _unknown_position(symbol: str, difference: float, held: float) -> Finding:
    reason = f"{held + difference:g} held, {held:g} saved, and no order explains it"
    return Finding(FindingKind.UNKNOWN_POSITION, symbol, difference, reason)


def _strangers(matching: Matching, name: str) -> Iterable[Finding]:
    for other in matching.strangers:
        own = is_own_tag(other.tag, name)
        kind = FindingKind.ORPHAN if own else FindingKind.UNKNOWN_ORDER
        reason = "carries our tag, and the saved state has no record of it" if own else "not ours"
        yield Finding(kind, other.symbol, other.quantity, reason, other.tag)
