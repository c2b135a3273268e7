"""Bars as the files have them, read as far as they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np

from utils.data.lean.clock import DAY, EPOCH, day_number, to_utc, to_wall
from utils.data.lean.map_files import MapFile, Span
from utils.data.lean.series import TickType
from utils.data.lean.table import Source, columns
from utils.engine.feed.columns import Float64Array, Int64Array
from utils.engine.feed.data_folder import DataFolder, Series
from utils.engine.feed.sessions import Sessions

LINE_BITS = 32
"""Width of a line's number in `RawRows.line`."""

_DAYS_AT_ONCE = 400
_MARGIN = timedelta(days=2)


class Origin(NamedTuple):
    """A CSV that rows came from."""

    path: Path
    entry: str


@dataclass(eq=False)
class RawRows:
    """Bars in order; times in UTC nanoseconds.

    Attributes:
        start, end: of a bar, on the exchange's clock `period` apart.
        key: `start` + period: what tells whether two bars are for the same place.
        values: columns of the file, shape (columns, n).
        line: where the bid (or the trade) and the ask of a row stand: number of the origin * 2**32 + number
            of the line, shape (2, n).
    """

    start: Int64Array
    end: Int64Array
    key: Int64Array
    values: Float64Array
    line: Int64Array

    def __len__(self) -> int:
        return len(self.start)

    def taken(self, rows: slice | Int64Array | np.ndarray[tuple[int], np.dtype[np.bool_]]) -> RawRows:
        """Some of the rows."""
        parts = {each.name: getattr(self, each.name)[..., rows] for each in fields(self)}
        return RawRows(**parts)

    @staticmethod
    def joined(parts: Sequence[RawRows]) -> RawRows:
        """Rows one after the other."""
        if len(parts) == 1:
            return parts[0]
        names = [each.name for each in fields(RawRows)]
        return RawRows(**{n: np.concatenate([getattr(part, n) for part in parts], axis=-1) for n in names})

    @staticmethod
    def none(width: int) -> RawRows:
        """No rows of a number of columns."""
        times = np.empty(0, np.int64)
        return RawRows(times, times, times, np.empty((width, 0)), np.empty((2, 0), np.int64))


class _DayFile(NamedTuple):
    day: int
    path: Path
    ticker: str


