"""Trading days and hours of bars that come without a market-hours database.

Equities and indices trade in the sessions of their exchange's calendar (`exchange_calendars`), in its time
zone; forex days are New York's, as in LEAN; crypto never closes and its days are UTC's.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trading.bars import Bars
from trading.simulation.instrument import SecurityType
from utils.data.lean.clock import DAY, days, to_utc, to_wall
from utils.errors import UserError

CALENDARS = {"usa": "XNYS"}
"""LEAN's market names and the calendars that stand for them; other markets are named by their calendar."""

EXCHANGE_TRADED = (SecurityType.EQUITY, SecurityType.INDEX)


def calendar_name(market: str | None) -> str:
    """Name in `exchange_calendars` of an equity market, None being the USA; UserError when there is none."""
    name = CALENDARS.get((market or "usa").lower(), (market or "").upper())
    if name not in _calendars().get_calendar_names(include_aliases=True):
        raise UserError(f"market: {market} has no trading calendar; use usa, or an exchange's code like XETR")
    return name


def exchange_timezone(security_type: SecurityType | None, market: str | None = None) -> str:
    """IANA time zone whose midnight ends a trading day; no security type means a market that never closes."""
    if security_type in EXCHANGE_TRADED:
        return str(_calendars().get_calendar(calendar_name(market)).tz)
    return "America/New_York" if security_type is SecurityType.FOREX else "UTC"


def in_sessions(bars: Bars, security_type: SecurityType | None, market: str | None, timezone: str) -> Bars:
    """The same bars with `day` and `fills_next_open` of their market.

    Intraday bars of an exchange that lie wholly outside its regular hours are left out, as LEAN does unless
    told otherwise. Bars of a day or more are dated as the exchange dates them: stamps that are no midnight
    there are taken at the date they show in `timezone`, and begin at that date's midnight in the exchange's
    time zone.

    Args:
        bars: as `read_table` gives them, with UTC days.
        market: LEAN's name of an equity market or the code of an exchange; None is the USA.
        timezone: IANA name, the time zone the file was written in.

    Raises:
        UserError: unknown market, two daily bars of one date, one of a day without a session, or no bar
            within trading hours.
    """
    zone = exchange_timezone(security_type, market)
    if security_type in EXCHANGE_TRADED:
        if bars.period < DAY:
            return _intraday(bars, calendar_name(market), zone)
        return _dated(bars, calendar_name(market), zone, timezone)
    if security_type is SecurityType.FOREX:
        return replace(bars, day=days(to_wall(bars.time, zone if bars.period < DAY else timezone)))
    return bars


def select(bars: Bars, chosen: NDArray[np.bool_]) -> Bars:
    """The bars where `chosen` is true."""
    columns = {field.name: getattr(bars, field.name) for field in fields(bars)}
    return replace(bars, **{name: column[chosen] for name, column in columns.items() if np.ndim(column)})


def _dated(bars: Bars, calendar: str, zone: str, timezone: str) -> Bars:
    wall = to_wall(bars.time, zone)
    day = days(wall if not (wall % DAY).any() else to_wall(bars.time, timezone))
    if (np.diff(day) < 1).any():
        row = int(np.argmax(np.diff(day) < 1))
        date = np.datetime64(int(day[row]), "D")
        raise UserError(
            f"{bars.symbol or 'bars'}: two daily bars on {date}; keep one, or check the time zone"
        )
    opens, _ = _schedule(bars, calendar)
    closed = ~np.isin(day, days(to_wall(opens, zone)))
    if bars.period == DAY and closed.any():
        date = np.datetime64(int(day[np.argmax(closed)]), "D")
        raise UserError(f"{date} is no trading day of {calendar}; remove the bar, or check the time zone")
    return replace(
        bars,
        time=to_utc(day.astype(np.int64) * DAY, zone),
        day=day,
        fills_next_open=np.ones(len(bars), np.bool_),
    )


def _intraday(bars: Bars, calendar: str, zone: str) -> Bars:
    opens, closes = _schedule(bars, calendar)
    end = bars.time + bars.period
    following = np.searchsorted(closes, bars.time, side="right")  # first session that closes after the start
    inside = opens[following] < end
    if not inside.any():
        raise UserError(f"no bar lies in the trading hours of {calendar}; check the time zone of the file")
    latest = np.searchsorted(opens, end, side="right") - 1  # last session that has begun by the bar's close
    shut = end >= closes[latest]
    day = days(to_wall(bars.time, zone))
    return select(replace(bars, day=day, fills_next_open=shut), inside)


def _schedule(bars: Bars, calendar: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """UTC nanoseconds of the opens and closes around the bars, a session before and after at least."""
    margin = timedelta(days=14)
    first, last = (pd.Timestamp(bars.time[i]).normalize() for i in (0, -1))
    try:
        found = _calendars().get_calendar(calendar, start=first - margin, end=last + margin)
    except ValueError as error:
        raise UserError(f"market: {error}; leave out the bars from before") from error
    schedule = found.schedule
    opens, closes = (
        schedule[name].dt.tz_localize(None).to_numpy("datetime64[ns]").astype(np.int64)
        for name in ("open", "close")
    )
    return opens, closes


def _calendars() -> Any:
    """The library of calendars, which takes a second to load: only for markets that have one."""
    import exchange_calendars  # noqa: PLC0415

    return exchange_calendars
