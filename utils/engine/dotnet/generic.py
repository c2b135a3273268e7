"""System.Collections.Generic: Python collections under .NET's names.

The generic syntax is accepted and means nothing: `Dictionary[str, int]()` is `Dictionary()`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from utils.engine.dotnet.exceptions import (
    ArgumentException,
    ArgumentOutOfRangeException,
    InvalidOperationException,
    KeyNotFoundException,
)
from utils.engine.dotnet.key_value_pair import CallableList, KeyValuePair
from utils.engine.dotnet.naming import DotNet


class _Generic(DotNet):
    """Accepts type arguments."""

    __slots__ = ()

    def __class_getitem__(cls, _types: Any) -> Any:
        return cls


def _count(collection: Any) -> int:
    return len(collection)


class List(_Generic, list[Any]):
    """A list; `List()`, `List(items)`, `List(capacity)`."""

    def __init__(self, items: Iterable[Any] | int = ()) -> None:
        super().__init__(() if isinstance(items, int) else items)

    count: Any = property(_count)

    def add(self, item: Any) -> None:
        """Put an item at the end."""
        self.append(item)

    def add_range(self, items: Iterable[Any]) -> None:
        """Put items at the end."""
        self.extend(items)

    def contains(self, item: Any) -> bool:
        """Whether the item is in it."""
        return item in self

    def index_of(self, item: Any) -> int:
        """Place of the item, or -1."""
        return self.index(item) if item in self else -1

    def remove(self, item: Any) -> bool:  # type: ignore[override]  # .NET tells whether it was there
        """Take away the first such item; whether there was one."""
        if item not in self:
            return False
        super().remove(item)
        return True

    def remove_at(self, index: int) -> None:
        """Take away the item at a place.

        Raises:
            ArgumentOutOfRangeException: there is none.
        """
        if not 0 <= index < len(self):
            raise ArgumentOutOfRangeException(f"List: no item at {index}")
        del self[index]

    def remove_all(self, match: Callable[[Any], bool]) -> int:
        """Take away the items a function accepts; how many."""
        kept = [item for item in self if not match(item)]
        removed = len(self) - len(kept)
        self[:] = kept
        return removed

    def find(self, match: Callable[[Any], bool]) -> Any:
        """The first item a function accepts, or None."""
        return next((item for item in self if match(item)), None)

    def exists(self, match: Callable[[Any], bool]) -> bool:
        """Whether a function accepts an item."""
        return any(match(item) for item in self)

    def for_each(self, action: Callable[[Any], Any]) -> None:
        """Call a function with each item."""
        for item in self:
            action(item)

    def to_array(self) -> list[Any]:
        """A Python list."""
        return list(self)


class Dictionary(_Generic):
    """A dictionary; iterating gives pairs with `.key` and `.value`, `items()` tuples."""

    __slots__ = ("_data",)

    def __init__(self, other: Mapping[Any, Any] | Dictionary | int | None = None) -> None:
        self._data: dict[Any, Any] = {}
        if other is not None and not isinstance(other, int):
            self._data.update(other.items())

    def _ordered(self) -> dict[Any, Any]:
        return self._data

    def __getitem__(self, key: Any) -> Any:
        try:
            return self._data[key]
        except KeyError:
            raise KeyNotFoundException(f"The given key '{key}' was not present in the dictionary.") from None

    def __setitem__(self, key: Any, value: Any) -> None:
        self._data[key] = value

    def __delitem__(self, key: Any) -> None:
        if not self.remove(key):
            raise KeyNotFoundException(f"The given key '{key}' was not present in the dictionary.")

    def __contains__(self, key: object) -> bool:
        return key in self._data

    def __len__(self) -> int:
        return len(self._data)

    def __iter__(self) -> Iterator[KeyValuePair[Any, Any]]:
        return iter([KeyValuePair(key, value) for key, value in self._ordered().items()])

    @property
    def count(self) -> int:
        """How many keys there are."""
        return len(self._data)

    @property
    def keys(self) -> CallableList[Any]:
        """The keys."""
        return CallableList(self._ordered())

    @property
    def values(self) -> CallableList[Any]:
        """The values."""
        return CallableList(self._ordered().values())

    def items(self) -> list[tuple[Any, Any]]:
        """Tuples of key and value."""
        return list(self._ordered().items())

    def add(self, key: Any, value: Any) -> None:
        """Add a key.

        Raises:
            ArgumentException: it is there already.
        """
        if key in self._data:
            raise ArgumentException(f"An item with the same key has already been added. Key: {key}")
        self._data[key] = value

    def try_add(self, key: Any, value: Any) -> bool:
        """Add a key that is not there; whether it was added."""
        return key not in self._data and self._data.setdefault(key, value) is value

    def contains_key(self, key: Any) -> bool:
        """Whether the key is there."""
        return key in self._data

    def contains_value(self, value: Any) -> bool:
        """Whether the value is there."""
        return value in self._data.values()

    def remove(self, key: Any) -> bool:
        """Take away a key; whether it was there."""
        if key not in self._data:
            return False
        del self._data[key]
        return True

    def try_get_value(self, key: Any, value: Any = None) -> tuple[bool, Any]:
        """Whether the key is there, and its value; the argument stands for .NET's out parameter."""
        return (True, self._data[key]) if key in self._data else (False, value)

    def get(self, key: Any, default: Any = None) -> Any:
        """The value of a key, else `default`."""
        return self._data.get(key, default)

    def pop(self, key: Any, *default: Any) -> Any:
        """Take away a key and give its value, else the default."""
        return self._data.pop(key, *default)

    def setdefault(self, key: Any, default: Any = None) -> Any:
        """The value of a key, which becomes `default` where there is none."""
        return self._data.setdefault(key, default)

    def update(self, other: Mapping[Any, Any] | Dictionary) -> None:
        """Take over all of another dictionary."""
        self._data.update(other.items())

    def clear(self) -> None:
        """Take away everything."""
        self._data.clear()


