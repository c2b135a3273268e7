"""Session bars of a security's data."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from utils.engine.consolidators.period_count import PeriodCountConsolidatorBase
from utils.engine.consolidators.session_bar import SessionBar
from utils.engine.data.base_data import BaseData
from utils.engine.data.tick import Tick
from utils.engine.enums import TickType


class SessionConsolidator(PeriodCountConsolidatorBase):
    """A bar for each trading day, of the data within the market's regular hours."""

    takes: ClassVar[type] = BaseData
    gives: ClassVar[type] = SessionBar

    def __init__(self, exchange_hours: Any, source_tick_type: TickType, symbol: Any) -> None:
        super().__init__(timedelta(days=1))
        self._hours = exchange_hours
        self._source = source_tick_type
        self._of = symbol
        self._has_day = False
        self._begin()

    @property
    def working_instance(self) -> SessionBar:
        """The unfinished bar itself."""
        if self._working_bar is None:
            self._begin()
        bar: SessionBar = self._working_bar
        return bar

    def aggregate_bar(self, working_bar: Any, data: BaseData) -> SessionBar:
        """The bar with `data` in it."""
        bar: SessionBar = working_bar
        if not self._has_day:
            self._has_day = True
            if bar.time == datetime.max or data.time.date() > bar.time.date():
                bar.time = _midnight(data.time)
        if isinstance(data, Tick) and data.tick_type == TickType.OPEN_INTEREST:
            bar.open_interest = data.value
        elif self._hours.is_open(data.time, data.end_time, False):
            bar.take(data, self.consolidated)
        return bar

    def validate_and_scan(self, current_local_time: datetime) -> None:
        """Finish the bar when its day is over."""
        if self._has_day and current_local_time.date() != self.working_instance.time.date():
            self.scan(current_local_time)

    def on_data_consolidated(self, consolidated: Any) -> None:
        """Tell of a finished day."""
        self._working_bar = None
        super().on_data_consolidated(consolidated)
        if self._working_bar is None:
            self._begin()

    def reset_working_bar(self) -> None:
        """The next bar is there already."""

    def reset(self) -> None:
        """Forget all data."""
        super().reset()
        self._begin()

    def _begin(self) -> None:
        bar = SessionBar(self._source, self._of)
        if self.consolidated is not None:
            bar.time = _midnight(self._hours.get_next_trading_day(self.consolidated.time))
        self._working_bar = bar
        self._has_day = False


def _midnight(time: datetime) -> datetime:
    return datetime(time.year, time.month, time.day)
