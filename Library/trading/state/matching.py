"""Which open order of the account is which order that was written down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trading.state.brokerage_view import BrokerOrder
from trading.state.trading_state import WorkingOrder


@dataclass(frozen=True)
class Matching:
    """Pairs, and what is left on either side.

    Attributes:
        pairs: an order written down, the account's, and by what they were matched.
        missing: written down, and not among the account's open orders.
        ambiguous: written down, and like several of the account's open orders, or the other way round.
        strangers: the account's, and not written down.
    """

    pairs: tuple[tuple[WorkingOrder, BrokerOrder, str], ...]
    missing: tuple[WorkingOrder, ...]
    ambiguous: tuple[WorkingOrder, ...]
    strangers: tuple[BrokerOrder, ...]


def match_orders(written: Sequence[WorkingOrder], present: Sequence[BrokerOrder]) -> Matching:
    """Match by tag, then by the brokerage's id, then, for orders without a tag, by what was ordered.

    Not every brokerage gives tags back after a restart. Orders that differ in quantity only are matched by
    size when there are as many of them on both sides; otherwise nobody can tell which of them are gone, and
    they are ambiguous.
    """
    pairs: list[tuple[WorkingOrder, BrokerOrder, str]] = []
    left, right = list(written), list(present)
    for reason, same in (("tag", _same_tag), ("broker id", _same_broker_id)):
        for order in tuple(left):
            found = next((other for other in right if same(order, other)), None)
            if found is not None:
                pairs.append((order, found, reason))
                left.remove(order)
                right.remove(found)
    ambiguous: list[WorkingOrder] = []
    for alike in _by_terms(left):
        candidates = [other for other in right if not other.tag and _may_be(other, alike)]
        if len(candidates) == len(alike):
            candidates.sort(key=lambda other: abs(other.quantity))
            pairs += [(order, other, "terms") for order, other in zip(alike, candidates, strict=True)]
        elif candidates:
            ambiguous += alike
        if candidates:
            left = [order for order in left if order not in alike]
            right = [other for other in right if other not in candidates]
    return Matching(tuple(pairs), tuple(left), tuple(ambiguous), tuple(right))


def _same_tag(order: WorkingOrder, other: BrokerOrder) -> bool:
    return order.tag == other.tag


def _same_broker_id(order: WorkingOrder, other: BrokerOrder) -> bool:
    return bool(set(order.broker_ids) & set(other.broker_ids)) and order.symbol == other.symbol


def _may_be(other: BrokerOrder, alike: Sequence[WorkingOrder]) -> bool:
    # LEAN may show the whole quantity of a partly filled order, or what is left of it.
    return _terms(other) == _terms(alike[0]) and abs(other.quantity) <= abs(alike[-1].quantity)


def _terms(order: WorkingOrder | BrokerOrder) -> tuple[object, ...]:
    return order.symbol, order.quantity > 0, order.order_type, order.limit_price, order.stop_price


def _by_terms(orders: Iterable[WorkingOrder]) -> list[list[WorkingOrder]]:
    """Orders that differ in quantity only, the smallest first."""
    groups: defaultdict[tuple[object, ...], list[WorkingOrder]] = defaultdict(list)
    for order in sorted(orders, key=lambda order: abs(order.quantity)):
        groups[_terms(order)].append(order)
    return list(groups.values())
