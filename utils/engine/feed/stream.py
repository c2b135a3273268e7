"""The rows of one subscription, a stretch at a time: adjusted, filled forward, within market hours."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.data.lean.checks import QUOTE_COLUMNS, SIDE
from utils.data.lean.clock import DAY, day_number, to_utc, to_wall
from utils.data.lean.prices import EQUITY_SCALE
from utils.data.lean.table import columns
from utils.engine.enums import DataNormalizationMode, Resolution, SecurityType, TickType
from utils.engine.errors import NotSupportedByEngine
from utils.engine.feed.columns import Columns, Float64Array, Int64Array
from utils.engine.feed.config import SubscriptionDataConfig
from utils.engine.feed.corporate_events import corporate_events
from utils.engine.feed.data_folder import DataFolder
from utils.engine.feed.exact_values import EquityCells, ExactCells, ScaledCells, WrittenCells, exact_value
from utils.engine.feed.fill_forward import FillForward, nanoseconds, uses_strict_end_times
from utils.engine.feed.normalization import Normalization
from utils.engine.feed.raw_rows import LINE_BITS, RawRowReader, RawRows
from utils.engine.feed.sessions import Spans

_MODES = (
    DataNormalizationMode.RAW,
    DataNormalizationMode.ADJUSTED,
    DataNormalizationMode.SPLIT_ADJUSTED,
    DataNormalizationMode.TOTAL_RETURN,
    DataNormalizationMode.SCALED_RAW,
)
_OPTIONS = (SecurityType.OPTION, SecurityType.INDEX_OPTION)
_NEVER = int(np.iinfo(np.int64).max)


class SubscriptionStream:
    """Bars and events of one subscription, in order.

    Attributes:
        config: what is subscribed to.
        fill_forward_resolution: length of the finest bars among all subscriptions; may change while running.
    """

    def __init__(
        self,
        config: SubscriptionDataConfig,
        start_utc_ns: int,
        end_utc_ns: int,
        data: DataFolder,
        fill_forward_resolution: Resolution = Resolution.MINUTE,
        *,
        daily_precise_end_time: bool = True,
    ) -> None:
        """Rows that end at the start or later and begin at the end or earlier.

        Raises:
            NotSupportedByEngine: a resolution, kind of security or normalization that is not read.
            UserError: a damaged file.
        """
        if config.data_normalization_mode not in _MODES:
            raise NotSupportedByEngine(f"DataNormalizationMode.{config.data_normalization_mode}")
        self.config, self._data = config, data
        self.fill_forward_resolution = fill_forward_resolution
        self._series = data.series(config)
        self._sessions = data.sessions(self._series)
        self._strict = uses_strict_end_times(config, self._sessions, daily_precise_end_time)
        self._period = nanoseconds(config.increment)
        self._end = end_utc_ns
        self._counts = config.tick_type == TickType.OPEN_INTEREST
        if self._counts:  # it comes once a day, before the market opens
            start_utc_ns = self._midnight(self._exchange_day(start_utc_ns))
        map_file, factor_file = data.map_file(config), data.factor_file(config)
        first = [start_utc_ns]
        if map_file.rows:
            first.append(self._midnight(day_number(map_file.rows[0][0])))
        if factor_file.first_day is not None:
            first.append(self._midnight(factor_file.first_day))
        self._start = max(first)
        days = self._sessions.open_days(start_utc_ns, end_utc_ns, config.extended_market_hours)
        events = corporate_events(config, map_file, factor_file, days)
        self._events = events.events
        self._told: list[tuple[int, Any]] = []
        self._delisted = _NEVER if events.ends is None else events.ends
        self._normalization = Normalization(
            factor_file,
            config.data_normalization_mode,
            self._exchange_day(end_utc_ns),
            events.dividends,
        )
        self._reader = RawRowReader(
            data,
            self._series,
            map_file,
            self._sessions,
            self._start,
            end_utc_ns,
            extended=config.extended_market_hours,
            strict=self._strict and not self._counts,
        )
        self._last: RawRows | None = None  # the row that is filled forward
        self._until = self._start - 1
        self._given = -_NEVER
        self._filled_until = self._fill_forward.last_end(end_utc_ns)

    def begin_with(self, other: SubscriptionStream) -> None:
        """Fill the last row of another stream forward until this one, not read yet, has one of its own."""
        row, begin = other._last, self._start
        if row is None or self._last is not None:
            return
        origins = self._reader.origins
        line = row.line + (len(origins) << LINE_BITS)
        origins += other._reader.origins
        start, end = np.array([begin - self._period]), np.array([begin])
        self._last = RawRows(start, end, end, row.values, line)

    def _midnight(self, day: int) -> int:
        return int(to_utc(np.array([day * DAY]), self._sessions.hours.exchange_zone)[0])

    def _exchange_day(self, time: int) -> int:
        return int(to_wall(np.array([time]), self._sessions.hours.exchange_zone)[0] // DAY)

    def advance(self, until_ns: int) -> Columns:
        """All rows that are revealed by a time and were not given yet.

        Raises:
            UserError: a damaged file or line.
        """
        quotes = self.config.tick_type == TickType.QUOTE
        if until_ns <= self._until:
            return Columns.empty(quotes=quotes)
        after, self._until = self._until, until_ns
        rows = self._reader.read(until_ns)
        known = 0
        if self._last is not None:
            rows, known = RawRows.joined([self._last, rows]), 1
        self._tell(rows, until_ns)
        if not len(rows):
            return Columns.empty(quotes=quotes)
        if quotes:
            rows = _with_sides(rows, filled=self.config.fill_data_forward)
        self._last = rows.taken(slice(len(rows) - 1, None))
        return self._columns(rows, known, after)

    def events(self, until_ns: int) -> list[tuple[int, Any]]:
        """Splits, dividends, changes of ticker and delistings up to a time that were not given yet.

        Their reference prices need the bars before them: `advance` comes first.
        """
        if until_ns > self._until:
            raise ValueError("events: advance to the time first")
        due = [told for told in self._told if told[0] <= until_ns]
        self._told = [told for told in self._told if told[0] > until_ns]
        return due

    @property
    def _fill_forward(self) -> FillForward:
        extended = self.config.extended_market_hours
        return FillForward(self._sessions, self._period, self.fill_forward_resolution, extended, self._strict)

    def _tell(self, rows: RawRows, until: int) -> None:
        """Make the events up to a time, with the last raw price before their date."""
        while self._events and self._events[0].time <= until:
            event = self._events.pop(0)
            place = int(np.searchsorted(rows.start, self._midnight(event.day))) - 1
            price = float(rows.values[3, place]) / EQUITY_SCALE if place >= 0 else 0.0  # of trades
            self._told.append((event.time, event.make(price)))

    def _columns(self, rows: RawRows, known: int, after: int) -> Columns:
        """What is revealed of the rows after a time, the first `known` of which were revealed before."""
        origin = np.arange(known, len(rows))
        if self.config.is_filtered_subscription and not self._counts:
            origin = origin[self._open(rows)[known:]]
        end, bar_end, start = rows.end[origin], rows.end[origin], rows.start[origin]
        repeated = np.zeros(len(origin), np.bool_)
        if self.config.fill_data_forward:
            filled_end, filled_origin, places = self._filled(rows, after)
            if len(filled_end):
                key = np.concatenate([rows.key[origin], filled_end])
                order = np.argsort(key, kind="stable")
                repeated = np.concatenate([repeated, np.ones(len(filled_end), np.bool_)])[order]
                end = np.concatenate([end, filled_end])[order]
                start = np.concatenate([start, places.start])[order]
                bar_end = np.concatenate([bar_end, places.end])[order]
                origin = np.concatenate([origin, filled_origin])[order]
        later = end > np.maximum.accumulate(np.concatenate([[self._given], end]))[:-1]
        if not later.all():
            end, bar_end, start, repeated, origin = (
                part[later] for part in (end, bar_end, start, repeated, origin)
            )
        if len(end):
            self._given = int(end[-1])
        return self._priced(rows, origin, (start, end, bar_end, repeated))

    def _open(self, rows: RawRows) -> NDArray[np.bool_]:
        spans = self._sessions.open_spans(
            int(rows.start[0]), int(rows.end[-1]), self.config.extended_market_hours
        )
        return spans.overlapped(rows.start, rows.end)

    def _filled(self, rows: RawRows, after: int) -> tuple[Int64Array, Int64Array, Spans]:
        """Where a row is repeated: the moments, which row, and the bar that is shown."""
        fill_forward = self._fill_forward
        until = min(self._until, self._filled_until, self._delisted)
        after = max(after, int(rows.key[0]))
        places = fill_forward.around(after, until)
        grid = fill_forward.grid(after, until, places)
        row = np.searchsorted(rows.key, grid, side="left")
        there = rows.key[np.minimum(row, len(rows) - 1)] == grid
        missing = ~there & (row > 0)
        moments = grid[missing]
        shown = np.searchsorted(places.end, moments, side="right") - 1
        return moments, row[missing] - 1, Spans(places.start[shown], places.end[shown])

    def _priced(
        self,
        rows: RawRows,
        origin: Int64Array,
        times: tuple[Int64Array, Int64Array, Int64Array, NDArray[np.bool_]],
    ) -> Columns:
        """Columns with prices and sizes of the rows `origin`."""
        series, repeated = self._series, times[-1]
        values, cells = self._adjusted(rows)
        whole = len(origin) == len(rows) and not repeated.any()
        taken = values if whole else values[:, origin]

        def exact(row: int, field: str) -> Decimal:
            return exact_value(cells, series, int(origin[row]), field, fill_forward=bool(repeated[row]))

        if self._counts:
            return Columns(*times, *(taken[0],) * 4, np.zeros(len(origin)), exact=exact)
        if self.config.tick_type != TickType.QUOTE:
            open_, high, low, close, volume = taken
            volume = np.where(repeated, 0.0, volume)
            return Columns(*times, open_, high, low, close, volume, exact=exact)
        open_, high, low, close = self._middle(rows) if whole else self._middle(rows)[:, origin]
        sides = dict(zip(QUOTE_COLUMNS, taken, strict=True))
        volume = np.zeros(len(origin))
        return Columns(*times, open_, high, low, close, volume, **sides, exact=exact)

    def _adjusted(self, rows: RawRows) -> tuple[Float64Array, ExactCells]:
        """Prices and sizes of the rows, and their decimals."""
        names = columns(self._series.tick_type)
        if self.config.security_type in _OPTIONS:
            return _unscaled(rows.values), ScaledCells(names, rows)
        if self.config.security_type != SecurityType.EQUITY:
            return rows.values, WrittenCells(self._data, names, rows, self._reader.origins)
        day = self._price_days(rows)
        factor_row = self._normalization.rows(day)
        values = np.empty_like(rows.values)
        for first in range(0, len(values), SIDE):
            prices = rows.values[first : first + 4]
            values[first : first + 4] = self._normalization.prices(prices, factor_row, day)
            values[first + 4] = self._normalization.sizes(rows.values[first + 4], factor_row)
        return values, EquityCells(names, rows, self._normalization, factor_row, day)

    def _price_days(self, rows: RawRows) -> Int64Array:
        """Dates whose factor adjusts the rows: those they begin on, or end on when they go past midnight."""
        zone = self._sessions.hours.exchange_zone
        day = to_wall(rows.start, zone) // DAY
        if self._sessions.hours.data_zone == zone:
            return day
        end = to_wall(rows.end, zone)
        return np.where((end // DAY != day) & (end % DAY > 0), end // DAY, day)

    def _middle(self, rows: RawRows) -> Float64Array:
        """Open, high, low and close between bid and ask."""
        bid, ask = rows.values[:4], rows.values[SIDE : SIDE + 4]
        middle = np.where(np.isnan(bid), ask, np.where(np.isnan(ask), bid, (bid + ask) / 2))
        if self.config.security_type in _OPTIONS:
            return middle / EQUITY_SCALE
        if self.config.security_type != SecurityType.EQUITY:
            return _in_decimals(middle)
        day = self._price_days(rows)
        return self._normalization.prices(middle, self._normalization.rows(day), day)


def _unscaled(written: Float64Array) -> Float64Array:
    """Values of an option's file, whose prices are ten-thousandths; open interest is a count."""
    values = written.copy()
    for first in range(0, len(values) // SIDE * SIDE, SIDE):
        values[first : first + 4] /= EQUITY_SCALE
    return values


def _with_sides(rows: RawRows, *, filled: bool) -> RawRows:
    """Quotes whose absent sides are those of the row before, when they are filled, and have no size."""
    values, line = rows.values, rows.line
    for side in (0, 1):
        prices = slice(side * SIDE, side * SIDE + 4)
        absent = np.isnan(values[side * SIDE])
        if not absent.any():
            continue
        values, line = values.copy(), line.copy()
        values[side * SIDE + 4, absent] = 0.0
        if filled:
            source = np.maximum.accumulate(np.where(absent, 0, np.arange(len(rows))))
            values[prices] = values[prices, source]
            line[side] = line[side, source]
    return RawRows(rows.start, rows.end, rows.key, values, line)


def _in_decimals(prices: Float64Array) -> Float64Array:
    """Prices of few decimals as the nearest floats: the mean of two floats may be next to it."""
    if not prices.size:
        return prices
    unit = 1e10 if float(np.nanmax(prices, initial=0.0)) < 4e5 else 1e8
    whole = np.rint(prices * unit)
    exact = np.abs(prices * unit - whole) < 1e-2 + whole * 1e-15
    return np.where(exact, whole / unit, prices)
