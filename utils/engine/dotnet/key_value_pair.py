"""What iterating a .NET dictionary gives."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from utils.engine.dotnet.naming import DotNet

K = TypeVar("K")
V = TypeVar("V")


class KeyValuePair(DotNet, Generic[K, V]):
    """A key and its value."""

    __slots__ = ("key", "value")
    key: K
    value: V

    def __init__(self, key: K, value: V) -> None:
        self.key = key
        self.value = value

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, KeyValuePair):
            return NotImplemented
        return bool(self.key == other.key and self.value == other.value)

    def __hash__(self) -> int:
        return hash((self.key, self.value))

    def __str__(self) -> str:
        return f"[{self.key}, {self.value}]"

    __repr__ = __str__

    @classmethod
    def create(cls, key: Any, value: Any) -> KeyValuePair[Any, Any]:
        """A pair."""
        return cls(key, value)


class CallableList(list[V]):
    """A list that a call gives back: `dictionary.keys` and `dictionary.keys()` are the same."""

    __slots__ = ()

    def __call__(self) -> CallableList[V]:
        """The list."""
        return self
