"""Rows of data that become visible one by one, and what an indicator has taken in of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from utils.engine.clock import Clock, to_datetime
from utils.engine.indicators.data_point import or_empty

if TYPE_CHECKING:
    from datetime import datetime

    from utils.engine.indicators.base import IndicatorBase


class RevealedRows:
    """Which rows of the present block are visible: those the run has passed on to consolidators.

    Attributes:
        clock: tells the step whose data was passed on.
        rows: `rows[k + 1]` is the last visible row of the block at step k, `rows[0]` the one before.
    """

    __slots__ = ("clock", "rows")

    def __init__(self, clock: Clock, rows: Sequence[int]) -> None:
        self.clock, self.rows = clock, rows

    @property
    def row(self) -> int:
        """Index of the last visible row in the block, -1 for none."""
        return self.rows[self.clock.consolidated + 1]


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

    An indicator that computes ahead (`_ahead`) has its values of the whole block from the start; they are
    shown row by row, and its state follows only when it is asked for.

    Attributes:
        root: the indicator that takes in the rows.
        members: it and all below it.
        revealed: which rows are visible.
        row: index of the last row that was taken in, or shown.
        ahead: of one that computes ahead, its values of all rows; `current` is made of them.
        ready_row: of such a one, the first row with a value that counts.
        times: ends of the rows.
        symbol: of the rows.
        detached: called with the root when it is detached.
        whole: itself.
    """

    __slots__ = (
        "_bar",
        "_columns",
        "_field",
        "_settled",
        "_values",
        "ahead",
        "detached",
        "members",
        "ready_row",
        "revealed",
        "root",
        "row",
        "symbol",
        "times",
    )

    def __init__(
        self,
        root: IndicatorBase,
        members: list[IndicatorBase],
        revealed: RevealedRows,
        field: str,
        detached: Callable[[Any], None] | None,
    ) -> None:
        self.root = root
        self.members = members
        self.revealed = revealed
        self.row = -1
        self.ready_row: int | None = None
        self.detached = detached
        self._field = field
        self.times: Sequence[int] = ()
        self._values: list[float] = []
        self.ahead: list[float] | None = None
        self._settled = -1
        self.symbol = or_empty(root._symbol)
        self._columns: list[Sequence[float]] = []
        self._bar = RowBar() if root.of_bars else None

    @property
    def whole(self) -> Block:
        """Itself."""
        return self

    def load(self, inputs: Mapping[str, Any]) -> None:
        """Take in the rest of the present block, then start on the next."""
        self.catch_up(len(self.times) - 1)
        self._settle()
        self.times = _list(inputs["end_time"])
        self.row = self._settled = -1
        if self._bar is None:
            self.symbol = or_empty(self.root._symbol)
            self._values = _list(inputs[self._field])
            self.ahead = self.root._ahead(self._values)
            self.root._current = None  # it tells of another block, perhaps of another symbol
            if self.ahead is not None:
                self.ready_row = self.root.warm_up_period - self.root._samples - 1
        else:
            # Bars of quotes have no volume.
            volume = inputs["volume"] if "volume" in inputs else [0.0] * len(self.times)
            self._columns = [_list(inputs[name]) for name in ("open", "high", "low", "close")]
            self._columns.append(_list(volume))

    def settle(self) -> None:
        """Bring the state to the last visible row."""
        self.catch_up(self.revealed.row)
        self._settle()

    def _settle(self) -> None:
        first, end = self._settled + 1, self.row + 1
        if self.ahead is None or first >= end:
            return
        self._settled = self.row
        self.root._advance(self._values[first:end], self.ahead, self.times[first:end], first)

    def catch_up(self, row: int) -> None:
        """Take in, or show, the rows up to one that has become visible."""
        first = self.row + 1
        # Before a block is loaded there is nothing to take in.
        if row < first or not self.times:
            return
        # Before the work, so that indicators that look at each other find nothing left to do.
        self.row = row
        root, times = self.root, self.times
        if self.ahead is not None:
            return  # `_settle` brings the state on when it is asked for
        if self._bar is None:
            values = self._values
            for i in range(first, row + 1):
                root._push(times[i], values[i])
        else:
            self._take_bars(first, row)

    def _take_bars(self, first: int, last: int) -> None:
        bar, push, times = self._bar, self.root._push, self.times
        assert bar is not None
        opens, highs, lows, closes, volumes = self._columns
        for i in range(first, last + 1):
            bar.open, bar.high, bar.low, bar.volume = opens[i], highs[i], lows[i], volumes[i]
            bar.close = bar.value = closes[i]
            bar.stamp = stamp = times[i]
            push(stamp, bar)


class BlockBelow:
    """What an indicator below one that is attached knows of the block: it always needs the state.

    Attributes:
        whole: the block.
        revealed: which rows are visible.
        row: index of the last row at which the state was brought up to date.
        ahead, ready_row: None, all is in the state.
    """

    __slots__ = ("revealed", "row", "whole")

    ahead: None = None
    ready_row: None = None

    def __init__(self, whole: Block) -> None:
        self.whole = whole
        self.revealed = whole.revealed
        self.row = -1

    def catch_up(self, row: int) -> None:
        """Bring the state to the last visible row."""
        self.row = row
        self.whole.settle()

    def settle(self) -> None:
        """Bring the state to the last visible row."""
        self.catch_up(self.revealed.row)


def advance_below(
    child: IndicatorBase,
    offset: int,
    inputs: Sequence[float],
    outputs: Sequence[float],
    times: Sequence[Any],
    first: int,
) -> None:
    """Bring an indicator below one that computes ahead to the last visible row.

    Args:
        child: the indicator.
        offset: row of the block at which its inputs begin.
        inputs: of the whole block.
        outputs: its values after each of them.
        times: of the rows to take in.
        first: the first of these rows.
    """
    start, end = max(first - offset, 0), first + len(times) - offset
    if end > start:
        child._advance(inputs[start:end], outputs, times[len(times) - (end - start) :], start)


def _list(column: Any) -> list[Any]:
    # Numbers of a list are Python's own; an array would make one at each look.
    numbers: list[Any] = column if isinstance(column, list) else column.tolist()
    return numbers
