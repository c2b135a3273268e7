"""LEAN's queue that never ends."""

from __future__ import annotations

from typing import Any

from utils.engine.dotnet.event import Event
from utils.engine.dotnet.naming import DotNet


class CircularQueue(DotNet):
    """Gives its items again and again; each time the first comes up, a circle is completed."""

    circle_completed: Event

    def __init__(self, *items: Any) -> None:
        if len(items) == 1 and isinstance(items[0], (list, tuple)):
            items = tuple(items[0])
        self._items, self._head = list(items), 0
        self.circle_completed = Event()

    def __class_getitem__(cls, _kind: Any) -> type[CircularQueue]:
        return cls

    def dequeue(self) -> Any:
        """The next item; after the last the first again."""
        item = self._items[self._head]
        if item == self._items[0]:
            self.circle_completed(self, None)
        self._head = (self._head + 1) % len(self._items)
        return item
