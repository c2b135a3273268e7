"""Market hours: time zones, sessions, holidays, early closes and late opens, from LEAN's database.

The database is `market-hours/market-hours-database.json` in a data folder. An entry for one symbol
(`Index-usa-SPX`) takes its holidays, early closes and late opens together with those of the entry for all of
the market (`Index-usa-[*]`), its own first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from trading.security_type import SecurityType
from utils.data.lean.clock import DAY, EPOCH, days, to_utc, to_wall, zone
from utils.errors import UserError

DATABASE = Path("market-hours", "market-hours-database.json")

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_TIME_OF_DAY = re.compile(r"(?:(\d)[.:])?(\d\d):(\d\d):(\d\d)")


class Segment(NamedTuple):
    """Part of a day, `start` <= t < `end` in nanoseconds since midnight; `regular` or extended hours."""

    start: int
    end: int
    regular: bool


@dataclass(frozen=True, eq=False)
class MarketHours:
    """When a market is open.

    Attributes:
        data_zone: time zone of the times in the data files.
        exchange_zone: time zone of everything below.
        week: segments of each weekday, Monday first.
        holidays: dates without a session.
        early_closes, late_opens: nanoseconds since midnight, by date.
    """

    data_zone: str
    exchange_zone: str
    week: tuple[tuple[Segment, ...], ...]
    holidays: frozenset[date] = frozenset()
    early_closes: Mapping[date, int] = field(default_factory=dict)
    late_opens: Mapping[date, int] = field(default_factory=dict)

    @property
    def always_open(self) -> bool:
        """Whether regular hours fill every day of the week."""
        return all(_covers(segments) for segments in self.week)

    def segments(self, day: date) -> tuple[Segment, ...]:
        """Regular and extended hours of a date; none on a holiday.

        After an early close, and before a late open, the market is shut. When the late open is the later of
        the two, the market shuts in between only.
        """
        if day in self.holidays:
            return ()
        close, reopen = self.early_closes.get(day, DAY), self.late_opens.get(day, 0)
        spans = ((0, close), (reopen, DAY)) if close <= reopen else ((reopen, close),)
        kept = (
            Segment(max(segment.start, start), min(segment.end, end), segment.regular)
            for segment in self.week[day.weekday()]
            for start, end in spans
        )
        return tuple(segment for segment in kept if segment.start < segment.end)

    def session(self, day: date) -> tuple[datetime, datetime] | None:
        """First open and last close of a date's regular hours, in the exchange's zone; None when shut."""
        regular = [segment for segment in self.segments(day) if segment.regular]
        if not regular:
            return None
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone(self.exchange_zone))
        first, last = (timedelta(microseconds=t // 1_000) for t in (regular[0].start, regular[-1].end))
        return midnight + first, midnight + last

    def open_at(self, time: NDArray[np.int64], extended: bool = False) -> NDArray[np.bool_]:
        """Whether the market is open at UTC times (ns), of shape (n,); `extended` counts those hours too."""
        wall = to_wall(time, self.exchange_zone)
        edges = [
            number * DAY + edge
            for number in np.unique(days(wall)).tolist()
            for segment in self.segments(EPOCH + timedelta(days=number))
            if segment.regular or extended
            for edge in (segment.start, segment.end)
        ]
        return np.asarray(np.searchsorted(np.array(edges, np.int64), wall, side="right") % 2 == 1)

    def exchange_days(self, time: NDArray[np.int64]) -> NDArray[np.int32]:
        """Date in the exchange's time zone of UTC times (ns), as days since 1970-01-01."""
        return days(to_wall(time, self.exchange_zone))

    def daily_time(self, day: NDArray[np.int32]) -> NDArray[np.int64]:
        """Start (UTC ns) of LEAN's daily bars of dates: midnight in the data time zone."""
        return to_utc(day.astype(np.int64) * DAY, self.data_zone)

    def fills_next_open(
        self, time: NDArray[np.int64], period: int, security_type: SecurityType
    ) -> NDArray[np.bool_]:
        """Where a market order sent at the end of a bar waits for the next bar's open.

        Equities and indices: the exchange is shut at that moment (the session's last bar, pre-market but for
        its last bar, post-market), and daily bars, always. Crypto and forex orders never wait.
        """
        if security_type not in (SecurityType.EQUITY, SecurityType.INDEX):
            return np.zeros(len(time), np.bool_)
        if period >= DAY:
            return np.ones(len(time), np.bool_)
        return ~self.open_at(time + period)


