"""An exchange's hours on one day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import DayOfWeek
from utils.engine.exchange.market_hours_segment import (
    MIDNIGHT,
    ONE_DAY,
    MarketHoursSegment,
    MarketHoursState,
)


class LocalMarketHours(DotNet):
    """Segments of one day, in the exchange's time zone.

    `LocalMarketHours(day, segments)`, `(day, market_open, market_close)` or `(day, extended_market_open,
    market_open, market_close, extended_market_close)`.

    Attributes:
        day_of_week: the day.
        segments: regular and extended hours, in order.
        is_closed_all_day, is_open_all_day: no hours; regular hours from midnight to midnight.
        market_duration: regular hours altogether.
    """

    day_of_week: DayOfWeek
    segments: tuple[MarketHoursSegment, ...]
    is_closed_all_day: bool
    is_open_all_day: bool
    market_duration: timedelta

    def __init__(self, day: DayOfWeek, *hours: object) -> None:
        self.day_of_week = DayOfWeek(day)
        self.segments = tuple(
            segment for segment in _segments(hours) if segment.state != MarketHoursState.CLOSED
        )
        # What `is_open` looks through, instantly: regular hours, and regular and extended ones.
        self._regular = tuple((one.start, one.end) for one in self.segments if one.is_regular)
        self._all = tuple((one.start, one.end) for one in self.segments)
        self.is_closed_all_day = not self.segments
        self.is_open_all_day = self.segments == (MarketHoursSegment.open_all_day(),)
        self.market_duration = sum((end - start for start, end in self._regular), timedelta())

    @staticmethod
    def closed_all_day(day_of_week: DayOfWeek) -> LocalMarketHours:
        """A day without hours."""
        return LocalMarketHours(day_of_week)

    @staticmethod
    def open_all_day(day_of_week: DayOfWeek) -> LocalMarketHours:
        """A day of regular hours."""
        return LocalMarketHours(day_of_week, [MarketHoursSegment.open_all_day()])

    def is_open(
        self, time: timedelta, end: timedelta | bool = False, extended_market_hours: bool = False
    ) -> bool:
        """`(time, extended_market_hours)` or `(start, end, extended_market_hours)`: open at some time."""
        if isinstance(end, timedelta) and end != time:
            return self.is_open_between(time, end, extended_market_hours)
        extended = extended_market_hours or end is True
        # Asked at every bar: a generator would take twice as long.
        for begin, close in self._all if extended else self._regular:  # noqa: SIM110
            if begin <= time < close:
                return True
        return False

    def is_open_between(self, start: timedelta, end: timedelta, extended_market_hours: bool) -> bool:
        """Whether there are hours between two times of the day."""
        if start == end:
            return self.is_open(start, extended_market_hours)
        spans = self._all if extended_market_hours else self._regular
        return any(begin < end and close > start for begin, close in spans)

    def get_market_open(
        self,
        time: timedelta,
        extended_market_hours: bool,
        previous_day_last_segment: timedelta | None = None,
    ) -> timedelta | None:
        """Start of the first hours that end after a time; None: there are none.

        Hours that go on from those before them, the day before included, do not open.
        """
        previous, overnight = previous_day_last_segment, True
        for segment in self.segments:
            if not (segment.is_regular or extended_market_hours):
                continue
            if segment.end > time and not self.is_continuous_market_open(previous, segment.start, overnight):
                return segment.start
            previous, overnight = segment.end, False
        return None

    def get_market_close(
        self, time: timedelta, extended_market_hours: bool, *terms: bool | timedelta | None
    ) -> timedelta | None:
        """End of the first hours that end after a time and do not go on; None: there are none.

        `(time, extended_market_hours[, last_close][, next_day_segment_start])`; `last_close` asks for the end
        of the day's last hours.
        """
        last_close = bool(terms and isinstance(terms[0], bool) and terms[0])
        next_day = next((term for term in terms if isinstance(term, timedelta)), None)
        found: timedelta | None = None
        for place, segment in enumerate(self.segments):
            if segment.end <= time or not (segment.is_regular or extended_market_hours):
                continue
            if last_close:
                found = segment.end
                continue
            following, overnight = next_day, True
            if place + 1 < len(self.segments):
                after = self.segments[place + 1]
                following = after.start if after.is_regular or extended_market_hours else None
                overnight = False
            if not self.is_continuous_market_open(segment.end, following, overnight):
                return segment.end
        return found

    @staticmethod
    def is_continuous_market_open(
        previous_segment_end: timedelta | None,
        next_segment_start: timedelta | None,
        prev_segment_is_from_prev_day: bool = True,
    ) -> bool:
        """Whether one segment goes on in the next."""
        if previous_segment_end is None or next_segment_start is None:
            return False
        if prev_segment_is_from_prev_day:
            return previous_segment_end == ONE_DAY and next_segment_start == MIDNIGHT
        return previous_segment_end == next_segment_start

    def __str__(self) -> str:
        if self.is_closed_all_day:
            return "Closed All Day"
        if self.is_open_all_day:
            return "Open All Day"
        return f"{self.day_of_week}: {' | '.join(str(segment) for segment in self.segments)}"

    __repr__ = __str__


def _segments(hours: tuple[object, ...]) -> Iterable[MarketHoursSegment]:
    times = [one for one in hours if isinstance(one, timedelta)]
    if len(times) == 2:
        times = [times[0], *times, times[1]]
    if len(times) == 4:
        return MarketHoursSegment.get_market_hours_segments(*times)
    found: list[MarketHoursSegment] = []
    for one in hours:
        if isinstance(one, MarketHoursSegment):
            found.append(one)
        elif isinstance(one, Iterable):
            found += one
    return found
