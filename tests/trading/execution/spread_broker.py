"""A broker for spreads that does its worst: fills in parts and late, repeats, out of order."""

from __future__ import annotations

from dataclasses import dataclass, field

from trading.execution.leg import Cancel, Contract, Submit
from trading.execution.order_record import OrderState, OrderUpdate


@dataclass
class BrokerOrder:
    """An order as the broker has it."""

    submit: Submit
    state: OrderState = OrderState.OPEN
    filled: int = 0
    paid: float = 0.0
    cancel_asked: bool = False

    @property
    def remaining(self) -> int:
        return self.submit.quantity - self.filled

    def snapshot(self) -> OrderUpdate:
        average = self.paid / self.filled if self.filled else 0.0
        return OrderUpdate(tag=self.submit.tag, state=self.state, filled=self.filled, average_price=average)


@dataclass
class Broker:
    """Orders by tag, and what has been said of them but not been heard yet."""

    orders: dict[str, BrokerOrder] = field(default_factory=dict)
    said: list[OrderUpdate] = field(default_factory=list)
    heard: list[OrderUpdate] = field(default_factory=list)
    irregular: bool = False
    """Whether it filled an order after it had confirmed the cancellation."""

    def submit(self, order: Submit) -> None:
        assert order.tag not in self.orders, f"{order.tag} was sent twice"
        assert order.quantity != 0
        self.orders[order.tag] = BrokerOrder(order)
        self.say(order.tag)

    def cancel(self, order: Cancel) -> None:
        self.orders[order.tag].cancel_asked = True

    def say(self, tag: str) -> None:
        self.said.append(self.orders[tag].snapshot())

    def fill(self, tag: str, count: int, price: float) -> None:
        """Fill part of an order, at its limit or better."""
        order = self.orders[tag]
        side = 1 if order.submit.quantity > 0 else -1
        count = min(count, abs(order.remaining))
        limit = order.submit.limit
        if limit is not None:
            price = min(price, limit) if side > 0 else max(price, limit)
        order.filled += side * count
        order.paid += side * count * price
        if order.remaining == 0:
            order.state = OrderState.FILLED
        self.say(tag)

    def finish(self, tag: str, state: OrderState) -> None:
        self.orders[tag].state = state
        self.say(tag)

    def open(self) -> list[str]:
        return [tag for tag, order in self.orders.items() if order.state is OrderState.OPEN]

    def ended_unfilled(self) -> list[str]:
        return [
            tag
            for tag, order in self.orders.items()
            if order.state is OrderState.CANCELLED and order.remaining
        ]

    def held(self, contract: Contract) -> int:
        return sum(order.filled for order in self.orders.values() if order.submit.contract == contract)

    def resting(self, contract: Contract, side: int) -> int:
        """Contracts in open orders of a side."""
        return sum(
            abs(order.remaining)
            for order in self.orders.values()
            if order.submit.contract == contract
            and order.state is OrderState.OPEN
            and order.submit.quantity * side > 0
        )
