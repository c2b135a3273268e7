"""Parts of an exchange's day."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from utils.engine.dotnet.enums import LeanEnum
from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.naming import DotNet

ONE_DAY: Final = timedelta(days=1)
MIDNIGHT: Final = timedelta(0)


class MarketHoursState(LeanEnum):
    """What a part of the day is."""

    CLOSED = 0
    PRE_MARKET = 1
    MARKET = 2
    POST_MARKET = 3


class MarketHoursSegment(DotNet):
    """A part of the day, `start` <= time of day < `end`.

    Attributes:
        state: regular or extended hours.
        start, end: since midnight.
    """

    __slots__ = ("end", "start", "state")
    state: MarketHoursState
    start: timedelta
    end: timedelta

    def __init__(self, state: MarketHoursState, start: timedelta, end: timedelta) -> None:
        self.state, self.start, self.end = MarketHoursState(state), start, end

    @staticmethod
    def open_all_day() -> MarketHoursSegment:
        """Regular hours from midnight to midnight."""
        return MarketHoursSegment(MarketHoursState.MARKET, MIDNIGHT, ONE_DAY)

    @staticmethod
    def closed_all_day() -> MarketHoursSegment:
        """Shut from midnight to midnight."""
        return MarketHoursSegment(MarketHoursState.CLOSED, MIDNIGHT, ONE_DAY)

    @staticmethod
    def get_market_hours_segments(
        extended_market_open: timedelta,
        market_open: timedelta,
        market_close: timedelta,
        extended_market_close: timedelta,
    ) -> list[MarketHoursSegment]:
        """Pre-market, regular hours and post-market, those of them that last.

        Raises:
            ArgumentException: the times are not in order.
        """
        edges = (extended_market_open, market_open, market_close, extended_market_close)
        if list(edges) != sorted(edges):
            raise ArgumentException("MarketHoursSegment: opens and closes must be in the order of the day")
        made = []
        if extended_market_open != market_open:
            made.append(MarketHoursSegment(MarketHoursState.PRE_MARKET, extended_market_open, market_open))
        if market_open or market_close:
            made.append(MarketHoursSegment(MarketHoursState.MARKET, market_open, market_close))
        if market_close != extended_market_close:
            made.append(MarketHoursSegment(MarketHoursState.POST_MARKET, market_close, extended_market_close))
        return made

    @property
    def is_regular(self) -> bool:
        """Whether it is part of regular hours."""
        return self.state == MarketHoursState.MARKET

    def contains(self, time: timedelta) -> bool:
        """Whether a time of day is in it."""
        return self.start <= time < self.end

    def overlaps(self, start: timedelta, end: timedelta) -> bool:
        """Whether a part of the day has some of it."""
        return self.start < end and self.end > start

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MarketHoursSegment):
            return NotImplemented
        return (self.state, self.start, self.end) == (other.state, other.start, other.end)

    def __hash__(self) -> int:
        return hash((self.state, self.start, self.end))

    def __str__(self) -> str:
        return f"{self.state}: {_clock(self.start)}-{_clock(self.end)}"

    __repr__ = __str__


def _clock(time: timedelta) -> str:
    """.NET's text of a time of day: 09:30:00, 1.00:00:00."""
    minutes, seconds = divmod(time.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return (f"{time.days}." if time.days else "") + f"{hours:02d}:{minutes:02d}:{seconds:02d}"
