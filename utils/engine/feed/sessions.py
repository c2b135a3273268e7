"""Market hours as arrays: where a market is open, and the bars it can have."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

import numpy as np

from utils.data.lean.clock import DAY, EPOCH, day_number, to_utc, to_wall
from utils.data.lean.market_hours import MarketHours
from utils.engine.feed.columns import Int64Array


class Spans(NamedTuple):
    """Spans of time in order, UTC nanoseconds unless said otherwise; `start` <= t < `end`."""

    start: Int64Array
    end: Int64Array

    def overlapped(self, start: Int64Array, end: Int64Array) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Whether each of the given spans has a moment in common with one of these."""
        after = np.searchsorted(self.end, start, side="right")  # first that ends after the start
        found = after < len(self.start)
        found[found] = self.start[after[found]] < end[found]
        return found


class Sessions:
    """When one market is open, on its own wall clock and in UTC."""

    def __init__(self, hours: MarketHours) -> None:
        self.hours = hours
        self._known: dict[tuple[int, bool], Spans] = {}

    @cached_property
    def always_open(self) -> bool:
        """Whether the market never closes."""
        return self.hours.always_open

    def wall_spans(self, first_day: int, last_day: int, extended: bool) -> Spans:
        """Open hours of dates (days since 1970-01-01), on the exchange's wall clock."""
        years = [self._year(year, extended) for year in range(*_years(first_day, last_day))]
        if not years:
            return Spans(np.empty(0, np.int64), np.empty(0, np.int64))
        spans = Spans(*(np.concatenate(part) for part in zip(*years, strict=True)))
        rows = slice(*np.searchsorted(spans.start, [first_day * DAY, (last_day + 1) * DAY]).tolist())
        return Spans(spans.start[rows], spans.end[rows])

    def _year(self, year: int, extended: bool) -> Spans:
        key = (year, extended)
        if key not in self._known:
            first, last = day_number(date(year, 1, 1)), day_number(date(year, 12, 31))
            edges = [
                (day * DAY + segment.start, day * DAY + segment.end)
                for day in range(first, last + 1)
                for segment in self.hours.segments(EPOCH + timedelta(days=day))
                if segment.regular or extended
            ]
            array = np.array(edges, np.int64).reshape(-1, 2)
            self._known[key] = Spans(array[:, 0].copy(), array[:, 1].copy())
        return self._known[key]

    def _days(self, start: int, end: int) -> tuple[int, int]:
        """Dates on the exchange's clock that hold a span of UTC time, with a margin."""
        return start // DAY - 1, end // DAY + 1

    def open_spans(self, start: int, end: int, extended: bool) -> Spans:
        """Open hours around a span of UTC time."""
        wall = self.wall_spans(*self._days(start, end), extended)
        zone = self.hours.exchange_zone
        return Spans(to_utc(wall.start, zone), to_utc(wall.end, zone))

    def open_days(self, start: int, end: int, extended: bool) -> Int64Array:
        """Dates on which the market opens, from the exchange's date at `start` to the one at `end` (UTC)."""
        zone = self.hours.exchange_zone
        first, last = (to_wall(np.array([start, end]), zone) // DAY).tolist()
        spans = self.open_spans(start, end, extended)
        days = np.unique(to_wall(spans.start, zone) // DAY)
        kept: Int64Array = days[(days >= first) & (days <= last)]
        return kept

    def slots(self, start: int, end: int, period: int, extended: bool) -> Spans:
        """Bars of a length, aligned in the data's zone, that have open hours, around a span of UTC time."""
        spans = self.open_spans(start, end, extended)
        zone = self.hours.data_zone
        first = to_wall(spans.start, zone) // period
        last = -(-to_wall(spans.end, zone) // period)
        if len(first) > 1:
            np.maximum(first[1:], np.maximum.accumulate(last)[:-1], out=first[1:])  # each bar once
        counts = np.maximum(last - first, 0)
        total = int(counts.sum())
        offsets = np.repeat(first - (np.cumsum(counts) - counts), counts)
        starts = to_utc((np.arange(total) + offsets) * period, zone)
        return Spans(starts, starts + period)

    def daily(self, start: int, end: int) -> Spans:
        """Regular hours of each date from the first open to the last close, around a span of UTC time."""
        wall = self.wall_spans(*self._days(start, end), False)
        if not len(wall.start):
            return wall
        day = wall.start // DAY
        first = np.flatnonzero(np.diff(day, prepend=-1))
        last = np.append(first[1:], len(day)) - 1
        zone = self.hours.exchange_zone
        return Spans(to_utc(wall.start[first], zone), to_utc(wall.end[last], zone))

    def data_days(self, start: int, end: int, extended: bool) -> Int64Array:
        """Dates in the data's zone with open hours between UTC times, as days since 1970-01-01."""
        spans = self.open_spans(start, end, extended)
        inside = (spans.end > start) & (spans.start < end)
        zone = self.hours.data_zone
        first = to_wall(np.maximum(spans.start[inside], start), zone) // DAY
        last = (to_wall(np.minimum(spans.end[inside], end), zone) - 1) // DAY
        days = [np.arange(a, b + 1) for a, b in zip(first.tolist(), last.tolist(), strict=True)]
        return np.unique(np.concatenate(days)) if days else np.empty(0, np.int64)


def _years(first_day: int, last_day: int) -> tuple[int, int]:
    """First year of a span of dates and the one after the last."""
    first, last = (EPOCH + timedelta(days=day) for day in (first_day, last_day))
    return first.year, last.year + 1