class Listed(Protocol):
    """What has market hours: a series of any kind."""

    @property
    def security_type(self) -> str:
        """Kind of security as LEAN's folders have it."""

    @property
    def market(self) -> str:
        """Where it is traded."""

    @property
    def symbol(self) -> str:
        """Its ticker."""


class _Entry(NamedTuple):
    """An entry as the file has it; read only when it is asked for."""

    key: str
    value: dict[str, Any]


def market_hours(folder: Path, series: Listed) -> MarketHours:
    """Market hours of a series, from the database in its data folder.

    Raises:
        UserError: the database is missing or damaged, or has no entry for the market.
    """
    path = folder / DATABASE
    try:
        stamp = path.stat()
    except OSError as error:
        raise UserError(
            f"{path}: no market hours database; copy LEAN's Data/market-hours into the data folder, "
            "or make one with scripts/data.py sample"
        ) from error
    entries = _entries(path, stamp.st_mtime_ns, stamp.st_size)
    market = f"{series.security_type}-{series.market}".lower()
    common = entries.get(f"{market}-[*]")
    entry = entries.get(f"{market}-{series.symbol.lower()}", common)
    if entry is None:
        known = sorted({key.split("-")[1] for key in entries if key.startswith(f"{series.security_type}-")})
        raise UserError(
            f"{path}: no entry {series.security_type}-{series.market}-[*]; add it, "
            f"or use a market it has: {', '.join(known) or 'none of this type'}"
        )
    return _read_entry(path, entry, common)


@lru_cache(maxsize=4)
def _entries(path: Path, _modified: int, _size: int) -> dict[str, _Entry]:
    """Entries by lower-case key; read again when the file has changed."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8-sig"))["entries"]
        return {key.lower(): _Entry(key, value) for key, value in entries.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{path}: is not a market hours database; copy LEAN's file again") from error


def _read_entry(path: Path, entry: _Entry, common: _Entry | None) -> MarketHours:
    entries = [one for one in (common, entry) if one is not None]
    try:
        return MarketHours(
            data_zone=_zone_name(entry.value["dataTimeZone"]),
            exchange_zone=_zone_name(entry.value["exchangeTimeZone"]),
            week=tuple(tuple(_segments(entry.value.get(weekday) or ())) for weekday in WEEKDAYS),
            holidays=frozenset(_date(text) for one in entries for text in one.value.get("holidays") or ()),
            early_closes=_times(entries, "earlyCloses"),
            late_opens=_times(entries, "lateOpens"),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(
            f"{path}: entry {entry.key}: cannot be read: {error}; copy LEAN's file again"
        ) from error


def _segments(items: Sequence[dict[str, str]]) -> Iterator[Segment]:
    for item in items:
        if item["state"] != "closed":
            yield Segment(_time_of_day(item["start"]), _time_of_day(item["end"]), item["state"] == "market")


def _times(entries: list[_Entry], field: str) -> dict[date, int]:
    return {
        _date(day): _time_of_day(text)
        for one in entries
        for day, text in (one.value.get(field) or {}).items()
    }


def _time_of_day(text: str) -> int:
    match = _TIME_OF_DAY.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is not a time of day")
    whole_days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return ((whole_days * 24 + hours) * 3_600 + minutes * 60 + seconds) * 1_000_000_000


def _date(text: str) -> date:
    month, day, year = (int(part) for part in text.split("/"))
    return date(year, month, day)


def _zone_name(name: str) -> str:
    zone(name)  # refuse it here, where the entry is named
    return name


def _covers(segments: tuple[Segment, ...]) -> bool:
    """Whether regular hours run from midnight to midnight."""
    reached = 0
    for segment in segments:
        if segment.regular and segment.start <= reached:
            reached = max(reached, segment.end)
    return reached >= DAY
