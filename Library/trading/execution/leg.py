"""One contract of a spread, brought to a target by one order at a time.

An order that rests too long is cancelled; the next is sent only when the broker has confirmed that nothing
more comes of the last one, and for what is then missing. So a fill that crosses a cancellation is counted
before anything is sent again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from trading.execution.order_record import OrderRecord, OrderState, OrderUpdate, Record

UNANSWERED = 3
"""Requests to cancel after which an order is reported as unanswered."""


class Contract(Record):
    """A listed option on a US share.

    Attributes:
        right: ``call`` or ``put``.
        strike: per share.
        expiry: last day it is traded.
    """

    underlying: str
    right: str
    strike: float
    expiry: date

    def __str__(self) -> str:
        return f"{self.underlying} {self.expiry:%y%m%d} {self.right[0].upper()}{self.strike:g}"


class Leg(Record):
    """A contract, its orders, and the work on the present target.

    Attributes:
        role: ``long`` or ``short``; part of its orders' tags.
        orders: all of them, the oldest first.
        tries: orders sent for the present target, and chances let pass for want of a quote.
        not_before: no order is sent before this moment of the clock.
    """

    contract: Contract
    role: str
    orders: tuple[OrderRecord, ...] = ()
    tries: int = 0
    not_before: float = 0.0

    @property
    def filled(self) -> int:
        """Contracts held, signed."""
        return sum(order.filled for order in self.orders)

    @property
    def live(self) -> bool:
        """Whether an order is not done."""
        return any(not order.done for order in self.orders)

    def average_price(self, side: int) -> float:
        """Of all contracts bought (+1) or sold (−1), per share; 0 when there are none."""
        fills = [(abs(order.filled), order.average_price) for order in self.orders if order.filled * side > 0]
        quantity = sum(count for count, _ in fills)
        return sum(count * price for count, price in fills) / quantity if quantity else 0.0

    @property
    def paid(self) -> float:
        """What its fills cost in all, per share and contract; negative: they brought money."""
        return sum(order.filled * order.average_price for order in self.orders)

    def updated(self, update: OrderUpdate) -> Leg:
        """With the broker's word on one of its orders."""
        orders = tuple(order.updated(update) if order.tag == update.tag else order for order in self.orders)
        return self if orders == self.orders else self.model_copy(update={"orders": orders})

    def at_rest(self) -> Leg:
        """Ready for another target: tries are counted anew."""
        return self.model_copy(update={"tries": 0, "not_before": 0.0})


@dataclass(frozen=True)
class Submit:
    """Send an order; `limit` None: at the market."""

    tag: str
    contract: Contract
    quantity: int
    limit: float | None


@dataclass(frozen=True)
class Cancel:
    """Ask the broker to cancel an order."""

    tag: str


@dataclass(frozen=True)
class Report:
    """Something a human or a log wants to know.

    `unhedged` counts contracts without their other leg, in a report about these.
    """

    text: str
    unhedged: int | None = None


Action = Submit | Cancel | Report


class Progress(StrEnum):
    """How far the work on a target is."""

    WORKING = "working"
    REACHED = "reached"
    EXHAUSTED = "exhausted"


@dataclass(frozen=True)
class Pace:
    """How long and how often.

    Attributes:
        patience: how long an order may rest, in units of the clock (seconds live, bars in a backtest).
        max_tries: orders for one target.
    """

    patience: float
    max_tries: int


@dataclass(frozen=True)
class Price:
    """What to send: a limit with the mid it was made from, or the market."""

    limit: float | None
    mid: float = 0.0


Pricing = Callable[[int, int], Price | str]
"""From side (+1 buy, −1 sell) and tries so far to a price, or to why none is to be had now."""


def work(
    leg: Leg, target: int, now: float, can_send: bool, pace: Pace, pricing: Pricing, tag_prefix: str
) -> tuple[Leg, Progress, tuple[Action, ...]]:
    """The next step towards holding `target` contracts.

    Args:
        target: signed.
        now: by the clock.
        can_send: whether the broker is reached and the market open; nothing is sent or counted otherwise.
        tag_prefix: begins the tags of its orders.
    """
    live = [order for order in leg.orders if not order.done]
    if live:
        wrong = len(live) > 1 or live[0].remaining != target - leg.filled
        overdue = live[0].limit is not None and now - live[0].sent_at >= pace.patience
        leg, actions = stopped(leg, now, can_send, pace) if wrong or overdue else (leg, ())
        return leg, Progress.WORKING, actions
    missing = target - leg.filled
    if missing == 0:
        return leg, Progress.REACHED, ()
    if leg.tries >= pace.max_tries:
        return leg, Progress.EXHAUSTED, ()
    refused = leg.orders[-1] if leg.orders and leg.orders[-1].state is OrderState.REJECTED else None
    too_soon = now < leg.not_before or (refused is not None and now - refused.sent_at < pace.patience)
    if not can_send or too_soon:
        return leg, Progress.WORKING, ()
    price = pricing(1 if missing > 0 else -1, leg.tries)
    if isinstance(price, str):
        waiting = leg.model_copy(update={"tries": leg.tries + 1, "not_before": now + pace.patience})
        return waiting, Progress.WORKING, (Report(f"{leg.contract}: nothing sent: {price}"),)
    tag = f"{tag_prefix}|{leg.role}|{len(leg.orders) + 1}"
    order = OrderRecord(tag=tag, quantity=missing, limit=price.limit, mid=price.mid, sent_at=now)
    sent = leg.model_copy(update={"orders": (*leg.orders, order), "tries": leg.tries + 1})
    return sent, Progress.WORKING, (Submit(tag, leg.contract, missing, price.limit),)


def stopped(leg: Leg, now: float, can_send: bool, pace: Pace) -> tuple[Leg, tuple[Action, ...]]:
    """Ask for the cancellation of whatever is not done; again after a patience, until it is answered."""
    if not can_send:
        return leg, ()
    actions: list[Action] = []
    orders: list[OrderRecord] = []
    for order in leg.orders:
        waiting = order.cancel_asked_at is not None and now - order.cancel_asked_at < pace.patience
        if order.done or waiting:
            orders.append(order)
            continue
        asked = order.model_copy(update={"cancel_asked_at": now, "cancels": order.cancels + 1})
        orders.append(asked)
        actions.append(Cancel(order.tag))
        if asked.cancels == UNANSWERED:
            actions.append(Report(f"{leg.contract}: the broker does not answer: cancel {order.tag}"))
    return leg.model_copy(update={"orders": tuple(orders)}), tuple(actions)
