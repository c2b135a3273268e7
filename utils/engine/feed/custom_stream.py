"""The points of one subscription to custom data.

LEAN asks the data type for a source at each date of the market. While the answer stays the same the source is
read on; a new answer is a new source. Points go by their `end_time`: earlier ones than the last are left out,
and the first that begins after the end is the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, Final

import numpy as np

from utils.engine.clock import local_to_utc, to_datetime, utc_to_local
from utils.engine.data.subscription_data_source import SubscriptionDataSource
from utils.engine.data.trade_bar import TradeBar
from utils.engine.data.wall_time import NO_TIME
from utils.engine.enums import Resolution
from utils.engine.errors import NotSupportedByEngine
from utils.engine.feed.columns import Columns, Float64Array
from utils.engine.feed.config import INCREMENTS, SubscriptionDataConfig
from utils.engine.feed.custom_fill_forward import CustomFillForward, rounded_down
from utils.engine.feed.custom_source import lines_of
from utils.engine.feed.data_folder import DataFolder

_DAY: Final = timedelta(days=1)


class CustomStream:
    """Points of custom data, read as the run comes to them.

    Args:
        config: of a type whose instances have `get_source` and `reader`.
        hours: of the exchange.
        finest: resolution of the shortest bars among all subscriptions.
        start_utc_ns, end_utc_ns: points end at the start or later and begin at the end or earlier.
    """

    def __init__(
        self,
        config: SubscriptionDataConfig,
        hours: Any,
        start_utc_ns: int,
        end_utc_ns: int,
        data: DataFolder,
        finest: Resolution,
    ) -> None:
        self.config, self._hours, self._data = config, hours, data
        self._zone = config.exchange_time_zone
        self._previous: datetime | None = None  # end of the last point that counted
        self._start, self._end = (
            to_datetime(utc_to_local(time, self._zone)) for time in (start_utc_ns, end_utc_ns)
        )
        self._fill_forward = CustomFillForward(
            hours,
            self._zone,
            config.increment,
            INCREMENTS[finest],
            config.extended_market_hours,
            self._end,
        )
        self._points = self._emitted()
        self._next = next(self._points, None) if start_utc_ns < end_utc_ns else None

    def advance(self, until_ns: int) -> Columns:
        """All points that end by a time and were not given yet; a row holds all points of one moment."""
        rows: list[tuple[int, list[Any]]] = []
        while self._next is not None and self._next[0] <= until_ns:
            time, point = self._next
            if rows and rows[-1][0] == time:
                rows[-1][1].append(point)
            else:
                rows.append((time, [point]))
            self._next = next(self._points, None)
        return self._columns(rows)

    def events(self, _until_ns: int) -> list[tuple[int, Any]]:
        """Custom data has no splits, dividends and the like."""
        return []

    def _columns(self, rows: list[tuple[int, list[Any]]]) -> Columns:
        end = np.array([time for time, _ in rows], np.int64)
        points = np.empty(len(rows), np.object_)
        points[:] = [tuple(found) for _, found in rows]
        last = [found[-1] for found in points]
        start = np.array([local_to_utc(point.time, self._zone) for point in last], np.int64)
        # What is no bar has a price, and neither open, high, low nor volume.
        opens, highs, lows, volumes = (_column(last, name) for name in ("open", "high", "low", "volume"))
        value = np.array([float(point.value) for point in last], np.float64)
        repeated = np.array([point.is_fill_forward for point in last], np.bool_)
        return Columns(
            start, end, end, repeated, opens, highs, lows, value, np.nan_to_num(volumes), points=points
        )

    def _emitted(self) -> Iterator[tuple[int, Any]]:
        """Points within market hours, and when each is known, UTC nanoseconds."""
        points = self._within()
        if self.config.fill_data_forward:
            points = self._fill_forward.filled(points)
        for point in points:
            begin, end = point.time, point.end_time
            if not self._hours.is_open(begin, end, self.config.extended_market_hours):
                continue
            if begin > self._end:
                return
            known = local_to_utc(end, self._zone)
            if end != begin:
                point.time = self._rounded(begin, end - begin)
            yield known, point

    def _rounded(self, time: datetime, span: timedelta) -> datetime:
        """A begin of spans of this length at or before a time, when the market is open."""
        if span != self.config.increment:  # LEAN measures such spans in UTC
            nanoseconds = local_to_utc(time + span, self._zone) - local_to_utc(time, self._zone)
            span = timedelta(microseconds=nanoseconds // 1000)
        time = rounded_down(time, span)
        while not self._hours.is_open(time, time + span, self.config.extended_market_hours):
            time -= span
        return time

    def _within(self) -> Iterator[Any]:
        """Points between start and end whose times do not go back."""
        for point in self._read():
            end = point.end_time
            if self._previous is not None and end < self._previous:
                continue
            self._previous = end
            if end < self._start:
                continue
            if point.time > self._end:
                return
            yield point

    def _read(self) -> Iterator[Any]:
        """Points of the sources, as the reader makes them."""
        dates = _Dates(self._hours, self._start, self._end)
        source: SubscriptionDataSource | None = None
        while dates.advance():
            if self._previous is not None and self._previous > dates.now:
                continue  # there was data of this date already
            asked = self._source(dates.now)
            if asked is None or asked == source or not asked.source:
                continue
            while asked is not None:
                source, asked = asked, None
                for point in self._points_of(source, dates.now):
                    asked = self._changed(source, dates, point.time)
                    if asked is None:
                        yield point
                    else:
                        # The point belongs to a later date, of which another source tells.
                        break

    def _changed(
        self, source: SubscriptionDataSource, dates: _Dates, time: datetime
    ) -> SubscriptionDataSource | None:
        """Go on to a time; the source of the first date on the way that has another one."""
        while dates.now.date() < time.date() and dates.advance_towards(time):
            asked = self._source(dates.now)
            if asked is not None and asked != source and asked.source:
                return asked
        return None

    def _source(self, date: datetime) -> SubscriptionDataSource | None:
        made: SubscriptionDataSource | None = _factory(self.config).get_source(self.config, date, False)
        return made

    def _points_of(self, source: SubscriptionDataSource, date: datetime) -> Iterator[Any]:
        """What the reader makes of a source."""
        factory = _factory(self.config)
        found = self._made(factory.reader, source, date)
        return iter(sorted(found, key=attrgetter("end_time"))) if source.sort else found

    def _made(
        self, reader: Callable[..., Any], source: SubscriptionDataSource, date: datetime
    ) -> Iterator[Any]:
        for line in lines_of(source, self._data):
            try:
                point = reader(self.config, line, date, False)
            except NotSupportedByEngine:
                raise
            except Exception as error:  # noqa: BLE001 - LEAN tells of it and goes on
                self._data.tell(
                    f"Error invoking {self.config.symbol} data reader. Line: {line} Error: {error}"
                )
                continue
            if point is not None and point.end_time != NO_TIME:
                yield point


class _Dates:
    """The dates of a market from a start to an end.

    Attributes:
        now: midnight of the present date.
    """

    def __init__(self, hours: Any, start: datetime, end: datetime) -> None:
        self._hours, self._end = hours, end
        self.now = _midnight(start) - _DAY

    def advance(self) -> bool:
        """Go on to the next date of the market; False: there is none."""
        return self.advance_towards(self._end)

    def advance_towards(self, time: datetime) -> bool:
        """Go on to the next date of the market up to a time; False: there is none."""
        day = self.now + _DAY
        while day <= time:
            if self._hours.is_date_open(day, True):
                self.now = day
                return True
            day += _DAY
        return False


def _column(points: list[Any], field: str) -> Float64Array:
    """A field of those points that are bars, else NaN."""
    values = [getattr(point, field) if isinstance(point, TradeBar) else np.nan for point in points]
    return np.array(values, np.float64)


def _midnight(time: datetime) -> datetime:
    return time.replace(hour=0, minute=0, second=0, microsecond=0)


def _factory(config: SubscriptionDataConfig) -> Any:
    """An instance of the data type that knows its symbol."""
    factory = config.type()
    factory.symbol = config.symbol
    return factory
