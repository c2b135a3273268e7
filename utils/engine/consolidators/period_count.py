"""Consolidators by time, by number of data points, or by whichever comes first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, Self

from utils.engine.consolidators.consolidator import ConsolidatorBase
from utils.engine.consolidators.period_specification import (
    AnyStart,
    CalendarPeriod,
    FixedPeriod,
    PeriodSpecification,
)
from utils.engine.data.base_data import BaseData
from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.event import Event
from utils.engine.dotnet.exceptions import ArgumentException, ArgumentNullException, InvalidOperationException
from utils.engine.enums import Resolution

_ONE_HOUR: Final = timedelta(hours=1)
_ONE_SECOND: Final = timedelta(seconds=1)

RESOLUTION_SPANS: Final = {
    Resolution.TICK: timedelta(0),
    Resolution.SECOND: timedelta(seconds=1),
    Resolution.MINUTE: timedelta(minutes=1),
    Resolution.HOUR: timedelta(hours=1),
    Resolution.DAILY: timedelta(days=1),
}


class PeriodCountConsolidatorBase(ConsolidatorBase):
    """Base of the consolidators below.

    Forms: `(period[, start_time])`, `(max_count)`, `(max_count, period)`, `(function)` with a function from
    a time to its `CalendarInfo`. In time a bar is finished by the first data after its end, or by `scan`.
    """

    # What a subclass takes and gives.
    takes: ClassVar[type[Any]] = BaseData
    gives: ClassVar[type] = TradeBar

    _max_count: int | None
    _period: timedelta | None
    _specification: PeriodSpecification
    _symbol: Any
    _count: int
    _working_bar: Any
    _last_emit: datetime | None
    _is_period_checked: bool

    def __new__(cls, *_arguments: Any, **_named: Any) -> Self:
        """Give the state a value, for subclasses with an `__init__` of their own."""
        consolidator = super().__new__(cls)
        consolidator.data_consolidated = Event()
        consolidator._max_count = None
        consolidator._period = None
        consolidator._specification = AnyStart()
        consolidator._forget()
        return consolidator

    def __init__(
        self,
        period: Any = None,
        start_time: Any = None,
        *,
        max_count: int | None = None,
        func: Any = None,
        pyfuncobj: Any = None,
    ) -> None:
        """See the class.

        Raises:
            ArgumentException: not one of the forms.
        """
        first = next((value for value in (max_count, func, pyfuncobj, period) if value is not None), None)
        second = period if max_count is not None else start_time
        if isinstance(first, timedelta):
            self._specification = FixedPeriod(first, second)
            self._period = first
        elif isinstance(first, (int, float)):
            self._max_count = int(first)
            self._specification = AnyStart(second)
            self._period = second
        elif callable(first):
            self._specification = CalendarPeriod(first)
            self._period = _ONE_SECOND
        else:
            raise ArgumentException(
                f"{type(self).__name__}: a period, a count or a calendar function is needed, not {first!r}"
            )

    @classmethod
    def from_resolution(cls, resolution: Resolution) -> Self:
        """A consolidator with the period of a resolution."""
        return cls(RESOLUTION_SPANS[resolution])

    @property
    def input_type(self) -> type:
        """What it takes."""
        return self.takes

    @property
    def output_type(self) -> type:
        """What it gives."""
        return self.gives

    @property
    def working_data(self) -> Any:
        """A copy of the unfinished bar, or None."""
        return None if self._working_bar is None else self._working_bar.clone()

    @property
    def is_time_based(self) -> bool:
        """Whether no count is set."""
        return self._max_count is None

    @property
    def period(self) -> timedelta | None:
        """Length of the bar being built."""
        return self._period

    @period.setter
    def period(self, value: timedelta | None) -> None:
        self._period = value

    def update(self, data: Any) -> None:
        """Take in a data point; a bar it does not belong to is finished first.

        Raises:
            ArgumentNullException: data of another type.
            InvalidOperationException: data of another symbol.
            ArgumentException: data that is longer than the period.
        """
        if not isinstance(data, self.takes):
            raise ArgumentNullException(
                f"Received type of {type(data).__name__} but expected {self.takes.__name__}"
            )
        if data.symbol is not self._symbol:
            self._check_symbol(data)
        if not self.should_process(data):
            return
        if not self._is_period_checked:
            self._check_period(data)
        time = data.time
        if self._last_emit is None:
            self._last_emit = datetime.min if self._max_count is None else time
        aggregates_first = self._max_count is not None
        fires = aggregates_first and self._counts_to_end()
        period = self._period
        if period is not None:
            bar = self._working_bar
            if bar is not None and time - bar.time >= period and self._start_of(data) > self._last_emit:
                fires = True
            if not period:
                fires = aggregates_first = True
        if aggregates_first:
            self._aggregate(data, time)
        if fires:
            self._finish(time)
        if not aggregates_first and time >= self._last_emit:
            self._working_bar = self.aggregate_bar(self._working_bar, data)

    def _counts_to_end(self) -> bool:
        self._count += 1
        if self._max_count is not None and self._count < self._max_count:
            return False
        self._count = 0
        return True

    def _aggregate(self, data: Any, time: datetime) -> None:
        assert self._last_emit is not None
        if time < self._last_emit:
            return
        self._working_bar = self.aggregate_bar(self._working_bar, data)
        if self._max_count is not None:
            self._working_bar.end_time = data.end_time

    def _finish(self, time: datetime) -> None:
        bar = self._working_bar
        if isinstance(bar, TradeBar) and self._period is not None:
            bar.period = self._period
        self._last_emit = bar.end_time if self._max_count is None and bar is not None else time
        self.on_data_consolidated(bar)

    def scan(self, current_local_time: datetime) -> None:
        """Finish the bar whose time is over."""
        bar, period = self._working_bar, self._period
        if bar is None or not period or current_local_time - bar.time < period:
            return
        assert self._last_emit is not None
        if self.get_rounded_bar_time(current_local_time) > self._last_emit:
            self._last_emit = bar.end_time
            self.on_data_consolidated(bar)

    def on_data_consolidated(self, consolidated: Any) -> None:
        """Tell of a finished bar and begin anew."""
        super().on_data_consolidated(consolidated)
        self.data_consolidated(self, consolidated)
        self.reset_working_bar()

    def reset_working_bar(self) -> None:
        """Drop the unfinished bar."""
        self._working_bar = None

    def reset(self) -> None:
        """Forget all data."""
        super().reset()
        self._forget()

    def _forget(self) -> None:
        self._symbol = None
        self._count = 0
        self._working_bar = None
        self._last_emit = None
        self._is_period_checked = False

    def should_process(self, data: Any) -> bool:
        """Whether the data is taken in."""
        return True

    def aggregate_bar(self, working_bar: Any, data: Any) -> Any:
        """The unfinished bar with `data` in it; a new one where it is None."""
        raise NotImplementedError

    def get_rounded_bar_time(self, time: Any) -> datetime:
        """Start of the bar that holds a time, or that a data point belongs to."""
        if isinstance(time, BaseData):
            return self._start_of(time)
        start = self._specification.start_of(time)
        if self._working_bar is None:
            # A new bar has the period that holds at its beginning.
            self._period = self._specification.period
        return start

    def _start_of(self, data: Any) -> datetime:
        time: datetime = data.time
        start = self.get_rounded_bar_time(time)
        if self._period is None or start + self._period >= data.end_time:
            return start
        # Hour bars of US equities begin at 9:00, half an hour before the market opens.
        if data.end_time - time == _ONE_HOUR and start.date() < time.date():
            return self.get_rounded_bar_time(data.end_time)
        return time

    def _bar_period(self, data: Any) -> timedelta:
        """Period of a new bar: its own, or of counted bars the data's."""
        if self._max_count is None and self._period is not None:
            return self._period
        period: timedelta = data.period
        return period

    def _check_symbol(self, data: Any) -> None:
        if self._symbol is not None and data.symbol.id != self._symbol.id:
            raise InvalidOperationException(
                f"{type(self).__name__}: a consolidator takes one symbol; it had {self._symbol.id}, came "
                f"{data.symbol.id}"
            )
        # A change of ticker makes another object of the same identifier.
        self._symbol = data.symbol

    def _check_period(self, data: Any) -> None:
        self._is_period_checked = True
        if self._period is None or not isinstance(self._specification, FixedPeriod):
            return
        length = data.end_time - data.time
        if length > self._period:
            raise ArgumentException(
                f"{type(self).__name__}: bars of {self._period} cannot be made of {data.symbol}'s data of "
                f"{length}"
            )