class RawRowReader:
    """Reads the bars of one subscription, oldest first.

    Rows end at `start` or later, begin at `end` or earlier, and never come twice. Files of a day each are
    read for the dates on which the market is open only. With `strict` daily bars span the session.
    """

    def __init__(
        self,
        data: DataFolder,
        series: Series,
        map_file: MapFile,
        sessions: Sessions,
        start: int,
        end: int,
        *,
        extended: bool,
        strict: bool,
    ) -> None:
        self._data, self._series, self._sessions = data, series, sessions
        self._start, self._end = start, end
        self._width = len(columns(series.tick_type))
        self._rest = RawRows.none(self._width)
        self._last_end = np.iinfo(np.int64).min
        self.origins: list[Origin] = []
        zone = sessions.hours.data_zone
        edges = to_wall(np.array([start, end], np.int64), zone) // DAY
        first, last = (EPOCH + timedelta(days=int(day)) for day in edges)
        self._spans = map_file.spans(first, last)
        self._files: list[_DayFile] = []
        self._next_file = 0
        if series.resolution.file_a_day:
            self._files = self._day_files(sessions.data_days(start, end, extended))
        else:
            whole = self._whole(map_file.spans(first - _MARGIN, last + _MARGIN))
            self._rest = self._within(self._at_session_ends(whole)) if strict else whole

    def _day_files(self, days: Int64Array) -> list[_DayFile]:
        wanted = set(days.tolist())
        found: list[_DayFile] = []
        for span in self._spans:
            first, last = day_number(span.first), day_number(span.last)
            expected = {day for day in wanted if first <= day <= last}
            present = self._data.day_files(self._series, span.ticker)
            numbered = [(day_number(day), path) for day, path in present]
            files = [_DayFile(day, path, span.ticker) for day, path in numbered if day in expected]
            found += files
            for day in sorted(expected - {file.day for file in files}):
                path = self._series.day_path(self._data.root, EPOCH + timedelta(days=day), span.ticker)
                self._data.note_missing(path, self._series)
        return found

    def read(self, until: int) -> RawRows:
        """Rows that end by a time and were not read yet."""
        parts = [self._rest] if len(self._rest) else []
        zone = self._sessions.hours.data_zone
        last_day = int(to_wall(np.array([until], np.int64), zone)[0]) // DAY
        while self._next_file < len(self._files) and self._files[self._next_file].day <= last_day:
            parts.append(self._some_days(last_day))
        if not parts:
            return self._rest
        rows = RawRows.joined(parts)
        count = int(np.searchsorted(rows.end, until, side="right"))
        self._rest = rows.taken(slice(count, None))
        return rows.taken(slice(count))

    def _some_days(self, last_day: int) -> RawRows:
        """Rows of the next files up to a date, of one ticker and no more than memory bears."""
        first = self._next_file
        ticker = self._files[first].ticker
        stop = first
        limit = min(len(self._files), first + _DAYS_AT_ONCE)
        while stop < limit and self._files[stop].day <= last_day and self._files[stop].ticker == ticker:
            stop += 1
        chosen = self._files[first:stop]
        self._next_file = stop
        found = [(file.day, source) for file in chosen if (source := self._source(file, ticker)) is not None]
        sources = [source for _, source in found]
        table = self._data.parse(self._series, sources)
        firsts = np.searchsorted(table.wall, np.array([day for day, _ in found], np.int64) * DAY)
        counts = np.diff(firsts, append=len(table.wall))
        origin = np.arange(len(found)) + len(self.origins) - len(found)
        line = (
            np.arange(len(table.wall)) - np.repeat(firsts, counts) + (np.repeat(origin, counts) << LINE_BITS)
        )
        return self._within(self._timed(table.wall, table.values, line))

    def _source(self, file: _DayFile, ticker: str) -> Source | None:
        """The CSV of a date; None when the file, shared with other series, lacks it."""
        day = EPOCH + timedelta(days=file.day)
        entry = self._series.entry_name(day, ticker)
        text = self._data.text(self._series, file.path, entry)
        if text is None:
            return None
        self.origins.append(Origin(file.path, entry))
        return Source(file.path, text, day)

    def _whole(self, spans: Sequence[Span]) -> RawRows:
        """Rows of the files each ticker has, one for all time or one a year."""
        parts = []
        for span in spans:
            for path in self._data.whole_paths(self._series, span):
                if not path.exists():
                    if any(other.ticker == span.ticker for other in self._spans):
                        self._data.note_missing(path, self._series)
                    continue
                table = self._data.whole_table(self._series, path, span.ticker)
                self.origins.append(Origin(path, self._series.entry_name(None, span.ticker)))
                line = np.arange(len(table.wall)) + (len(self.origins) - 1 << LINE_BITS)
                rows = slice(*np.searchsorted(table.wall, self._edges(span)).tolist())
                parts.append(self._timed(table.wall[rows], table.values[:, rows], line[rows]))
        if not parts:
            return RawRows.none(self._width)
        return self._within(RawRows.joined(parts))

    def _edges(self, span: Span) -> list[int]:
        """Between which times on the data's clock a ticker's rows are wanted."""
        zone = self._sessions.hours.data_zone
        first, last = to_wall(np.array([self._start, self._end], np.int64), zone).tolist()
        begin, end = (day_number(day) * DAY for day in (span.first, span.last))
        return [max(begin, first - 2 * DAY), min(end, last) + DAY]

    def _timed(self, wall: Int64Array, values: Float64Array, line: Int64Array) -> RawRows:
        hours, period = self._sessions.hours, self._series.resolution.period
        start = to_utc(wall, hours.data_zone)
        if self._series.tick_type is TickType.OPEN_INTEREST:  # a count at a moment
            return RawRows(start, start, start, values, np.stack([line, line]))
        key = start + period
        end = key
        if hours.data_zone != "UTC" or hours.exchange_zone != "UTC":
            # A bar ends its period later on the exchange's clock, whatever that clock does in between.
            end = to_utc(to_wall(start, hours.exchange_zone) + period, hours.exchange_zone)
        return RawRows(start, end, key, values, np.stack([line, line]))

    def _at_session_ends(self, rows: RawRows) -> RawRows:
        """Daily bars from open to close; those of dates without a session are left out."""
        self._last_end = np.iinfo(np.int64).min
        if not len(rows):
            return rows
        sessions = self._sessions.daily(int(rows.start[0]) - 20 * DAY, int(rows.end[-1]))
        place = np.searchsorted(sessions.start, rows.end, side="right") - 1
        kept = place >= 0
        kept[kept] = sessions.end[place[kept]] >= rows.start[kept]
        place = place[kept]
        ends = sessions.end[place]
        return RawRows(sessions.start[place], ends, ends, rows.values[:, kept], rows.line[:, kept])

    def _within(self, rows: RawRows) -> RawRows:
        """Rows of the asked span, each later than the one before."""
        before = np.maximum.accumulate(np.concatenate([[self._last_end], rows.end]))[:-1]
        kept = (rows.end > before) & (rows.end >= self._start) & (rows.start <= self._end)
        if len(rows):
            self._last_end = max(int(rows.end.max()), self._last_end)
        return rows if kept.all() else rows.taken(kept)
