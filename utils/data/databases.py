"""The two databases a LEAN data folder needs, as far as the markets of this project go.

Written here from the exchange calendar and from what is common knowledge of the markets; LEAN's own have
thousands of lines more and may replace these files.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import exchange_calendars
import pandas as pd

from trading.simulation.instrument import SecurityType
from utils.data.lean.market_hours import DATABASE as MARKET_HOURS
from utils.data.lean.symbol_properties import DATABASE as SYMBOL_PROPERTIES
from utils.errors import UserError
from utils.files import read_text, write_atomic

FIRST_YEAR, LAST_YEAR = 1962, 2030
"""Holidays and short sessions of these years are listed."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
WEEK = ("sunday", *WEEKDAYS, "saturday")
MIDNIGHT = "1.00:00:00"
"""The end of a day, as LEAN's database writes it."""

Entry = dict[str, object]
Hours = list[dict[str, str]]

PROPERTIES_HEADER = (
    "market,symbol,type,description,quote_currency,contract_multiplier,minimum_price_variation,lot_size,"
    "market_ticker,minimum_order_size,price_magnifier,strike_multiplier"
)


def add_market_hours(folder: Path, *kinds: tuple[SecurityType, str]) -> None:
    """Add hours of (security type, market) pairs to a data folder's database; what is there stays as it is.

    Raises:
        UserError: the hours of such a market are not known here, or the database is damaged.
    """
    path = folder / MARKET_HOURS
    database = _read(path)
    entries = database["entries"]
    keys = {f"{kind.title()}-{market}-[*]": (kind, market) for kind, market in kinds}
    missing = {key: _hours(*keys[key]) for key in keys if key not in entries}
    if missing:
        database["entries"] = missing | entries
        write_atomic(path, json.dumps(database, indent=2) + "\n")


def add_symbol_properties(folder: Path, *rows: str) -> None:
    """Add rows such as `usa,[*],equity,,USD,1,0.01,1` to a data folder's database where there are none."""
    path = folder / SYMBOL_PROPERTIES
    lines = read_text(path).splitlines() if path.exists() else [PROPERTIES_HEADER]
    known = {tuple(line.lower().split(",")[:3]) for line in lines}
    missing = [row for row in rows if tuple(row.lower().split(",")[:3]) not in known]
    if missing:
        write_atomic(path, "\n".join([*lines, *missing]) + "\n")


def _read(path: Path) -> dict[str, dict[str, Entry]]:
    if not path.exists():
        return {"entries": {}}
    try:
        database: dict[str, dict[str, Entry]] = json.loads(path.read_text(encoding="utf-8-sig"))
        database["entries"].keys()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(
            f"{path}: is not a market hours database; remove it to have it written anew"
        ) from error
    return database


def _hours(kind: SecurityType, market: str) -> Entry:
    if kind is SecurityType.CRYPTO:
        return _entry("UTC", "UTC", {day: [_segment("00:00:00", MIDNIGHT)] for day in WEEK})
    if kind is SecurityType.FOREX:
        week = {day: [_segment("00:00:00", MIDNIGHT)] for day in WEEKDAYS}
        week["sunday"] = [_segment("17:00:00", MIDNIGHT)]
        week["friday"] = [_segment("00:00:00", "17:00:00")]
        return _entry("UTC", "America/New_York", week)
    if market != "usa":
        raise UserError(
            f"market: hours of the {kind} market {market} are not known; add them to {MARKET_HOURS}"
        )
    session = [_segment("09:30:00", "16:00:00")]
    if kind is SecurityType.EQUITY:
        before = _segment("04:00:00", "09:30:00", "premarket")
        session = [before, *session, _segment("16:00:00", "20:00:00", "postmarket")]
    week = dict.fromkeys(WEEKDAYS, session)
    return _entry("America/New_York", "America/New_York", week) | _exceptions()


def _entry(data_zone: str, exchange_zone: str, week: dict[str, Hours]) -> Entry:
    days = {day: week.get(day, []) for day in WEEK}
    return {"dataTimeZone": data_zone, "exchangeTimeZone": exchange_zone, **days, "holidays": []}


def _segment(start: str, end: str, state: str = "market") -> dict[str, str]:
    return {"start": start, "end": end, "state": state}


@cache
def _exceptions() -> Entry:
    """Holidays, early closes and late opens of the New York Stock Exchange."""
    first, last = f"{FIRST_YEAR}-01-01", f"{LAST_YEAR}-12-31"
    calendar = exchange_calendars.get_calendar("XNYS", start=first, end=last)
    schedule = calendar.schedule
    opens = schedule["open"].dt.tz_convert(calendar.tz).dt.strftime("%H:%M:%S")
    closes = schedule["close"].dt.tz_convert(calendar.tz).dt.strftime("%H:%M:%S")
    weekdays = pd.date_range(first, last, freq="B")
    return {
        "holidays": [_date(day) for day in weekdays.difference(schedule.index)],
        "earlyCloses": {_date(day): time for day, time in closes.items() if time < "16:00:00"},
        "lateOpens": {_date(day): time for day, time in opens.items() if time > "09:30:00"},
    }


def _date(day: pd.Timestamp) -> str:
    return f"{day.month}/{day.day}/{day.year}"
