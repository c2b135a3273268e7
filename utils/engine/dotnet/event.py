""".NET events: `event += handler`, `event -= handler`, `event(sender, argument)`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Handler = Callable[..., Any]


class Event:
    """Handlers called in the order they were added.

    A class that has an event keeps it in an attribute; `owner.updated += handler` then stores this same
    object back, so the attribute must be writable.
    """

    __slots__ = ("_handlers",)

    def __init__(self) -> None:
        self._handlers: tuple[Handler, ...] = ()

    def __iadd__(self, handler: Handler) -> Event:
        self._handlers = (*self._handlers, handler)
        return self

    def __isub__(self, handler: Handler) -> Event:
        # .NET takes away the last one that equals; a bound method is equal to itself made again.
        for place in range(len(self._handlers) - 1, -1, -1):
            if self._handlers[place] == handler:
                self._handlers = self._handlers[:place] + self._handlers[place + 1 :]
                break
        return self

    def __call__(self, *arguments: Any) -> None:
        """Call every handler."""
        # The tuple stays the same while handlers add and remove handlers.
        for handler in self._handlers:
            handler(*arguments)

    def __bool__(self) -> bool:
        return bool(self._handlers)

    def __len__(self) -> int:
        return len(self._handlers)

    def clear(self) -> None:
        """Drop every handler."""
        self._handlers = ()
