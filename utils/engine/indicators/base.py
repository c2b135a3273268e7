"""What all indicators share."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from sys import getrefcount
from typing import Any, ClassVar, Self

from utils.engine.data.wall_time import NO_TIME
from utils.engine.dotnet.event import Event
from utils.engine.dotnet.exceptions import NotSupportedException, OverflowException
from utils.engine.indicators.block import Block, BlockBelow, RevealedRows
from utils.engine.indicators.comparing import ComparedByValue
from utils.engine.indicators.data_point import IndicatorDataPoint, data_point
from utils.engine.indicators.window import IndicatorWindow, Result
from utils.engine.unshared import UNSHARED

_WINDOW_SIZE = 2
_START: Result = (NO_TIME, 0.0, None)


class IndicatorBase(ComparedByValue):
    """Base of indicators.

    A subclass sets its state in `_start`, computes in `_next` and says in `_ready` when its value counts.
    Indicators that it keeps in attributes are reset with it.

    An indicator either is updated input by input, or is attached to a block of rows that the run loop
    shows one after another. Attached, it takes in rows only when somebody looks at it, and then no
    further than the last visible one: so what it says never depends on how it was fed.

    Attributes:
        name: its name.
        consolidators: what feeds it.
        warm_up_period: inputs that it needs before it is ready.
    """

    # Looked at bar after bar: of an instance that also has a dictionary, slots are what is read fastest.
    __slots__ = (
        "_block",
        "_current",
        "_failures",
        "_last",
        "_results",
        "_samples",
        "_stamp",
        "_stays_ready",
        "_symbol",
        "_updated",
    )

    can_block: ClassVar[bool] = True
    """Whether it can be attached: it needs numbers of one symbol only."""

    of_bars: ClassVar[bool] = False
    """Whether its inputs are bars; else they are values."""

    name: str
    consolidators: list[Any]
    warm_up_period: int

    # Rows of blocks are taken in by this; None when it is fed input by input.
    _block: Block | BlockBelow | None
    _stamp: Any  # time of the input being taken in, as datetime or as nanoseconds of the wall clock
    _samples: int
    _failures: int
    _results: deque[Result]
    _current: IndicatorDataPoint | None
    _stays_ready: bool  # one that computes ahead is ready from a certain input on, until it is reset
    _symbol: Any
    _last: dict[Any, tuple[datetime, Any]]
    _updated: Event | None

    def __new__(cls, *_arguments: Any, **_named: Any) -> Self:
        """Set the state here: an algorithm's subclass may have an `__init__` that does not call ours."""
        indicator = super().__new__(cls)
        indicator.name = ""
        indicator.consolidators = []
        indicator._block = None
        indicator._stamp = NO_TIME
        indicator._updated = None
        indicator._results = deque(maxlen=_WINDOW_SIZE + 1)
        indicator._forget()
        return indicator

    def __init__(self, name: str = "") -> None:
        """A subclass sets what its `_start` needs before it calls this."""
        self.name = name
        self._start()

    def _start(self) -> None:
        """Set the state before the first input."""

    def _next(self, data: Any) -> float | None:
        """Take in an input; the new value, or None when there is none."""
        raise NotImplementedError

    def _ready(self) -> bool:
        return self._samples > 0

    def _ahead(self, values: list[float]) -> list[float] | None:
        """The values after each of the next inputs, as `_next` gives them; None where `_next` has to.

        The state stays. One that computes ahead is ready after `warm_up_period` inputs.
        """
        return None

    def _follow(self, values: Sequence[float], times: Sequence[Any], first: int) -> None:
        """Bring the state on by inputs of the block whose values were computed ahead.

        Args:
            values: the inputs.
            times: their times.
            first: place of the first of them in the block.
        """

    def _advance(
        self, values: Sequence[float], outputs: Sequence[float], times: Sequence[Any], first: int
    ) -> None:
        """`_follow`, and note the values: `outputs` are those of the whole block."""
        if not values:
            return
        self._follow(values, times, first)
        self._samples += len(values)
        end, results = first + len(values), self._results
        for row in range(max(first, end - (results.maxlen or 1)), end):
            results.appendleft((times[row - first], outputs[row], self._symbol))
        self._current = None

    def _input(self, data: Any) -> Any:
        """What `_next` needs of a data point."""
        return data.value

    @property
    def current(self) -> IndicatorDataPoint:
        """The last value and its time."""
        block = self._block
        if block is not None:
            revealed = block.revealed
            row = revealed.rows[revealed.clock.consolidated + 1]  # `revealed.row`, without the call
            if block.ahead is None:
                if row != block.row:
                    block.catch_up(row)
            elif row >= 0:
                shown = self._current
                if shown is None or getrefcount(shown) > UNSHARED:
                    shown = self._current = data_point(block.symbol, block.times[row], block.ahead[row])
                else:  # nobody else has it: it may tell of another row of its block
                    shown._time = block.times[row]
                    shown.value = block.ahead[row]
                return shown
        point = self._current
        if point is None:
            time, value, symbol = self._results[0]
            point = self._current = data_point(symbol, time, value)
        return point

    @property
    def previous(self) -> IndicatorDataPoint:
        """The value before; zero at the first moment when there is none."""
        results = self.results()
        time, value, symbol = results[1] if len(results) > 1 else _START
        return data_point(symbol, time, value)

    @property
    def is_ready(self) -> bool:
        """Whether it has seen enough for its value to count."""
        if self._stays_ready:
            return True
        block = self._block
        if block is not None:
            row = block.revealed.row
            if block.ready_row is not None:
                self._stays_ready = ready = row >= block.ready_row
                return ready
            if row != block.row:
                block.catch_up(row)
        return self._ready()

    @property
    def samples(self) -> int:
        """Inputs that it has seen."""
        if self._block is not None:
            self._block.settle()
        return self._samples

    @property
    def window(self) -> IndicatorWindow:
        """The last values, newest first; holds two unless its `size` is set."""
        return IndicatorWindow(self)

    @property
    def updated(self) -> Event:
        """Called as `handler(indicator, data_point)` at each new value."""
        self.detach()
        if self._updated is None:
            self._updated = Event()
        return self._updated

    @updated.setter
    def updated(self, event: Event) -> None:
        self._updated = event

    def update(self, *arguments: Any, **named: Any) -> bool:
        """Take in a data point, `update(bar)`, or a value, `update(time, value)`; whether it is ready then.

        An input before the last one is left out.

        Raises:
            ArgumentException: a data point of a kind that the indicator does not take.
            NotSupportedException: a value for an indicator of bars.
        """
        if len(arguments) + len(named) == 1:
            (data,) = arguments or named.values()
            return self.take(data)
        return self.take(self._value_input(IndicatorDataPoint(*arguments, **named)))

    def take(self, data: Any) -> bool:
        """`update` of a data point, as the engine calls it: a user's class may have its own `update`."""
        if self._block is not None:
            self.detach()
        symbol, end = data.symbol, data.end_time
        last = self._last.get(symbol)
        if last is not None and (end < last[0] or data is last[1]):
            return self.is_ready
        value = self._input(data)
        self._last[symbol] = (end, data)
        self._symbol = symbol
        self._push(end, value)
        return self.is_ready

    def reset(self) -> None:
        """Forget all inputs."""
        self.detach()
        self._forget()
        self._start()
        for member in self._members():
            member.reset()

    def to_detailed_string(self) -> str:
        """Name and value."""
        return f"{self.name} - {self}"

    def __getitem__(self, i: int) -> IndicatorDataPoint:
        return self.window[i]

    def __iter__(self) -> Iterator[IndicatorDataPoint]:
        return iter(self.window)

    # What the run loop calls.

    def attach(
        self,
        revealed: RevealedRows,
        field: str = "close",
        detached: Callable[[Any], None] | None = None,
        symbol: Any = None,
    ) -> bool:
        """Take in the rows that become visible, instead of inputs.

        Args:
            revealed: which rows of the present block are visible.
            field: the column that an indicator of values reads.
            detached: called with the indicator when it goes back to being fed input by input.
            symbol: of its values; left out, that of the last input.

        Returns:
            Whether it can be: not if it needs several symbols' numbers, or somebody waits for its values.
        """
        self.detach()
        members = self._tree()
        inside = set(map(id, members))
        if not all(member.can_block and member._quiet(inside) for member in members):
            return False
        block = Block(self, members, revealed, field, detached)
        for member in members:
            member._block = block if member is self else BlockBelow(block)
        if symbol is not None:
            self._symbol = symbol
        return True

    @property
    def is_attached(self) -> bool:
        """Whether it takes in the rows of blocks."""
        return self._block is not None

    def load_block(self, inputs: Any) -> None:
        """The next block; all rows of the block before are taken in first.

        Args:
            inputs: columns by name: `open`, `high`, `low`, `close`, `volume` as numbers, `end_time` as
                nanoseconds of the exchange's wall clock; arrays or lists.

        Raises:
            InvalidOperationException: the indicator is not attached.
        """
        if self._block is None:
            raise NotSupportedException(f"{self.name} is not attached")
        self._block.whole.load(inputs)

    def detach(self) -> None:
        """Go back to being fed input by input, from the state of the last visible row."""
        if self._block is not None:
            block = self._block.whole
            block.settle()
            for member in block.members:
                member._block = None
            block.root._last_seen()
            if block.detached is not None:
                block.detached(block.root)

    # What other parts of the indicators call.

    def results(self) -> deque[Result]:
        """The results as of now, newest first."""
        if self._block is not None:
            self._block.settle()
        return self._results

    def set_results(self, results: deque[Result]) -> None:
        """Replace the results; what the window's size calls."""
        self._results = results

    def add_result(self, point: IndicatorDataPoint) -> None:
        """Put in a value that was not computed."""
        self.detach()
        self._failures -= 1
        self._results.appendleft((point.time, point.value, point.symbol))
        self._current = None

    @property
    def emissions(self) -> int:
        """Values so far, with the zero at the start."""
        return 1 + self.samples - self._failures

    def _last_seen(self) -> None:
        """Note the last row's time, so that no earlier input is taken in after it."""
        if self._samples and self._results[0][0] is not NO_TIME:
            point = self.current
            self._last[point.symbol] = (point.end_time, None)

    def _push(self, stamp: Any, data: Any) -> None:
        """Take in an input that is known to be new."""
        self._samples += 1
        self._stamp = stamp
        value = self._next(data)
        if value is None:
            self._failures += 1
            return
        self._results.appendleft((stamp, value, self._symbol))
        self._current = None
        if self._updated:
            self._notify()

    def _notify(self) -> None:
        if self._updated:
            self._updated(self, self.current)

    def _value_input(self, point: IndicatorDataPoint) -> IndicatorDataPoint:
        """A data point that `update(time, value)` was called with."""
        if not math.isfinite(point.value):
            raise OverflowException(f"{self.name}: {point.value} is not a decimal number")
        return point

    @property
    def _latest(self) -> float:
        """The value, without a look at the block: for the indicator that owns this one."""
        return self._results[0][1]

    def _forget(self) -> None:
        self._samples = self._failures = 0
        self._symbol = None
        self._last = {}
        self._results.clear()
        self._results.append(_START)
        self._current = None
        self._stays_ready = False

    def _members(self) -> list[IndicatorBase]:
        """The indicators in its attributes."""
        return [member for member in vars(self).values() if isinstance(member, IndicatorBase)]

    def _tree(self) -> list[IndicatorBase]:
        """It and all indicators below it, each once."""
        found: dict[int, IndicatorBase] = {}
        left: list[IndicatorBase] = [self]
        while left:
            member = left.pop()
            if id(member) not in found:
                found[id(member)] = member
                left.extend(member._members())
        return list(found.values())

    def _quiet(self, inside: set[int]) -> bool:
        """Whether nobody but indicators with the ids `inside` waits for its values."""
        event = self._updated
        return not event or all(id(getattr(handler, "target", None)) in inside for handler in event._handlers)
