"""The state of trading that is saved: positions, working orders, and the machines that work them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Self, TypeVar

from pydantic import BaseModel, ConfigDict

from trading.state.snapshot import Snapshot, restored

S = TypeVar("S", bound=Snapshot)


class OrderStatus(StrEnum):
    """How far an order is known to have come."""

    INTENDED = "intended"
    """Written down, and about to be sent: the broker may or may not have it."""

    SENT = "sent"
    """LEAN has taken it."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Position(_Record):
    """What is held of a security.

    Attributes:
        symbol: LEAN's security identifier, `str(symbol.id)`.
        quantity: signed units.
    """

    symbol: str
    quantity: float


class OrderDraft(_Record):
    """An order before it is sent.

    Attributes:
        symbol: LEAN's security identifier, `str(symbol.id)`.
        quantity: signed units.
        owner: id of the machine that works it; "" for none.
        purpose: what it is for, such as ``debit_leg``.
        order_type: LEAN's name, such as ``LIMIT``.
        limit_price: None unless it has one; `stop_price` likewise.
    """

    symbol: str
    quantity: float
    owner: str
    purpose: str
    order_type: str = "MARKET"
    limit_price: float | None = None
    stop_price: float | None = None


class WorkingOrder(OrderDraft):
    """An order that is not known to be closed.

    Attributes:
        tag: its idempotency key: unique for ever, sent with the order, never sent twice.
        filled: signed units so far.
        broker_ids: as the brokerage calls it; empty until known.
        intended_at: when it was written down, UTC.
    """

    tag: str
    intended_at: datetime
    status: OrderStatus = OrderStatus.INTENDED
    filled: float = 0.0
    broker_ids: tuple[str, ...] = ()

    @property
    def remaining(self) -> float:
        """Signed units that are not filled."""
        return self.quantity - self.filled


class MachineRecord(_Record):
    """A state machine's state: a snapshot with its kind and version, so that a newer code can read it."""

    id: str
    kind: str
    version: int
    values: dict[str, Any]

    @classmethod
    def of(cls, identity: str, snapshot: Snapshot) -> Self:
        """The record of a machine."""
        values = snapshot.model_dump(mode="json")
        return cls(id=identity, kind=snapshot.kind, version=snapshot.version, values=values)

    def restore(self, model: type[S]) -> S:
        """The snapshot. Raises SchemaError as `restored` does."""
        return restored(model, self.kind, self.version, self.values, f"machine {self.id}")


class TradingState(Snapshot):
    """All that a restarted algorithm needs to go on.

    Attributes:
        run: number of the run that wrote it; stands in the tags of its orders.
        orders_made: how many orders that run has written down.
        positions: what is held, as far as fills were reported; none of zero.
    """

    kind = "trading_state"
    version = 1

    run: int = 0
    orders_made: int = 0
    positions: tuple[Position, ...] = ()
    orders: tuple[WorkingOrder, ...] = ()
    machines: tuple[MachineRecord, ...] = ()

    def holdings(self) -> Mapping[str, float]:
        """Signed units by symbol."""
        return {position.symbol: position.quantity for position in self.positions}


_DIGITS: Final = 9
"""Finer than any lot; sums of fractional units are exact to it."""


def same_quantity(left: float, right: float) -> bool:
    """Whether two quantities are equal, sums of floats taken into account."""
    return round(left - right, _DIGITS) == 0


def positions_of(holdings: Mapping[str, float]) -> tuple[Position, ...]:
    """Positions by symbol, without those of zero."""
    return tuple(
        Position(symbol=symbol, quantity=round(quantity, _DIGITS))
        for symbol, quantity in sorted(holdings.items())
        if not same_quantity(quantity, 0.0)
    )
