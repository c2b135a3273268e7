"""What indicators take of a subscription's rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from utils.data.lean.clock import to_wall
from utils.engine.feed.columns import PRICES, Columns

_NAMES: Final = (*PRICES, "volume", "end_time")


class InputColumns(Mapping[str, list[Any]]):
    """Prices, volume, and the ends of the bars as nanoseconds of a wall clock, as lists.

    A list is made when somebody asks for it first, so that indicators of the same rows share theirs.

    Args:
        columns: the rows.
        zone: of the wall clock.
        first: row to begin with.
    """

    def __init__(self, columns: Columns, zone: str, first: int = 0) -> None:
        self._columns, self._zone, self._first = columns, zone, first
        self._lists: dict[str, list[Any]] = {}

    def since(self, first: int) -> InputColumns:
        """The same from a row on."""
        return self if first == self._first else InputColumns(self._columns, self._zone, first)

    def __getitem__(self, name: str) -> list[Any]:
        found = self._lists.get(name)
        if found is None:
            found = self._lists[name] = self._values(name)[self._first :].tolist()
        return found

    def _values(self, name: str) -> Any:
        if name not in _NAMES:
            raise KeyError(name)
        if name == "end_time":
            return to_wall(self._columns.bar_end, self._zone)
        return getattr(self._columns, name)

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)
