"""Consolidators that know when the market is open."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from utils.engine.consolidators.calendar import CalendarFunction, CalendarInfo
from utils.engine.consolidators.consolidator import ConsolidatorBase, attach, detach
from utils.engine.consolidators.market_calendar import daily_calendar, intraday_calendar, use_strict_end_time
from utils.engine.consolidators.period_count import RESOLUTION_SPANS
from utils.engine.consolidators.period_specification import round_down
from utils.engine.consolidators.quote_bar_consolidator import QuoteBarConsolidator
from utils.engine.consolidators.tick_consolidator import TickConsolidator, TickQuoteBarConsolidator
from utils.engine.consolidators.trade_bar_consolidator import TradeBarConsolidator
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.tick import Tick
from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.exceptions import ArgumentNullException
from utils.engine.enums import Resolution, TickType
from utils.engine.exchange.market_hours_database import MarketHoursDatabase

_ONE_DAY: Final = timedelta(days=1)
_ONE_HOUR: Final = timedelta(hours=1)


class MarketHourAwareConsolidator(ConsolidatorBase):
    """Leaves out data outside the market's hours.

    Daily bars go from open to close where strict end times hold, else from midnight. A period that is no
    resolution's begins at the open, and its last bar ends at the close.
    """

    def __init__(
        self,
        daily_strict_end_time_enabled: bool,
        resolution: Resolution | timedelta,
        data_type: type,
        tick_type: TickType,
        extended_market_hours: bool,
    ) -> None:
        """Take the period as a resolution or a timedelta.

        Raises:
            ArgumentNullException: data that is neither bars nor ticks.
        """
        self._is_strict = daily_strict_end_time_enabled
        self._uses_strict_end_time = False
        self._extended = extended_market_hours
        self._hours: Any = None
        period = resolution if isinstance(resolution, timedelta) else RESOLUTION_SPANS[resolution]
        self._period = period
        self._consolidator = self._create(data_type, tick_type)
        attach(self._consolidator, self.forward_consolidated_bar)

    def _create(self, data_type: type, tick_type: TickType) -> Any:
        if data_type is Tick:
            kind: Any = TickConsolidator if tick_type == TickType.TRADE else TickQuoteBarConsolidator
        elif data_type is TradeBar:
            kind = TradeBarConsolidator
        elif data_type is QuoteBar:
            kind = QuoteBarConsolidator
        else:
            raise ArgumentNullException(f"MarketHourAwareConsolidator: {data_type.__name__} not supported")
        return kind(self._calendar() or self._period)

    def _calendar(self) -> CalendarFunction | None:
        if self._period == _ONE_DAY:
            return self.daily_strict_end_time
        if self._period in RESOLUTION_SPANS.values():
            return None
        return self.intraday_calendar if self._period < _ONE_DAY else self.daily_strict_end_time

    @property
    def period(self) -> timedelta:
        """Length of a bar."""
        return self._period

    @property
    def consolidator(self) -> Any:
        """The consolidator that does the work."""
        return self._consolidator

    @property
    def exchange_hours(self) -> Any:
        """The market's hours; None until there is data."""
        return self._hours

    @property
    def input_type(self) -> type:
        """What it takes."""
        taken: type = self._consolidator.input_type
        return taken

    @property
    def output_type(self) -> type:
        """What it gives."""
        given: type = self._consolidator.output_type
        return given

    @property
    def working_data(self) -> Any:
        """A copy of the unfinished bar, or None."""
        return self._consolidator.working_data

    def update(self, data: Any) -> None:
        """Take in data of the market's hours."""
        if self._hours is None:
            self.initialize(data)
        time = data.time
        if self._extended or self._hours.is_open(time, False) or self._reaches_into_hours(data):
            self._consolidator.update(data)

    def _reaches_into_hours(self, data: Any) -> bool:
        """For daily bars: hour data of US equities begins at 9:00, before the open."""
        if self._period != _ONE_DAY or data.end_time - data.time < _ONE_HOUR:
            return False
        return bool(self._hours.is_open(data.time, data.end_time, False))

    def scan(self, current_local_time: datetime) -> None:
        """Finish the bar whose time is over."""
        self._consolidator.scan(current_local_time)

    def initialize(self, data: Any) -> None:
        """Look up the market's hours."""
        symbol = data.symbol
        database = MarketHoursDatabase.from_data_folder()
        self._hours = database.get_exchange_hours(symbol.id.market, symbol, symbol.security_type)
        self._uses_strict_end_time = self.use_strict_end_time(symbol)

    def use_strict_end_time(self, symbol: Any) -> bool:
        """Whether daily bars end at the close."""
        return use_strict_end_time(self._is_strict, symbol, self._period, self._hours)

    def daily_strict_end_time(self, date_time: datetime) -> CalendarInfo:
        """The daily bar of a time."""
        if self._period > _ONE_DAY:
            return CalendarInfo(date_time, self._period)
        if not self._uses_strict_end_time:
            return CalendarInfo(round_down(date_time, self._period), self._period)
        return daily_calendar(date_time, self._hours, self._extended)

    def intraday_calendar(self, date_time: datetime) -> CalendarInfo:
        """The intraday bar of a time."""
        if self._hours is None or self._hours.is_market_always_open:
            return CalendarInfo(round_down(date_time, self._period), self._period)
        return intraday_calendar(date_time, self._period, self._hours, self._extended)

    def forward_consolidated_bar(self, sender: Any, consolidated: Any) -> None:
        """Tell of a bar that the inner consolidator finished."""
        self.on_data_consolidated(consolidated)

    def reset(self) -> None:
        """Forget all data."""
        self._uses_strict_end_time = False
        self._hours = None
        self._consolidator.reset()
        super().reset()

    def dispose(self) -> None:
        """Drop the handlers."""
        detach(self._consolidator, self.forward_consolidated_bar)
        self._consolidator.dispose()
        super().dispose()
