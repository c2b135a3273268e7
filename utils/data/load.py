"""One way to get bars, wherever they are kept."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from trading.bars import Bars
from trading.simulation.instrument import SecurityType
from utils.data.lean.cache import TableCache
from utils.data.lean.clock import DAY, day_number
from utils.data.lean.factor_files import Normalization
from utils.data.lean.market_hours import market_hours
from utils.data.lean.reader import read_bars
from utils.data.lean.series import LeanSeries, TickType, list_series
from utils.data.resample import resample
from utils.data.sessions import EXCHANGE_TRADED, exchange_timezone, in_sessions, select
from utils.data.table import read_table
from utils.errors import UserError

SHOWN = 12
"""How many names a message lists."""


def load_bars(
    path: Path,
    *,
    symbol: str | None = None,
    security_type: SecurityType | None = None,
    market: str | None = None,
    resolution: str | None = None,
    timezone: str = "UTC",
    normalization: str = "adjusted",
    start: date | None = None,
    end: date | None = None,
    cache: TableCache | None = None,
) -> Bars:
    """Bars of a CSV or Parquet file, of any length, or of one series of a LEAN data folder.

    Intraday bars of an equity or index are those of regular hours, as in LEAN unless told otherwise. Bars of
    a folder come with the quotes at their close where the folder has them.

    Args:
        path: the file, or the folder.
        symbol: ticker, whatever its case; needed in a folder, a name to show for a file.
        security_type: says how days and sessions go (`utils.data.sessions`); None: a market that never
            closes. In a folder it chooses among series, as `market` and `resolution` do.
        market: LEAN's market, such as usa, coinbase or oanda.
        resolution: minute, hour or daily. The bars of a file are resampled to it; None: as they are.
        timezone: IANA time zone of a file's times that have no UTC offset.
        normalization: adjusted, raw, split_adjusted or total_return, for equities of a folder.
        start, end: first and last trading day wanted, both included; None: from the first, to the last.
        cache: keeps the parsed files of a folder for the next time.

    Raises:
        UserError: one line with file, field and remedy.
    """
    if start and end and start > end:
        raise UserError(f"start: {start} is after the end {end}; swap them")
    if path.is_dir():
        series = choose_series(path, symbol, security_type, market, resolution)
        return _from_folder(path, series, _normalization(normalization), start, end, cache)
    bars = _from_file(path, symbol, security_type, market, resolution, timezone)
    return _between(bars, start, end, path)


def choose_series(
    folder: Path,
    symbol: str | None,
    security_type: SecurityType | None = None,
    market: str | None = None,
    resolution: str | None = None,
) -> LeanSeries:
    """The one series of a LEAN data folder that is meant; None leaves open. Trades come before quotes.

    Raises:
        UserError: no symbol, none like it, or several series that fit.
    """
    every = list_series(folder)
    if not every:
        raise UserError(f"{folder}: no bars in LEAN's layout; name a CSV or Parquet file, or another folder")
    symbols = sorted({series.symbol for series in every})
    if symbol is None:
        raise UserError(f"{folder}: symbol: none is named; choose from {_some(symbols)}")
    wanted = symbol.upper()
    named = [series for series in every if series.symbol == wanted]
    if not named:
        near = difflib.get_close_matches(wanted, symbols, n=5, cutoff=0.5)
        raise UserError(f"{folder}: symbol: {wanted} is not there; choose from {_some(near or symbols)}")
    fitting = [
        series
        for series in named
        if security_type in (None, series.security_type)
        and (market is None or market.lower() == series.market)
        and resolution in (None, series.resolution)
    ]
    if not fitting:
        asked = " ".join(filter(None, (security_type, market, resolution)))
        raise UserError(f"{folder}: no {asked} bars of {wanted}; it has {_some(map(str, named))}")
    kinds = {(series.security_type, series.market, series.resolution) for series in fitting}
    if len(kinds) > 1:
        raise UserError(
            f"{folder}: {wanted}: name security type, market or resolution; it has {_some(map(str, fitting))}"
        )
    return max(fitting, key=lambda series: series.tick_type is TickType.TRADE)


def _from_folder(
    folder: Path,
    series: LeanSeries,
    normalization: Normalization,
    start: date | None,
    end: date | None,
    cache: TableCache | None,
) -> Bars:
    """Bars with the quotes at their close, without those wholly outside an exchange's regular hours."""
    bars = read_bars(folder, series, start, end, normalization, with_quotes=True, cache=cache)
    if series.security_type not in EXCHANGE_TRADED or bars.period >= DAY:
        return bars
    hours = market_hours(folder, series)
    inside = hours.open_at(bars.time) | hours.open_at(bars.time + bars.period - 1)
    if not inside.any():
        raise UserError(f"{folder}: {series}: no bar lies in regular trading hours; choose other dates")
    return select(bars, inside)


def _normalization(name: str) -> Normalization:
    try:
        return Normalization(name)
    except ValueError as error:
        raise UserError(f"normalization: {name!r} is unknown; use {', '.join(Normalization)}") from error


def _some(names: Iterable[str]) -> str:
    """The first names of many."""
    first, more = list(names), ""
    if len(first) > SHOWN:
        first, more = first[:SHOWN], ", ..."
    return ", ".join(first) + more


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
            if security_type in EXCHANGE_TRADED and bars.period >= DAY:
                bars = replace(bars, fills_next_open=np.ones(len(bars), np.bool_))
            elif security_type in EXCHANGE_TRADED:  # a thin stock may have no bar at the session's end
                bars = in_sessions(bars, security_type, market, timezone)
    except UserError as error:
        raise UserError(f"{path}: {error}") from error
    return bars


def _between(bars: Bars, start: date | None, end: date | None, path: Path) -> Bars:
    """The bars of the days from `start` to `end`, both included."""
    if start is None and end is None:
        return bars
    first = 0 if start is None else int(np.searchsorted(bars.day, day_number(start), side="left"))
    last = len(bars) if end is None else int(np.searchsorted(bars.day, day_number(end), side="right"))
    if first >= last:
        span = " to ".join(str(np.datetime64(int(bars.day[i]), "D")) for i in (0, -1))
        raise UserError(f"{path}: no bars from {start or 'the first'} to {end or 'the last'}; it has {span}")
    return bars[first:last]
