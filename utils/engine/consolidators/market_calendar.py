"""The day's and the intraday bars of a market."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from utils.engine.consolidators.calendar import CalendarInfo
from utils.engine.enums import SecurityType

_ONE_HOUR: Final = timedelta(hours=1)
_TICK: Final = timedelta(microseconds=1)


def use_strict_end_time(enabled: bool, symbol: Any, period: timedelta, hours: Any) -> bool:
    """Whether a daily bar of the symbol ends at the market's close rather than at midnight.

    Not for markets that never close, periods up to an hour, forex, custom data and Oanda's CFDs.
    """
    if hours.is_market_always_open or period <= _ONE_HOUR:
        return False
    kind = symbol.security_type
    if kind in (SecurityType.FOREX, SecurityType.BASE):
        return False
    return enabled and not (kind == SecurityType.CFD and symbol.id.market == "oanda")


def daily_calendar(time: datetime, hours: Any, extended_market_hours: bool) -> CalendarInfo:
    """From the day's first open to its last close."""
    start = hours.get_first_daily_market_open(time, extended_market_hours)
    return CalendarInfo(start, hours.get_last_daily_market_close(start, extended_market_hours) - start)


def intraday_calendar(
    time: datetime, period: timedelta, hours: Any, extended_market_hours: bool
) -> CalendarInfo:
    """The bar of a grid that begins at the open; the last one ends at the close."""
    # An open that is now counts as previous.
    asked = time + _TICK if hours.is_open(time, extended_market_hours) else time
    market_open: datetime = hours.get_previous_market_open(asked, extended_market_hours)
    start = market_open + (time - market_open) // period * period
    close: datetime = hours.get_next_market_close(market_open, extended_market_hours)
    return CalendarInfo(start, min(start + period, close) - start)
