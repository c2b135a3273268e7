"""A spread against its broker, who is right: after a restart, and whenever it is at rest."""

from __future__ import annotations

from collections.abc import Mapping

from trading.execution.leg import Action, Contract, Leg, Report
from trading.execution.order_record import OrderRecord, OrderState, OrderUpdate
from trading.execution.spread import Adjustment, Market, Rules, Spread, Tick, adjusted, advance


def resumed(
    spread: Spread,
    updates: Mapping[str, OrderUpdate],
    holdings: Mapping[Contract, int],
    market: Market,
    rules: Rules,
) -> tuple[Spread, tuple[Action, ...]]:
    """The saved spread brought up to date, and what to do.

    An order that the broker does not know was never sent, or is done: what it may have filled shows in the
    holdings. Contracts that no order explains came or went by assignment, exercise, expiry or another hand;
    they are taken as they are, and reported.

    Args:
        updates: the broker's word on orders it has, by tag.
        holdings: contracts held; a contract belongs to one spread only.
    """
    reports: list[Action] = []
    legs: dict[str, Leg] = {}
    for leg in (spread.long, spread.short):
        for update in updates.values():
            leg = leg.updated(update)  # noqa: PLW2901
        known = leg.model_copy(
            update={
                "not_before": market.now,
                "orders": tuple(_anew(order, market.now) for order in leg.orders),
            }
        )
        legs[leg.role] = _explained(spread.id, known, updates, holdings.get(leg.contract, 0), reports)
    spread = spread.model_copy(update=legs)
    spread, actions = advance(spread, Tick(), market, rules)
    return spread, (*reports, *actions)


def unexplained(spread: Spread, holdings: Mapping[Contract, int]) -> tuple[Adjustment, ...]:
    """How the holdings differ from what a spread at rest counts, by assignment, exercise or another hand.

    Ask when all reports of orders have been heard: a fill that was not heard looks the same.
    """
    return tuple(
        Adjustment(leg.role, missing, 0.0, "the broker's holdings")
        for leg in (spread.long, spread.short)
        if (missing := holdings.get(leg.contract, 0) - leg.filled)
    )


def _anew(order: OrderRecord, now: float) -> OrderRecord:
    """Its time begins anew: the clock may be another one."""
    if order.done:
        return order
    return order.model_copy(update={"sent_at": now, "cancel_asked_at": None, "cancels": 0})


def _explained(
    spread_id: str, leg: Leg, updates: Mapping[str, OrderUpdate], held: int, reports: list[Action]
) -> Leg:
    """The leg with fills that happened meanwhile, so that it counts what is held."""
    orders: list[OrderRecord] = []
    missing = held - leg.filled
    for order in leg.orders:
        if order.done:
            orders.append(order)
            continue
        some = _within(missing, order.remaining)
        missing -= some
        filled = order.filled + some
        price = order.average_price if some == 0 or order.filled else order.limit or order.mid
        update = OrderUpdate(tag=order.tag, state=order.state, filled=filled, average_price=price)
        if order.tag not in updates:
            update = update.model_copy(update={"state": OrderState.LOST})
        if some:
            reports.append(
                Report(f"{spread_id}: {order.tag} filled {some:+d} meanwhile, taken at {price:.2f}")
            )
        elif order.tag not in updates:
            reports.append(Report(f"{spread_id}: the broker does not know {order.tag}"))
        orders.append(order.updated(update))
    leg = leg.model_copy(update={"orders": tuple(orders)})
    if missing:
        reports.append(Report(f"{spread_id}: {leg.contract}: {missing:+d} contracts that no order explains"))
        leg = adjusted(leg, spread_id, Adjustment(leg.role, missing, 0.0, "the broker's holdings"))
    return leg


def _within(missing: int, remaining: int) -> int:
    """As much of `missing` as fits into `remaining`, of its sign."""
    if missing * remaining <= 0:
        return 0
    return missing if abs(missing) <= abs(remaining) else remaining
