"""What the present stretch of the time line shows the algorithm."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

from utils.engine.clock import Clock, to_datetime, utc_to_local
from utils.engine.data.auxiliary import Delisting
from utils.engine.feed.source import Source
from utils.engine.feed.timeline import Timeline


class Steps:
    """Data of the steps of a stretch; a new object for each stretch, so that slices can keep theirs."""

    def __init__(self, timeline: Timeline, zone: tzinfo, clock: Clock) -> None:
        self.times = timeline.times
        self.sources = list(timeline.sources)
        self._shown = [source for source in self.sources if not source.config.is_internal_feed]
        self._timeline, self._zone, self._clock = timeline, zone, clock
        self._views = [source.view() for source in self._shown]

    @staticmethod
    def local(utc_ns: int, zone: tzinfo) -> datetime:
        """A moment on a zone's wall clock."""
        return to_datetime(utc_to_local(utc_ns, zone))

    def algorithm_time(self, utc_ns: int) -> datetime:
        """A moment in the algorithm's zone."""
        return to_datetime(utc_to_local(utc_ns, self._zone))

    def data_of(self, step: int, utc_ns: int) -> list[Any]:
        """Data points of a step that is visible."""
        if step > self._clock.step and self.times is self._timeline.times:
            return []
        found = [bar for view in self._views if (bar := view.bar_at(step)) is not None]
        return self.events_of(utc_ns) + found if utc_ns in self._timeline.event_times else found

    def events_of(self, utc_ns: int) -> list[Any]:
        """Splits, dividends and the like of a moment, of the algorithm's own subscriptions; delistings of all."""
        return [
            event
            for source, event in self._timeline.events_at(utc_ns)
            if not source.config.is_internal_feed or isinstance(event, Delisting)
        ]

    def news(self, step: int) -> list[Source]:
        """Sources of the algorithm's own with data at a step."""
        return [source for source in self._shown if source.appears_at(step)]
