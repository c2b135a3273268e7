"""The last items of a sequence, newest first."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import islice
from operator import index
from typing import Any, ClassVar, Generic, TypeVar, cast

from utils.engine.dotnet.exceptions import (
    ArgumentException,
    ArgumentOutOfRangeException,
    InvalidOperationException,
)
from utils.engine.dotnet.naming import DotNet

T = TypeVar("T")

# What .NET gives for a place that was never set, of the types that are not objects.
_DEFAULTS: dict[type, Any] = {float: 0.0, int: 0, bool: False}


class RollingWindow(DotNet, Generic[T]):
    """A window over the last `size` items: `window[0]` is the newest, `window[count - 1]` the oldest.

    Args:
        size: items that it holds; setting it later keeps the newest ones.

    Raises:
        ArgumentException: a negative size.

    Example:
        >>> window = RollingWindow[float](2)
        >>> for price in (1.0, 2.0, 3.0):
        ...     window.add(price)
        >>> window[0], window[1], window.most_recently_removed
        (3.0, 2.0, 1.0)
    """

    _default: ClassVar[Any] = None

    _items: deque[T]
    _size: int
    _samples: int
    _removed: T | None

    def __class_getitem__(cls, kind: Any) -> Any:
        """.NET's generic form: `RollingWindow[TradeBar](5)`."""
        if kind not in _DEFAULTS:
            return cls
        return type(cls.__name__, (cls,), {"_default": _DEFAULTS[kind]})

    def __init__(self, size: int) -> None:
        size = index(size)
        if size < 0:
            raise ArgumentException("RollingWindow must have size of at least 0. (Parameter 'size')")
        self._size = size
        self._items = deque(maxlen=size)
        self._samples = 0
        self._removed = None

    @property
    def size(self) -> int:
        """Items that the window can hold."""
        return self._size

    @size.setter
    def size(self, size: int) -> None:
        size = index(size)
        if size < 0:
            raise ArgumentException("RollingWindow must have size of at least 0. (Parameter 'size')")
        self._items = deque(islice(self._items, size), maxlen=size)
        self._size = size

    @property
    def count(self) -> int:
        """Items that it holds."""
        return len(self._items)

    @property
    def samples(self) -> int:
        """Items ever added since the start or the last reset."""
        return self._samples

    @property
    def is_ready(self) -> bool:
        """Whether as many items were added as the window can hold."""
        return self._samples >= self._size

    @property
    def most_recently_removed(self) -> T:
        """The item that the last `add` pushed out.

        Raises:
            InvalidOperationException: none was pushed out yet.
        """
        if self._samples <= self._size:
            raise InvalidOperationException("No items have been removed yet!")
        return cast(T, self._removed)

    def add(self, item: T) -> None:
        """Put in the newest item."""
        items = self._items
        if len(items) == self._size:
            self._removed = items[-1] if items else None
        self._samples += 1
        items.appendleft(item)

    def reset(self) -> None:
        """Drop all items."""
        self._items.clear()
        self._samples = 0

    def __getitem__(self, i: int) -> T:
        """The item `i` places back; beyond the items that are there, .NET's default (None, of numbers 0).

        Reading beyond the size makes the window larger. A negative `i` counts from the oldest item.

        Raises:
            ArgumentOutOfRangeException: a negative `i` beyond the size.
        """
        i = index(i)
        items = self._items
        if i < 0:
            self._check_negative(i)
            i += len(items)
            if i < 0:
                return cast(T, self._default)
        if i < len(items):
            return items[i]
        if i >= self._size:
            self.size = i + 1
        return cast(T, self._default)

    def __setitem__(self, i: int, item: T) -> None:
        i = index(i)
        if i < 0:
            self._check_negative(i)
            i += self._size
        if i >= self._size:
            self.size = i + 1
        for _ in range(i + 1 - len(self._items)):
            self.add(self._default)
        self._items[i] = item

    def _check_negative(self, i: int) -> None:
        if self._size + i < 0:
            raise ArgumentOutOfRangeException(
                f"Index must be a non-negative integer (Parameter 'i')\nActual value was {i}."
            )

    def __iter__(self) -> Iterator[T]:
        return iter(list(self._items))

    def __len__(self) -> int:
        return len(self._items)

    def __bool__(self) -> bool:
        # A .NET object is true, however many items it has.
        return True
