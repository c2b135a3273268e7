"""Where the last bar is repeated because none came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from utils.data.lean.clock import DAY, to_utc, to_wall
from utils.engine.enums import Resolution, SecurityType
from utils.engine.feed.columns import Int64Array
from utils.engine.feed.config import INCREMENTS, SubscriptionDataConfig
from utils.engine.feed.sessions import Sessions, Spans

# Longer than any stretch without a session.
_SHUT = 20 * DAY


def nanoseconds(span: timedelta) -> int:
    """A time span in nanoseconds."""
    return span // timedelta(microseconds=1) * 1000


def uses_strict_end_times(
    config: SubscriptionDataConfig, sessions: Sessions, daily_precise_end_time: bool
) -> bool:
    """Whether bars span the session from open to close: daily ones of markets that close, forex excepted."""
    return (
        daily_precise_end_time
        and config.resolution == Resolution.DAILY
        and not sessions.always_open
        and config.security_type not in (SecurityType.FOREX, SecurityType.BASE)
        and not (config.security_type == SecurityType.CFD and config.market == "oanda")
    )


@dataclass(frozen=True)
class FillForward:
    """The grid on which a subscription's bars are repeated.

    A repeated bar appears at the end of each bar the market's hours allow for: of the subscription's own
    length, and of the finest among all subscriptions.

    Attributes:
        period: length of the subscription's bars, nanoseconds.
        resolution: length of the finest bars.
        extended: whether hours before and after the regular ones count.
        strict: whether daily bars span the session.
    """

    sessions: Sessions
    period: int
    resolution: Resolution
    extended: bool
    strict: bool

    def places(self, start: int, end: int) -> Spans:
        """The places of the subscription's own bars around a span of UTC time."""
        if self.strict:
            return self.sessions.daily(start, end)
        return self.sessions.slots(start, end, self.period, self.extended)

    def grid(self, after: int, until: int, places: Spans) -> Int64Array:
        """Moments after one time and up to another at which a bar is repeated if none is there."""
        moments = places.end
        other = nanoseconds(INCREMENTS[self.resolution])
        if other != self.period:
            finest = self.sessions.slots(after, until, other, self.extended)
            ends = self._before_closes(finest, places, other) if self.strict else finest.end
            moments = np.union1d(moments, ends)
        first, last = np.searchsorted(moments, [after, until], side="right").tolist()
        inside: Int64Array = moments[first:last]
        return inside

    def _before_closes(self, finest: Spans, sessions: Spans, period: int) -> Int64Array:
        """Ends of short bars, but for those whose session closes before they are over.

        The daily bar that is complete at the close is repeated then, and the market has to be open for more.
        """
        ends: Int64Array = finest.end
        if not len(sessions.end):
            return ends
        close = sessions.end[np.searchsorted(sessions.end, finest.start, side="right") % len(sessions.end)]
        cut = (finest.start < close) & (close < ends)
        cut[cut] = ~self._is_open(close[cut], close[cut] + period)
        kept: Int64Array = ends[~cut]
        return kept

    def _is_open(self, start: Int64Array, end: Int64Array) -> NDArray[np.bool_]:
        if not len(start):
            return np.empty(0, np.bool_)
        return self.sessions.open_spans(int(start[0]), int(end[-1]), self.extended).overlapped(start, end)

    def around(self, after: int, until: int) -> Spans:
        """Places from well before a time, so that the last complete one is among them."""
        return self.places(after - _SHUT, until)

    def last_end(self, end: int) -> int:
        """The last moment at which a bar is repeated when a subscription ends at a UTC time."""
        if self.strict:
            closes = self.sessions.daily(end - _SHUT, end).end
            before = closes[closes <= end]
            return int(before[-1]) if len(before) else end
        zone = self.sessions.hours.data_zone
        wall = to_wall(np.array([end], np.int64), zone)
        return int(to_utc(wall // self.period * self.period, zone)[0]) + self.period