class SortedDictionary(Dictionary):
    """A dictionary in the order of its keys."""

    __slots__ = ()

    def _ordered(self) -> dict[Any, Any]:
        return {key: self._data[key] for key in sorted(self._data)}


class HashSet(_Generic, set[Any]):
    """A set."""

    count: Any = property(_count)

    def add(self, item: Any) -> bool:  # type: ignore[override]  # .NET tells whether it is new
        """Put in an item; whether it is new."""
        if item in self:
            return False
        super().add(item)
        return True

    def contains(self, item: Any) -> bool:
        """Whether the item is in it."""
        return item in self

    def remove(self, item: Any) -> bool:  # type: ignore[override]  # .NET tells whether it was there
        """Take away an item; whether it was there."""
        if item not in self:
            return False
        super().remove(item)
        return True

    def union_with(self, other: Iterable[Any]) -> None:
        """Put in items."""
        self.update(other)

    def except_with(self, other: Iterable[Any]) -> None:
        """Take away items."""
        self.difference_update(other)

    def intersect_with(self, other: Iterable[Any]) -> None:
        """Keep only these items."""
        self.intersection_update(other)


class Queue(_Generic, deque[Any]):
    """First in, first out."""

    count: Any = property(_count)

    def enqueue(self, item: Any) -> None:
        """Put an item at the end."""
        self.append(item)

    def dequeue(self) -> Any:
        """Take the first item.

        Raises:
            InvalidOperationException: it is empty.
        """
        self._need_items()
        return self.popleft()

    def peek(self) -> Any:
        """The first item.

        Raises:
            InvalidOperationException: it is empty.
        """
        self._need_items()
        return self[0]

    def contains(self, item: Any) -> bool:
        """Whether the item is in it."""
        return item in self

    def _need_items(self) -> None:
        if not self:
            raise InvalidOperationException("Queue empty.")


class Stack(_Generic):
    """Last in, first out; iterating begins with the last."""

    __slots__ = ("_items",)

    def __init__(self, items: Iterable[Any] = ()) -> None:
        self._items: list[Any] = list(items)

    count: Any = property(_count)

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items[::-1])

    def push(self, item: Any) -> None:
        """Put an item on top."""
        self._items.append(item)

    def pop(self) -> Any:
        """Take the top item.

        Raises:
            InvalidOperationException: it is empty.
        """
        self._need_items()
        return self._items.pop()

    def peek(self) -> Any:
        """The top item.

        Raises:
            InvalidOperationException: it is empty.
        """
        self._need_items()
        return self._items[-1]

    def clear(self) -> None:
        """Take away everything."""
        self._items.clear()

    def _need_items(self) -> None:
        if not self._items:
            raise InvalidOperationException("Stack empty.")


class IEnumerable(_Generic):
    """A name for annotations."""


EXPORTS: Final[dict[str, Any]] = {
    "Dictionary": Dictionary,
    "HashSet": HashSet,
    "ICollection": IEnumerable,
    "IDictionary": Dictionary,
    "IEnumerable": IEnumerable,
    "IList": List,
    "IReadOnlyCollection": IEnumerable,
    "IReadOnlyDictionary": Dictionary,
    "IReadOnlyList": List,
    "KeyNotFoundException": KeyNotFoundException,
    "KeyValuePair": KeyValuePair,
    "List": List,
    "Queue": Queue,
    "SortedDictionary": SortedDictionary,
    "Stack": Stack,
}
