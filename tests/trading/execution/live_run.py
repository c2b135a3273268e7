"""An executor on a double of LEAN, and what a test asks of them."""

from __future__ import annotations

from tests.trading.execution.lean_double import Lean, Order, Quote
from trading.bars import Bar
from trading.events import Event
from trading.execution.account import Terms
from trading.execution.executor import EventExecutor

PRICE = 100.0
BAR = Bar(PRICE, PRICE, PRICE, PRICE, 1.0, 0)
FLAT = Quote(PRICE, PRICE, PRICE, PRICE, PRICE, PRICE, open_at_close=True)
SHUT = FLAT._replace(open_at_close=False)


def traded(lean: Lean, *, can_short: bool = True) -> EventExecutor:
    return lean.attach("test", Terms(1.0, 0.01, can_short, lambda _quantity, _price: 0.0))


def live() -> tuple[Lean, EventExecutor]:
    lean = Lean(live_mode=True, quote=FLAT)
    return lean, traded(lean)


def up(**levels: float) -> Event:
    return Event(0, 1, True, levels.get("stop", 0.0), levels.get("target", 0.0), levels.get("trail", 0.0))


def down(**levels: float) -> Event:
    return up(**levels)._replace(side=-1)


def resting(lean: Lean) -> dict[str, tuple[float, float]]:
    """What is left of each open order, and its price, by role."""
    found = {order.role: (order.remaining, order.price) for order in lean.open_orders()}
    assert len(found) == len(lean.open_orders()), "two orders of one role"
    return found


def only(lean: Lean) -> Order:
    (order,) = lean.open_orders()
    return order


def deliver_requests(lean: Lean) -> None:
    while lean.requests:
        lean.apply(*lean.requests.pop(0))


def restarted(lean: Lean, *observed: Event | None) -> EventExecutor:
    executor = traded(lean)
    for event in observed:
        executor.observe(BAR, event)
    return executor
