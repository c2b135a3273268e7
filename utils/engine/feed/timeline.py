"""The time line: the moments at which data of any subscription appears.

It is made a stretch at a time, so that years of minutes need the memory of a month. A stretch has a sorted
list of moments (`times`), and each source knows its last visible row at each of them. Subscriptions may come
and go in the middle of a stretch; what is left of it is then made anew.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from utils.engine.clock import DAY, Clock
from utils.engine.enums import Resolution
from utils.engine.feed.columns import Columns
from utils.engine.feed.config import SubscriptionDataConfig
from utils.engine.feed.source import Source

# Length of a stretch by the finest bars on it.
_STRETCH = {
    Resolution.TICK: DAY,
    Resolution.SECOND: DAY,
    Resolution.MINUTE: 40 * DAY,
    Resolution.HOUR: 1000 * DAY,
    Resolution.DAILY: 20000 * DAY,
}
# Longest time by which the last bar ends after the end: a day's bar, before a weekend.
_BEYOND = 4 * DAY


class Stream(Protocol):
    """Where a subscription's rows come from, in order."""

    def advance(self, until_ns: int) -> Columns:
        """Rows that end by then and were not given yet."""

    def events(self, until_ns: int) -> list[tuple[int, Any]]:
        """Splits, dividends and the like up to then that were not given yet."""


class Timeline:
    """Moments and what appears at them.

    Attributes:
        times: UTC nanoseconds of the steps of this stretch.
        sources: subscriptions, in the order of their data in a slice: by security type, tick type, symbol.
        data_points: rows given so far.
        with_data: each subscription that was read, and whether it gave anything.
        moments: moments without data that are steps too, ascending; a stretch begins at each, as what is
            subscribed to may change there.
    """

    def __init__(self, clock: Clock, start: int, end: int) -> None:
        self._clock = clock
        self._start = self._position = start
        self._end = end
        self._streams: dict[Source, Stream] = {}
        self.sources: list[Source] = []
        self.times: list[int] = []
        self._events: dict[int, list[tuple[Source, Any]]] = {}
        self.data_points = 0
        self.with_data: dict[SubscriptionDataConfig, bool] = {}
        self.moments: list[int] = []
        self._in_order = True
        self.before_new_columns: Callable[[], None] = lambda: None

    def add(self, config: SubscriptionDataConfig, stream: Stream, empty: Columns) -> Source:
        """Put a subscription on the time line; its data appears after now."""
        source = Source(config, self._clock, empty)
        self._streams[source] = stream
        self.sources.append(source)
        self._in_order = False
        return source

    def _put_in_order(self) -> None:
        """Sort the sources when some were added: hundreds come at once."""
        if not self._in_order:
            self.sources.sort(key=_place)
            self._in_order = True

    def remove(self, source: Source) -> None:
        """Take a subscription off: what it showed stays, and of what was read ahead nothing more is shown."""
        source.freeze()
        self._streams.pop(source, None)
        self.sources = [other for other in self.sources if other is not source]
        left = (
            (time, [event for event in events if event[0] is not source])
            for time, events in self._events.items()
        )
        self._events = {time: events for time, events in left if events}

    def next_stretch(self) -> bool:
        """Make the next stretch that has any moments, and put `clock.step` before its first step.

        Returns:
            Whether there is one. If not, the last stretch stays, and its last moment is the present one.
        """
        while self._position < self._end:
            before = self._position
            self._position = self._end_of_stretch()
            self._put_in_order()
            columns = {source: Columns.joined(source.unseen(), self._read(source)) for source in self.sources}
            after = before - 1 if before == self._start else before
            times = self._times(columns, dict.fromkeys(self.sources, 0), after)
            if len(times):
                self.before_new_columns()
                self._lay(columns, dict.fromkeys(self.sources, 0), times)
                return True
        return False

    def _end_of_stretch(self) -> int:
        finest = min((s.config.resolution for s in self.sources), default=Resolution.DAILY)
        end = self._position + _STRETCH[finest]
        upcoming = bisect_right(self.moments, self._position + 1)
        if upcoming < len(self.moments):
            end = min(end, self.moments[upcoming] - 1)
        # A bar that begins before the end shows when it ends; the streams know where to stop.
        return self._end + _BEYOND if end >= self._end else end

    def rebuild(self, added: list[Source], after: int) -> None:
        """Make the stretch anew after a moment, when subscriptions came or went."""
        self._put_in_order()
        new = set(added)
        columns = {s: self._read(s) if s in new else s.columns for s in self.sources}
        first = {s: 0 if s in new else s.row + 1 for s in self.sources}
        self._lay(columns, first, self._times(columns, first, after))

    def _read(self, source: Source) -> Columns:
        stream = self._streams[source]
        columns = stream.advance(self._position)
        self.data_points += len(columns.end_time)
        self.with_data[source.config] = self.with_data.get(source.config, False) or len(columns.end_time) > 0
        for time, event in stream.events(self._position):
            self.data_points += 1
            self._events.setdefault(time, []).append((source, event))
        return columns

    def _times(
        self, columns: dict[Source, Columns], first: dict[Source, int], after: int
    ) -> NDArray[np.int64]:
        """Moments of the stretch after one; `first`: the first row of each source that is not visible yet."""
        self._events = {t: events for t, events in self._events.items() if t > after or t < self._start}
        inside = slice(bisect_right(self.moments, after), bisect_right(self.moments, self._position))
        parts = [columns[source].end_time[first[source] :] for source in self.sources]
        parts.append(np.array(self.moments[inside], np.int64))
        parts.append(np.array(sorted(t for t in self._events if t <= self._position), dtype=np.int64))
        # What is older than the run shows at its first moment.
        times: NDArray[np.int64] = np.unique(np.maximum(np.concatenate(parts), self._start))
        return times[times > after]

    def _lay(
        self, columns: dict[Source, Columns], first: dict[Source, int], times: NDArray[np.int64]
    ) -> None:
        """Make the steps of these moments."""
        self._clock.step = self._clock.consolidated = -1
        for source in self.sources:
            ends = columns[source].end_time
            rows = np.searchsorted(ends, times, side="right") - 1
            source.load(columns[source], np.concatenate([[first[source] - 1], rows]))
        self.times = times.tolist()

    def events_at(self, time: int) -> list[tuple[Source, Any]]:
        """Splits, dividends and the like of a moment, in the order of the sources."""
        found = self._events.get(time)
        if not found:
            return []
        order = {source: index for index, source in enumerate(self.sources)}
        return sorted(found, key=lambda item: order.get(item[0], len(order)))

    @property
    def event_times(self) -> set[int]:
        """Moments with splits, dividends and the like."""
        return set(self._events)


def _place(source: Source) -> tuple[int, int, str]:
    config = source.config
    return int(config.security_type), int(config.tick_type), config.symbol.value
