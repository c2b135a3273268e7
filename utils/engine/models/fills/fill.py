"""What a fill model answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from utils.engine.dotnet.naming import DotNet
from utils.engine.orders.order_event import OrderEvent


class Fill(DotNet):
    """The events of one order, or of the legs of a combo."""

    def __init__(self, order_events: OrderEvent | list[OrderEvent]) -> None:
        self._events = list(order_events) if isinstance(order_events, (list, tuple)) else [order_events]

    def __iter__(self) -> Iterator[OrderEvent]:
        return iter(self._events)

    def __len__(self) -> int:
        return len(self._events)

    def __getitem__(self, index: int) -> Any:
        return self._events[index]
