"""When a number of bars begins."""

from __future__ import annotations

import numpy as np

from utils.data.lean.clock import DAY, to_utc, to_wall
from utils.engine.enums import Resolution
from utils.engine.errors import AlgorithmError
from utils.engine.feed.config import INCREMENTS
from utils.engine.feed.fill_forward import nanoseconds
from utils.engine.feed.sessions import Sessions, Spans

_LEAST_STEPS = 64


def start_of_bars(
    sessions: Sessions,
    end_utc_ns: int,
    resolution: Resolution,
    count: int,
    *,
    extended: bool,
    strict: bool,
) -> int:
    """When the last `count` bars that are complete at a UTC time begin, UTC nanoseconds, as LEAN counts them.

    Args:
        extended: whether hours before and after the regular ones count.
        strict: whether daily bars span the session, so that today's is complete after the close.

    Raises:
        AlgorithmError: bars without a length.
    """
    period = max(nanoseconds(INCREMENTS[resolution]), nanoseconds(INCREMENTS[Resolution.SECOND]))
    if resolution == Resolution.TICK:
        raise AlgorithmError("history: ticks cannot be counted in bars; ask for a span of time")
    zone, data_zone = sessions.hours.exchange_zone, sessions.hours.data_zone
    end = _converted(end_utc_ns, to_wall, zone)
    if not (strict and resolution == Resolution.DAILY and _closed_today(sessions, end)):
        rounded = _converted(end_utc_ns, to_wall, data_zone) // period * period
        end = _converted(_converted(rounded, to_utc, data_zone), to_wall, zone)
    missing, steps = count, max(_LEAST_STEPS, 2 * count)
    while missing > 0:
        starts = end - period * np.arange(1, steps + 1)
        is_open = _open_spans(sessions, int(starts[-1]), end, extended).overlapped(starts, starts + period)
        found = np.cumsum(is_open)
        if found[-1] >= missing:
            end = int(starts[np.searchsorted(found, missing)])
            break
        missing -= int(found[-1])
        end = int(starts[-1])
    return _converted(end, to_utc, zone)


def _converted(time: int, convert: object, zone: str) -> int:
    return int(convert(np.array([time], np.int64), zone)[0])  # type: ignore[operator]  # to_utc or to_wall


def _closed_today(sessions: Sessions, wall: int) -> bool:
    """Whether there was a session today and it is over."""
    today = wall // DAY
    spans = sessions.wall_spans(today, today, False)
    return len(spans.end) > 0 and int(spans.end[0]) <= wall


def _open_spans(sessions: Sessions, start: int, end: int, extended: bool) -> Spans:
    return sessions.wall_spans(start // DAY - 1, end // DAY + 1, extended)
