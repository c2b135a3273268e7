"""What a LEAN data folder holds, and what is missing in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from utils.data.lean.clock import DAY, EPOCH, to_utc, to_wall
from utils.data.lean.factor_files import Normalization
from utils.data.lean.market_hours import MarketHours, market_hours
from utils.data.lean.reader import read_bars
from utils.data.lean.series import LeanSeries, Resolution
from utils.errors import UserError


@dataclass(frozen=True)
class Gap:
    """Expected bars that are not there, one after the other.

    Attributes:
        first, last: UTC start of the first and the last one missing.
        bars: how many.
    """

    first: datetime
    last: datetime
    bars: int


@dataclass(frozen=True)
class Holding:
    """One series of a data folder.

    Attributes:
        series: its name.
        bars: number of bars.
        first, last: UTC start of the first and the last bar; None without bars.
        expected: bars that the market's regular hours have from the first to the last.
        gaps: what is missing of them, in order of time.
        error: why the series cannot be read, None when it can; then all else is empty.
    """

    series: LeanSeries
    bars: int = 0
    first: datetime | None = None
    last: datetime | None = None
    expected: int = 0
    gaps: tuple[Gap, ...] = ()
    error: str | None = None

    @property
    def missing(self) -> int:
        """Bars in all gaps together."""
        return sum(gap.bars for gap in self.gaps)


def take_stock(folder: Path, series: LeanSeries) -> Holding:
    """Read one series and compare it with the hours of its market. What cannot be read is an `error`."""
    try:
        bars = read_bars(folder, series, normalization=Normalization.RAW)
        hours = market_hours(folder, series)
    except UserError as error:
        return Holding(series, error=str(error))
    # On the wall clock: to turn every expected bar into UTC takes longer than all the rest.
    zone = hours.data_zone if series.resolution is Resolution.DAILY else hours.exchange_zone
    wall = to_wall(bars.time, zone)
    expected = expected_starts(hours, series.resolution, int(wall[0]), int(wall[-1]))
    return Holding(
        series,
        bars=len(bars),
        first=_moment(int(bars.time[0])),
        last=_moment(int(bars.time[-1])),
        expected=len(expected),
        gaps=tuple(_gaps(expected, wall, zone)),
    )


def expected_starts(hours: MarketHours, resolution: Resolution, first: int, last: int) -> NDArray[np.int64]:
    """Bar starts that regular hours have from `first` to `last`, both included; all on the wall clock (ns).

    A bar is expected where the market is open during any part of it: a US equity's first hour begins at 9:00.
    """
    period = resolution.period
    starts = [
        number * DAY + np.arange(segment.start // period * period, segment.end, period, dtype=np.int64)
        for number in range(first // DAY, last // DAY + 1)
        for segment in hours.segments(EPOCH + timedelta(days=number))
        if segment.regular
    ]
    wall: NDArray[np.int64] = np.unique(np.concatenate([np.empty(0, np.int64), *starts]))
    return wall[(wall >= first) & (wall <= last)]


def _gaps(expected: NDArray[np.int64], wall: NDArray[np.int64], zone: str) -> Iterator[Gap]:
    absent = ~np.isin(expected, wall)
    begins, ends = np.flatnonzero(np.diff(absent, prepend=False, append=False)).reshape(-1, 2).T
    first, last = to_utc(expected[begins], zone), to_utc(expected[ends - 1], zone)
    for gap in zip(first.tolist(), last.tolist(), (ends - begins).tolist(), strict=True):
        yield Gap(_moment(gap[0]), _moment(gap[1]), gap[2])


def _moment(time: int) -> datetime:
    return datetime.fromtimestamp(time / 1e9, UTC)
