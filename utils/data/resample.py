"""Longer bars from shorter ones, aligned as LEAN consolidates."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from trading.bars import Bars
from utils.data.lean.clock import DAY, to_utc, to_wall
from utils.data.lean.series import Resolution
from utils.errors import UserError

RESOLUTIONS = (Resolution.MINUTE, Resolution.HOUR, Resolution.DAILY)
"""What bars may be resampled to."""


def resample(bars: Bars, resolution: str, timezone: str = "UTC") -> Bars:
    """Bars of a LEAN resolution: first open, highest high, lowest low, last close, total volume, last quotes.

    Minutes and hours begin at whole ones of the exchange's clock, so the first hour of a US equity begins at
    9:00 and holds the half from 9:30. Daily bars begin at the exchange's midnight, by `bars.day`. A period
    without bars makes no bar. As in LEAN the first period is kept though the data may begin inside it, and
    the last is left out when the data stops short of its end (on an exchange: of the session's end). A bar's
    `fills_next_open` is that of the last bar in it.

    Args:
        bars: of the resolution (they come back unchanged), or shorter by a whole factor.
        resolution: minute, hour or daily.
        timezone: IANA name, the exchange's.

    Raises:
        UserError: unknown resolution, bars that do not make up whole periods, or not one whole period.
    """
    if resolution not in RESOLUTIONS:
        raise UserError(f"resolution: {resolution!r} is unknown; use {', '.join(RESOLUTIONS)}")
    length = Resolution(resolution).period
    if bars.period == length:
        return bars
    if length % bars.period:
        raise UserError(
            f"resolution: bars of {duration(bars.period)} do not make up {resolution} bars; "
            f"use {coarser(bars.period) or 'the bars as they are'}"
        )
    daily = resolution == Resolution.DAILY
    if daily:
        first = np.flatnonzero(np.diff(bars.day, prepend=bars.day[0] - 1))
        start = to_utc(bars.day[first].astype(np.int64) * DAY, timezone)
    else:
        begins = bars.time - to_wall(bars.time, timezone) % length
        first = np.flatnonzero(np.diff(begins, prepend=begins[0] - 1))
        start = begins[first]
    last = np.append(first[1:], len(bars)) - 1
    if not daily:
        across = bars.time[last] + bars.period > start + length
        if across.any():
            stamp = np.datetime64(int(bars.time[last[np.argmax(across)]]), "ns").astype("datetime64[s]")
            raise UserError(
                f"resolution: the bar at {stamp} UTC ends in the next {resolution}; "
                "bars that do not start on whole periods cannot be joined, use them as they are"
            )
    longer = Bars(
        time=start,
        open=bars.open[first],
        high=np.maximum.reduceat(bars.high, first),
        low=np.minimum.reduceat(bars.low, first),
        close=bars.close[last],
        volume=np.add.reduceat(bars.volume, first),
        day=bars.day[first],
        fills_next_open=bars.fills_next_open[last],
        period=length,
        symbol=bars.symbol,
    )
    if bars.bid_close is not None and bars.ask_close is not None:
        longer = replace(longer, bid_close=bars.bid_close[last], ask_close=bars.ask_close[last])
    ended = bars.fills_next_open[-1] or bars.time[-1] + bars.period >= start[-1] + length
    whole = longer if ended else longer[: len(longer) - 1]
    if not len(whole):
        raise UserError(f"resolution: the bars do not fill one {resolution} bar; give more of them")
    return whole


def resolution_of(period: int) -> Resolution | None:
    """LEAN's resolution of this bar length in nanoseconds, None where it has none."""
    return next((resolution for resolution in Resolution if resolution.period == period), None)


def coarser(period: int) -> Resolution | None:
    """The shortest of RESOLUTIONS that bars of this length make up, None where there is none."""
    return next((resolution for resolution in RESOLUTIONS if resolution.period % period == 0), None)


def duration(period: int) -> str:
    """A bar length in words: `5 minutes`, `1 day`."""
    for unit, length in (("day", DAY), ("hour", DAY // 24), ("minute", DAY // 1440)):
        if period % length == 0:
            count = period // length
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return f"{period / 1e9:g} seconds"
