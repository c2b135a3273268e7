"""Rows of data that become visible one by one, and what an indicator has taken in of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from utils.engine.clock import to_datetime

if TYPE_CHECKING:
    from datetime import datetime

    from utils.engine.indicators.base import IndicatorBase


class BlockSource(Protocol):
    """Who knows which rows are visible.

    Attributes:
        row: index of the last visible row of the present block, -1 for none.
    """

    row: int


class RowBar:
    """A row as a bar; there is one for all rows, so keep its numbers, not it."""

    __slots__ = ("close", "high", "low", "open", "stamp", "value", "volume")

    open: float
    high: float
    low: float
    close: float
    value: float
    volume: float
    stamp: int

    is_fill_forward = False

    @property
    def end_time(self) -> datetime:
        """End of the bar."""
        return to_datetime(self.stamp)


class Block:
    """The block that an indicator and the indicators below it are attached to.

    Attributes:
        root: the indicator that takes in the rows.
        members: it and all below it.
        source: who knows which rows are visible.
        row: index of the last row that was taken in.
        detached: called with the root when it is detached.
    """

    __slots__ = (
        "_bar",
        "_columns",
        "_field",
        "_push",
        "_times",
        "_values",
        "detached",
        "members",
        "root",
        "row",
        "source",
    )

    def __init__(
        self,
        root: IndicatorBase,
        members: list[IndicatorBase],
        source: BlockSource,
        field: str,
        detached: Callable[[Any], None] | None,
    ) -> None:
        self.root = root
        self.members = members
        self.source = source
        self.row = -1
        self.detached = detached
        self._push = root._push
        self._field = field
        self._times: Sequence[int] = ()
        self._values: Sequence[float] = ()
        self._columns: list[Sequence[float]] = []
        self._bar = RowBar() if root.of_bars else None

    def load(self, inputs: Mapping[str, Any]) -> None:
        """Take in the rest of the present block, then start on the next."""
        self._take_until(len(self._times) - 1)
        self._times = _list(inputs["end_time"])
        if self._bar is None:
            self._values = _list(inputs[self._field])
        else:
            # Bars of quotes have no volume.
            volume = inputs["volume"] if "volume" in inputs else [0.0] * len(self._times)
            self._columns = [_list(inputs[name]) for name in ("open", "high", "low", "close")]
            self._columns.append(_list(volume))
        self.row = -1

    def catch_up(self) -> None:
        """Take in the rows that have become visible."""
        self._take_until(self.source.row)

    def _take_until(self, row: int) -> None:
        first = self.row + 1
        # Before a block is loaded there is nothing to take in.
        if row < first or not self._times:
            return
        # Before the work, so that indicators that look at each other find nothing left to do.
        self.row = row
        push, times, bar = self._push, self._times, self._bar
        if bar is None:
            values = self._values
            for i in range(first, row + 1):
                push(times[i], values[i])
            return
        opens, highs, lows, closes, volumes = self._columns
        for i in range(first, row + 1):
            bar.open, bar.high, bar.low, bar.volume = opens[i], highs[i], lows[i], volumes[i]
            bar.close = bar.value = closes[i]
            bar.stamp = stamp = times[i]
            push(stamp, bar)


def _list(column: Any) -> list[Any]:
    # Numbers of a list are Python's own; an array would make one at each look.
    numbers: list[Any] = column if isinstance(column, list) else column.tolist()
    return numbers
