"""The record of orders and positions, written ahead: an order is on disk before it is sent.

    (order,) = blotter.intend(OrderDraft(...))       # saved, with a tag that is unique for ever
    ticket = algorithm.limit_order(..., tag=order.tag)
    blotter.sent(order.tag, ticket_broker_ids)
    blotter.filled(order.tag, ticket.quantity_filled)  # in on_order_event
    blotter.closed(order.tag)

Killed between any two of these lines, the restarted algorithm finds the order's tag and what was meant by it;
`reconcile` tells what became of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from trading.state.categories import Category
from trading.state.repository import Repository
from trading.state.snapshot import Snapshot, load_snapshot, save_snapshot
from trading.state.trading_state import (
    MachineRecord,
    OrderDraft,
    OrderStatus,
    TradingState,
    WorkingOrder,
    positions_of,
)

_NAME = "state"


class Blotter:
    """Working orders, positions and machines of one algorithm; every change is saved before it returns.

    `name` begins the tags. In a backtest, leave out the repository: nothing is saved, all else is the same.
    """

    def __init__(
        self,
        name: str,
        now: Callable[[], datetime],
        repository: Repository | None = None,
        state: TradingState | None = None,
    ) -> None:
        """Begin a run.

        Args:
            name: begins the tags of all orders; without ``|``.
            now: the time, UTC; live, the time of a run's start makes its tags unique.
            repository: where to save.
            state: what to go on from, as reconciled with the broker; None: nothing.
        """
        if "|" in name or not name:
            raise ValueError(
                f"name: {name!r} must not be empty or contain '|', which separates parts of a tag"
            )
        self._name = name
        self._now = now
        self._repository = repository
        before = state or TradingState()
        # Not merely the last run's number plus one: the newest state may have been lost, with its number.
        run = max(before.run + 1, int(_utc(now()).timestamp()))
        self._state = before.model_copy(update={"run": run, "orders_made": 0})
        self._filled_before = {order.tag: order.filled for order in before.orders}

    @property
    def state(self) -> TradingState:
        """As saved last."""
        return self._state

    def order(self, tag: str) -> WorkingOrder | None:
        """The working order of a tag."""
        return next((order for order in self._state.orders if order.tag == tag), None)

    def owns(self, tag: str) -> bool:
        """Whether a tag is one of this algorithm's, of this run or an earlier one."""
        return is_own_tag(tag, self._name)

    def intend(self, *drafts: OrderDraft) -> tuple[WorkingOrder, ...]:
        """Write down orders that are about to be sent, all of them or none.

        Returns:
            The orders, with the tags they must be sent with.

        Raises:
            StorageError: they are not written down, so they must not be sent.
        """
        made = self._state.orders_made
        intended = tuple(
            WorkingOrder(
                **draft.model_dump(),
                tag=f"{self._name}|{draft.owner}|{draft.purpose}|{self._state.run}.{made + number}",
                intended_at=_utc(self._now()),
            )
            for number, draft in enumerate(drafts, 1)
        )
        self._change(orders=(*self._state.orders, *intended), orders_made=made + len(drafts))
        return intended

    def sent(self, tag: str, broker_ids: Iterable[str] = ()) -> None:
        """LEAN has taken an order; no-op for a tag that is not working."""
        self._update(tag, status=OrderStatus.SENT, broker_ids=tuple(str(identity) for identity in broker_ids))

    def amended(self, tag: str, quantity: float, limit_price: float | None, stop_price: float | None) -> None:
        """A working order's quantity or prices were changed; no-op for a tag that is not working."""
        self._update(tag, quantity=quantity, limit_price=limit_price, stop_price=stop_price)

    def filled(self, tag: str, total: float) -> None:
        """An order's fills of this run add up to `total` signed units; the position follows.

        `total` is LEAN's `ticket.quantity_filled`: cumulative, so that a report that comes twice, or late,
        counts once; and it begins at zero for an order taken over from an earlier run.

        Raises:
            ValueError: `total` is no part of the order's quantity.
        """
        order = self.order(tag)
        if order is None:
            return
        before = self._filled_before.get(tag, 0.0)
        filled = before + total
        if total * order.quantity < 0 or (abs(filled) > abs(order.quantity) and not before):
            raise ValueError(f"{tag}: filled {total} of {order.quantity}: look at the account")
        if abs(filled) > abs(order.quantity):
            # The account showed a fill already, whose report followed once the run had begun.
            filled = order.quantity
        if abs(filled) <= abs(order.filled):
            return
        holdings = dict(self._state.holdings())
        holdings[order.symbol] = holdings.get(order.symbol, 0.0) + filled - order.filled
        changed = order.model_copy(update={"filled": filled})
        orders = tuple(changed if other is order else other for other in self._state.orders)
        self._change(positions=positions_of(holdings), orders=orders)

    def closed(self, tag: str) -> None:
        """An order is filled, cancelled or rejected for good. Report its last fills first."""
        orders = tuple(order for order in self._state.orders if order.tag != tag)
        if len(orders) < len(self._state.orders):
            self._change(orders=orders)

    def put_machine(self, identity: str, snapshot: Snapshot) -> None:
        """Keep the state of a machine in place of its last one."""
        record = MachineRecord.of(identity, snapshot)
        if record not in self._state.machines:
            others = tuple(machine for machine in self._state.machines if machine.id != identity)
            self._change(machines=(*others, record))

    def drop_machine(self, identity: str) -> None:
        """Forget a machine that has come to its end."""
        self._change(machines=tuple(record for record in self._state.machines if record.id != identity))

    def _update(self, tag: str, **fields: object) -> None:
        if self.order(tag) is None:
            return
        orders = tuple(
            order.model_copy(update=fields) if order.tag == tag else order for order in self._state.orders
        )
        self._change(orders=orders)

    def _change(self, **fields: object) -> None:
        """Save first: what is not saved has not happened."""
        changed = self._state.model_copy(update=fields)
        if self._repository is not None:
            save_snapshot(self._repository, Category.TRADING_STATE, _NAME, changed)
        self._state = changed


def saved_state(repository: Repository) -> tuple[TradingState, tuple[str, ...]] | None:
    """What the last run saved, and the newer generations that were damaged; None when nothing was.

    Raises:
        DamagedObjectError: something was saved, and nothing of it is whole: do not trade.
        SchemaError: it is of a version that this code does not read.
    """
    found = load_snapshot(repository, Category.TRADING_STATE, _NAME, TradingState)
    return None if found is None else (found[0], found[1].damaged)


def is_own_tag(tag: str, name: str) -> bool:
    """Whether a tag was made by the blotter of that name."""
    parts = tag.split("|")
    return len(parts) == 4 and parts[0] == name


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
