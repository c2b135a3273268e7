"""What the present stretch of the time line shows the algorithm."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime, tzinfo
from functools import cached_property
from itertools import compress, islice
from typing import Any, Final

import numpy as np

from utils.engine.clock import Clock, to_datetime, utc_to_local
from utils.engine.data.auxiliary import Delisting
from utils.engine.data.option_chain import OptionChains
from utils.engine.feed.source import Source
from utils.engine.feed.timeline import Timeline
from utils.engine.run.option_chains import ChainBuilder

NEVER: Final = 1 << 62


class Steps:
    """Data of the steps of a stretch; a new object for each stretch, so that slices can keep theirs."""

    def __init__(self, timeline: Timeline, zone: tzinfo, clock: Clock, securities: Any) -> None:
        self.times: list[int] = timeline.times
        self.sources = list(timeline.sources)
        self._shown = [source for source in self.sources if not source.config.is_internal_feed]
        self._timeline, self._zone, self._clock = timeline, zone, clock
        self._custom = [source.view() for source in self._shown if source.config.is_custom_data]
        self._views = [source.view() for source in self._shown if not source.config.is_custom_data]
        self._securities = securities
        self._event_times = sorted(timeline.event_times)
        self.shows_something = self._find_shown()

    def _find_shown(self) -> list[bool] | None:
        """Whether each step has data for the algorithm; None when all have."""
        if len(self._shown) == 1 == len(self.sources):
            return None
        shown = np.zeros(len(self.times), np.bool_)
        for source in self._shown:
            shown |= source.news_by_step()
        return None if shown.all() else shown.tolist()

    def showing(self, first: int, stop: int) -> Iterable[int]:
        """Steps with data for the algorithm, from one step to before another."""
        steps, shows = range(first, stop), self.shows_something
        return steps if shows is None else compress(steps, islice(shows, first, stop))

    def next_event(self, now: int) -> int:
        """Earliest moment after now with a split, a dividend or the like."""
        place = bisect_right(self._event_times, now)
        return self._event_times[place] if place < len(self._event_times) else NEVER

    def has_events(self, now: int) -> bool:
        """Whether a moment has a split, a dividend or the like."""
        place = bisect_right(self._event_times, now)
        return place > 0 and self._event_times[place - 1] == now

    def utc_time(self, step: int) -> datetime:
        """Time of a step."""
        return to_datetime(self.times[step])

    def algorithm_time(self, step: int) -> datetime:
        """Time of a step in the algorithm's zone."""
        return to_datetime(utc_to_local(self.times[step], self._zone))

    def data_of(self, step: int) -> list[Any]:
        """Data points of a step that is visible."""
        if step > self._clock.step and self.times is self._timeline.times:
            return []
        utc_ns = self.times[step]
        found = [bar for view in self._views if (bar := view.bar_at(step)) is not None]
        if self._custom:
            found = [point for view in self._custom for point in view.points_at(step)] + found
        return self.events_of(utc_ns) + found if self.has_events(utc_ns) else found

    def option_chains(self, step: int, slice_: Any) -> OptionChains:
        """Chains of a step that is visible."""
        if step > self._clock.step and self.times is self._timeline.times:
            return OptionChains(slice_.time)
        return self._chains.chains(step, slice_)

    @cached_property
    def _chains(self) -> ChainBuilder:
        return ChainBuilder(self.sources, self._securities)

    def events_of(self, utc_ns: int) -> list[Any]:
        """Splits, dividends and the like of a moment, of the algorithm's subscriptions; delistings of all."""
        return [
            event
            for source, event in self._timeline.events_at(utc_ns)
            if not source.config.is_internal_feed or isinstance(event, Delisting)
        ]

    def news(self, step: int) -> list[Source]:
        """Sources of the algorithm's own with data at a step."""
        return [source for source in self._shown if source.appears_at(step)]
