"""A brokerage that goes on while nobody looks, and tells as little as real ones do after a restart."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from trading.state.brokerage_view import BrokerageView, BrokerOrder


@dataclass(frozen=True)
class Held:
    """An order at the broker, with what is filled of it."""

    order: BrokerOrder
    filled: float = 0.0

    @property
    def remaining(self) -> float:
        return self.order.quantity - self.filled


class SimulatedBroker:
    """Takes limit orders, fills and cancels them when it likes."""

    def __init__(self, chance: random.Random, *, gives_tags_back: bool, shows_what_is_left: bool) -> None:
        self._chance = chance
        self._gives_tags_back = gives_tags_back
        self._shows_what_is_left = shows_what_is_left
        self.holdings: dict[str, float] = {}
        self.working: dict[str, Held] = {}
        self.tags: list[str] = []

    def take(self, order: BrokerOrder) -> None:
        self.tags.append(order.tag)
        self.working[order.broker_ids[0]] = Held(order)

    def fill_some(self, identity: str) -> float:
        """Fill a part or all of an order; its fills so far."""
        held = self.working[identity]
        lots = int(abs(held.remaining))
        fill = self._chance.randint(1, lots) * (1 if held.order.quantity > 0 else -1)
        symbol = held.order.symbol
        self.holdings[symbol] = self.holdings.get(symbol, 0.0) + fill
        self.working[identity] = replace(held, filled=held.filled + fill)
        return self.working[identity].filled

    def go_on(self) -> None:
        """What happens while the algorithm is down."""
        for identity in list(self.working):
            if self.working[identity].remaining and self._chance.random() < 0.4:
                self.fill_some(identity)
            if self.working[identity].remaining == 0 or self._chance.random() < 0.2:
                del self.working[identity]

    def view(self) -> BrokerageView:
        """As LEAN shows it after a restart."""
        orders = tuple(self._shown(held) for held in self.working.values() if held.remaining)
        return BrokerageView({symbol: held for symbol, held in self.holdings.items() if held}, orders)

    def committed(self, symbol: str) -> float:
        """The position, should all that is working fill."""
        working = sum(held.remaining for held in self.working.values() if held.order.symbol == symbol)
        return self.holdings.get(symbol, 0.0) + working

    def _shown(self, held: Held) -> BrokerOrder:
        quantity = held.remaining if self._shows_what_is_left else held.order.quantity
        tag = held.order.tag if self._gives_tags_back else ""
        return replace(held.order, quantity=quantity, tag=tag)
