"""One way to get bars, wherever they are kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from trading.bars import Bars
from trading.simulation.instrument import SecurityType
from utils.data.resample import resample
from utils.data.sessions import exchange_timezone, in_sessions
from utils.data.table import read_table
from utils.errors import UserError

EPOCH = date(1970, 1, 1)


def load_bars(
    path: Path,
    *,
    symbol: str | None = None,
    security_type: SecurityType | None = None,
    market: str | None = None,
    resolution: str | None = None,
    timezone: str = "UTC",
    normalization: str = "adjusted",  # noqa: ARG001
    start: date | None = None,
    end: date | None = None,
) -> Bars:
    """Bars of a CSV or Parquet file, of any length, or of one series of a LEAN data folder.

    Args:
        path: the file, or the folder.
        symbol: ticker, whatever its case; needed in a folder, a name to show for a file.
        security_type: says how days and sessions go (`utils.data.sessions`); None: a market that never
            closes. In a folder it chooses among series, as `market` and `resolution` do.
        market: LEAN's market, such as usa, coinbase or oanda.
        resolution: minute, hour or daily. The bars of a file are resampled to it; None: as they are.
        timezone: IANA time zone of a file's times that have no UTC offset.
        normalization: adjusted (for splits and dividends) or raw; matters for equities of a folder only.
        start, end: first and last trading day wanted, both included; None: from the first, to the last.

    Raises:
        UserError: one line with file, field and remedy.
    """
    bars = _from_file(path, symbol, security_type, market, resolution, timezone)
    return _between(bars, start, end, path)


def _from_file(
    path: Path,
    symbol: str | None,
    security_type: SecurityType | None,
    market: str | None,
    resolution: str | None,
    timezone: str,
) -> Bars:
    bars = read_table(path, timezone=timezone, symbol=symbol or "")
    try:
        bars = in_sessions(bars, security_type, market, timezone)
        if resolution is not None:
            bars = resample(bars, resolution, exchange_timezone(security_type, market))
    except UserError as error:
        raise UserError(f"{path}: {error}") from error
    return bars


def _between(bars: Bars, start: date | None, end: date | None, path: Path) -> Bars:
    """The bars of the days from `start` to `end`, both included."""
    if start is None and end is None:
        return bars
    if start and end and start > end:
        raise UserError(f"start: {start} is after the end {end}; swap them")
    first = 0 if start is None else int(np.searchsorted(bars.day, (start - EPOCH).days, side="left"))
    last = len(bars) if end is None else int(np.searchsorted(bars.day, (end - EPOCH).days, side="right"))
    if first >= last:
        span = " to ".join(str(np.datetime64(int(bars.day[i]), "D")) for i in (0, -1))
        raise UserError(f"{path}: no bars from {start or 'the first'} to {end or 'the last'}; it has {span}")
    return bars[first:last]
