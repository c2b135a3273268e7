"""Events turned into orders: the LEAN-side twin of `trading.simulation`.

The executor compares what should be with what is. Should be: a goal (the position an event asked for, until
its order is sent) and a plan (side and exits of the position). Is: LEAN's position and open orders, read anew
each time. So a restart, a partial fill, a rejected order or a fill that crosses a cancellation leads to the
same place, and nothing is sent twice.

Live, LEAN reports orders on the broker's thread while the algorithm's own thread takes in bars; a lock keeps
one of them settling at a time.
"""

from __future__ import annotations

from threading import Lock
from typing import Any

from trading.bars import Bar
from trading.events import Event
from trading.execution.account import Account, Algorithm, OpenOrder, Terms
from trading.execution.plan import Plan, Role, plan_of, trailed
from trading.execution.sizing import entry_lots

_TRIES = 3
"""Times that a stop or target of one plan is sent before it counts as refused."""


class EventExecutor:
    """Trades one symbol, which must be its own: every order on it is taken for the executor's.

    In `on_data`, after the strategy's stepper: `observe` while LEAN warms up, `on_bar` afterwards. Hand every
    `on_order_event` on. Give the security a fill model that asks `may_fill` before a stop or limit order
    fills: LEAN has no one-cancels-other, and tests an updated stop against the bar that moved it.

    A position found at the start keeps the exits that its open orders name. Without such orders it gets those
    of the last event observed; when that event is of the other side, the position is closed.
    """

    def __init__(self, algorithm: Algorithm, symbol: Any, name: str, terms: Terms) -> None:
        """`name` begins the tags of its orders, and finds them again after a restart."""
        self._account = Account(algorithm, symbol, name, terms)
        self._goal: int | None = None  # position asked for, its order not sent yet
        self._plan: Plan | None = None  # of the position, or of the one asked for
        self._seen_side = 0  # of the last event observed during warm-up
        self._sent = {Role.STOP: 0, Role.TARGET: 0}  # orders of this plan
        self._cancelled: set[int] = set()  # order ids
        self._stop: tuple[int, float] = (0, 0.0)  # order id and price of the resting stop
        self._stop_moved: tuple[int, Any] = (0, None)  # order id and time of its last move
        self._started = False
        self._stranger = False  # the position is not known to belong to any plan: wait for an event
        self._close_tried = False
        self._bust = False
        self._known: set[int] = set()  # orders last seen open and not reported on since
        self._settling = Lock()
        self._unsettled = False

    @property
    def bust(self) -> bool:
        """Whether equity is gone and trading has stopped for good."""
        return self._bust

    def observe(self, bar: Bar, event: Event | None) -> None:
        """Take in a bar of the warm-up: nothing is sent, but the last event's plan is kept up to date."""
        if event is None or (self._plan is not None and self._plan.side == event.side):
            if self._plan is not None:
                self._plan = trailed(self._plan, bar, self._account.terms.tick_size)
            return
        self._seen_side = event.side
        self._plan = self._plan_of(event, bar.close) if self._may_enter(event) else None

    def on_bar(self, bar: Bar, event: Event | None) -> None:
        """Act on a bar that has closed, and on the event at its close, if any."""
        with self._settling:
            if not self._started:
                self._start()
            self._forget_cancelled()
            self._close_tried = False
            if self._bust:
                pass
            elif self._account.equity <= 0:
                self._halt()
            elif event is None or not self._turn(event, bar.close):
                self._trail(bar)
        self._settle()

    def on_order_event(self, order_event: Any) -> None:
        """Act on what became of an order; events of other symbols are ignored."""
        if self._started and self._account.owns(order_event.symbol):
            self._known.discard(order_event.order_id)
            self._settle()

    def may_fill(self, order: Any) -> bool:
        """Whether a resting order may fill now: it reduces the position, and was not moved just now."""
        lots, position = self._account.lots(order.quantity), self._account.position
        reduces = lots * position < 0 and abs(lots) <= abs(position)
        return reduces and self._stop_moved != (order.id, self._account.now)

    def _start(self) -> None:
        """Take over the position and the orders that are there."""
        self._started = True
        observed, self._plan = self._plan, None
        position = self._account.position
        orders = self._account.open_orders()
        known = [order for order in orders if order.plan is not None]
        if any(order.role is Role.ENTRY for order in known):
            self._plan = next(order.plan for order in known if order.role is Role.ENTRY)
        elif any(order.role is Role.CLOSE for order in orders):
            self._account.log("a close is on its way")
        elif position and self._seen_side * position < 0:
            self._account.log("closing a position whose closing event was missed")
            self._goal = 0
        elif position:
            plan = next((order.plan for order in known), observed)
            if plan is not None and plan.side * position > 0:
                self._adopt(plan, orders)
            else:
                self._stranger = True
                self._account.error(
                    f"position of {self._account.quantity} without known exits: kept as it is"
                )

    def _adopt(self, plan: Plan, orders: list[OpenOrder]) -> None:
        self._plan = plan
        self._cancel([order for order in orders if order.role is None])
        stop = next((order for order in orders if order.role is Role.STOP), None)
        if stop is not None:
            self._stop = (stop.id, self._account.stop_price(stop))
            self._plan = plan._replace(stop=self._stop[1])

    def _turn(self, event: Event, close: float) -> bool:
        """Set goal and plan from an event; False when it changes nothing."""
        held = self._held_side()
        if held == event.side:
            return False
        lots = 0
        if self._may_enter(event):
            terms = self._account.terms
            equity = self._account.equity_once_flat()
            lots = entry_lots(terms.allocation, equity, close, terms.lot_size)
        if held == 0 and lots == 0:
            return False
        self._set_goal(event.side * lots, self._plan_of(event, close) if lots else None)
        return True

    def _set_goal(self, goal: int, plan: Plan | None) -> None:
        self._goal = goal
        self._plan = plan
        self._sent = dict.fromkeys(self._sent, 0)
        self._stranger = False

    def _held_side(self) -> int:
        """Side of the position, or of the one that is on its way."""
        if self._goal is not None:
            held = self._goal
        elif self._plan is not None:
            held = self._plan.side
        elif any(order.role is Role.CLOSE for order in self._account.open_orders()):
            held = 0
        else:
            held = self._account.position
        return (held > 0) - (held < 0)

    def _may_enter(self, event: Event) -> bool:
        return event.enter and (event.side > 0 or self._account.terms.can_short)

    def _plan_of(self, event: Event, close: float) -> Plan:
        return plan_of(event, close, self._account.terms.tick_size)

    def _trail(self, bar: Bar) -> None:
        if self._goal is None and self._plan is not None and self._plan.side * self._account.position > 0:
            self._plan = trailed(self._plan, bar, self._account.terms.tick_size)

    def _halt(self) -> None:
        self._bust = True
        self._account.error("equity is gone: closing the position, no more trades")
        self._set_goal(0, None)

    def _forget_cancelled(self) -> None:
        """A broker may refuse to cancel, so ask again on the next bar; a backtest never refuses."""
        still_open = {order.id for order in self._account.open_orders()}
        self._cancelled = set() if self._account.live else self._cancelled & still_open

    def _settle(self) -> None:
        """Bring orders in line with goal and plan; LEAN reports orders from within calls that send them."""
        self._unsettled = True
        while self._unsettled and self._settling.acquire(blocking=False):
            try:
                self._unsettled = False
                self._reconcile()
            finally:
                self._settling.release()

    def _reconcile(self) -> None:
        orders = self._account.open_orders()
        still_open = {order.id for order in orders}
        if self._account.live and self._known - still_open:
            return  # a fill is just being booked, the position may not show it yet: its report follows
        self._known = still_open
        if self._goal is not None:
            self._cancel(orders)
            # With a broker a resting order may fill before its cancellation arrives: the size of the market
            # order is known only afterwards. A backtest cancels before it fills anything else.
            if not (self._account.live and self._account.open_orders()):
                self._send_goal(self._goal)
            return
        if any(
            order.role in (Role.ENTRY, Role.CLOSE) and order.id not in self._cancelled for order in orders
        ):
            return
        if self._account.position == 0:
            self._plan = None
            self._stranger = False
            self._cancel(orders)
        elif not self._stranger:
            self._protect([order for order in orders if order.id not in self._cancelled])

    def _send_goal(self, goal: int) -> None:
        self._goal = None
        self._unsettled = True
        lots = goal - self._account.position
        if lots == 0:
            return
        self._account.trade(lots, Role.ENTRY if goal else Role.CLOSE, self._plan)
        # Waits for the open: LEAN fills no order on the bar it was sent on, and the stop is in force on the
        # bar of the entry. A broker, though, might fill a stop without a position.
        if goal and self._account.position != goal and not self._account.live:
            for role in (Role.STOP, Role.TARGET):
                self._rest(role, goal)

    def _protect(self, orders: list[OpenOrder]) -> None:
        """Have the plan's stop and target rest, the stop sent first, each as large as the position."""
        plan, position = self._plan, self._account.position
        if plan is None or plan.side * position < 0:
            self._close("the position is not the one asked for")
            return
        resting: dict[Role | None, OpenOrder] = {}
        for order in orders:
            wanted = {Role.STOP: plan.stop, Role.TARGET: plan.target}.get(order.role or Role.ENTRY, 0.0) > 0
            if wanted and order.role not in resting:
                resting[order.role] = order
            else:
                self._cancel([order])
        if plan.stop > 0 and Role.STOP not in resting and Role.TARGET in resting:
            # LEAN tests the older order first, and the stop has precedence.
            self._cancel([resting.pop(Role.TARGET)])
            self._sent[Role.TARGET] -= 1
        for role in (Role.STOP, Role.TARGET):
            if role not in resting:
                self._rest(role, position)
            elif self._account.remaining(resting[role]) != -position:
                self._account.resize(resting[role], -position)
        if Role.STOP in resting:
            self._move_stop(resting[Role.STOP], plan.stop)

    def _rest(self, role: Role, position: int) -> None:
        """Send the plan's stop or target for a position, if it has one."""
        plan = self._plan
        if plan is None or (plan.stop if role is Role.STOP else plan.target) <= 0:
            return
        self._sent[role] += 1
        if self._sent[role] > _TRIES:
            if role is Role.STOP:
                self._close("the stop was refused")
            elif self._sent[role] == _TRIES + 1:
                self._account.error("the target was refused: the position goes without")
            return
        order_id = self._account.rest(-position, role, plan)
        if role is Role.STOP:
            self._stop = (order_id, plan.stop)

    def _move_stop(self, order: OpenOrder, price: float) -> None:
        if self._stop != (order.id, price):
            self._stop = (order.id, price)
            self._stop_moved = (order.id, self._account.now)
            order.ticket.update_stop_price(price)

    def _close(self, reason: str) -> None:
        """Close the position at the market, at most once a bar."""
        if not self._close_tried:
            self._close_tried = True
            self._account.error(f"{reason}: closing {self._account.quantity}")
            self._set_goal(0, None)
            self._unsettled = True

    def _cancel(self, orders: list[OpenOrder]) -> None:
        for order in orders:
            if order.id not in self._cancelled:
                self._cancelled.add(order.id)
                order.ticket.cancel()
