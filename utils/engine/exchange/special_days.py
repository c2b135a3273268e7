"""Segments of days with an early close or a late open."""

from __future__ import annotations

from datetime import timedelta

from utils.engine.exchange.market_hours_segment import MarketHoursSegment

Segments = tuple[MarketHoursSegment, ...]


def special_segments(usual: Segments, close: timedelta | None, reopen: timedelta | None) -> Segments:
    """Segments of a day that closes early, opens late, or does both.

    A late open after an early close is a pause in between.
    """
    if close is None:
        return usual if reopen is None else _from(usual, reopen)
    if reopen is None:
        return _until(usual, close)
    if close < reopen:
        return _until(usual, close) + _from(usual, reopen)
    opened = _from(_until(usual, close), reopen)
    return _until(usual, close) + opened if close == reopen else opened


def _until(segments: Segments, close: timedelta) -> Segments:
    for place, segment in enumerate(segments):
        if segment.start <= close <= segment.end:
            return (*segments[:place], MarketHoursSegment(segment.state, segment.start, close))
        if close < segment.start:
            # LEAN drops the segment before the gap as well.
            return segments[: max(place - 1, 0)]
    return segments


def _from(segments: Segments, reopen: timedelta) -> Segments:
    for place, segment in enumerate(segments):
        if segment.start <= reopen <= segment.end:
            return (MarketHoursSegment(segment.state, reopen, segment.end), *segments[place + 1 :])
        if reopen < segment.start:
            return segments[place:]
    return segments
