"""The exits of a position, and how an order's tag carries them past a restart."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from trading.bars import Bar
from trading.events import Event
from trading.simulation.brackets import NONE, rounded


class Role(StrEnum):
    """What an order is for."""

    ENTRY = "entry"
    """Opens a position; when it reverses one, it closes the old position too."""
    CLOSE = "close"
    STOP = "stop"
    TARGET = "target"


class Plan(NamedTuple):
    """Side and exits of a position, on the tick; 0 = none.

    Attributes:
        side: +1 long, -1 short.
        stop: price of the stop, moved along when it trails.
        target: price of the profit target.
        trail: distance of a trailing stop in price units.
    """

    side: int
    stop: float
    target: float
    trail: float


def plan_of(event: Event, close: float, tick: float) -> Plan:
    """The plan of a position that `event` opens; a trailing stop without a fixed one starts at `close`."""
    stop = rounded(event.stop, tick)
    if stop == NONE and event.trail > 0:
        stop = rounded(close - event.side * event.trail, tick)
    return Plan(event.side, stop, rounded(event.target, tick), event.trail)


def trailed(plan: Plan, bar: Bar, tick: float) -> Plan:
    """`plan` with its stop moved by a bar's high (long) or low (short)."""
    if plan.trail <= 0:
        return plan
    if plan.side > 0:
        return plan._replace(stop=max(plan.stop, rounded(bar.high - plan.trail, tick)))
    return plan._replace(stop=min(plan.stop, rounded(bar.low + plan.trail, tick)))


def order_tag(name: str, role: Role, plan: Plan | None) -> str:
    """Tag of an order: whose it is, what it is for, and the position's plan.

    >>> order_tag("money_line", Role.STOP, Plan(1, 99.5, 0.0, 0.0))
    'money_line|stop|1|99.5|0.0|0.0'
    """
    return "|".join((name, role, *(repr(value) for value in plan or ())))


def parse_tag(name: str, tag: str) -> tuple[Role, Plan | None] | None:
    """Role and plan of an order of `name`; None for a tag that `order_tag` did not write for it."""
    owner, _, rest = tag.partition("|")
    role, *values = rest.split("|")
    if owner != name or role not in set(Role) or len(values) not in (0, 4):
        return None
    try:
        plan = Plan(int(values[0]), *(float(value) for value in values[1:])) if values else None
    except ValueError:
        return None
    return Role(role), plan
