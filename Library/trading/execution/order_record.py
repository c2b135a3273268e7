"""One order as its sender knows it, and what a broker says of it.

A broker's word is taken as a snapshot, not as a step: an update tells how much of an order has filled in all,
so the same update twice, or an older one after a newer one, changes nothing.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class OrderState(StrEnum):
    """Where an order stands."""

    SENT = "sent"
    """On its way: it may be with the broker, or not."""
    OPEN = "open"
    FILLED = "filled"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    LOST = "lost"
    """Not known to the broker when the algorithm came back: it was never sent."""


DONE = frozenset({OrderState.FILLED, OrderState.CANCELLED, OrderState.REJECTED, OrderState.LOST})


class Record(BaseModel):
    """Frozen, and the same after a trip through JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class OrderUpdate(Record):
    """What the broker has of an order, all fills included.

    Attributes:
        tag: the order's.
        state: as the broker has it.
        filled: contracts so far, signed.
        average_price: of those, per share.
        message: the broker's words, such as why it refused.
    """

    tag: str
    state: OrderState
    filled: int = 0
    average_price: float = 0.0
    message: str = ""


class OrderRecord(Record):
    """An order and what became of it.

    Attributes:
        tag: names the order; no two orders share one, and it survives a restart with the broker.
        quantity: contracts, signed.
        limit: price per share; None: at the market.
        mid: of the quote when it was sent; 0 when there was none.
        sent_at: by the clock of its sender.
        cancel_asked_at: when its cancellation was last asked for.
        cancels: how often it was.
    """

    tag: str
    quantity: int
    limit: float | None
    mid: float
    sent_at: float
    state: OrderState = OrderState.SENT
    filled: int = 0
    average_price: float = 0.0
    cancel_asked_at: float | None = None
    cancels: int = 0
    message: str = ""

    @property
    def done(self) -> bool:
        """Whether nothing more is expected of it."""
        return self.state in DONE

    @property
    def remaining(self) -> int:
        """Contracts not filled, signed."""
        return self.quantity - self.filled

    def updated(self, update: OrderUpdate) -> OrderRecord:
        """With the broker's word: fills never become fewer, and an order that is done stays so.

        But a lost one that the broker turns out to have is open again.
        """
        more = abs(update.filled) > abs(self.filled)
        filled = update.filled if more else self.filled
        state = update.state
        if abs(filled) >= abs(self.quantity):
            state = OrderState.FILLED
        elif (
            self.done and (self.state, state) != (OrderState.LOST, OrderState.OPEN)
        ) or state is OrderState.SENT:
            state = self.state
        return self.model_copy(
            update={
                "state": state,
                "filled": filled,
                "average_price": update.average_price if more else self.average_price,
                "message": update.message or self.message,
            }
        )
