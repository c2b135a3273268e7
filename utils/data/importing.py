"""A file of bars into a LEAN data folder."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from trading.bars import Bars
from trading.simulation.instrument import SecurityType
from utils.data.databases import add_market_hours
from utils.data.lean.market_hours import DATABASE as MARKET_HOURS
from utils.data.lean.market_hours import market_hours
from utils.data.lean.series import LeanSeries, Resolution, tick_types
from utils.data.lean.symbol_properties import symbol_properties
from utils.data.lean.writer import write_bars
from utils.data.resample import coarser, duration, resample, resolution_of
from utils.data.sessions import EXCHANGE_TRADED, exchange_timezone, in_sessions
from utils.data.staging import staged
from utils.data.table import read_table
from utils.errors import UserError


@dataclass(frozen=True)
class Imported:
    """What came into the data folder.

    `note` says what LEAN misses still to trade it, None when nothing.
    """

    series: LeanSeries
    bars: Bars
    files: tuple[Path, ...]
    note: str | None = None


def import_file(
    path: Path,
    folder: Path,
    *,
    symbol: str,
    security_type: SecurityType,
    market: str,
    resolution: Resolution | None = None,
    resample_to: Resolution | None = None,
    timezone: str = "UTC",
    round_prices: bool = False,
) -> Imported:
    """Write the bars of a CSV or Parquet file to a LEAN data folder.

    Minute data replaces the days it has, hour and daily data the bars of the same time; other bars of the
    series stay. Hours of an always-open or a US market are added to the folder's database when missing.

    Args:
        path: see `read_table` for what it may hold.
        folder: LEAN data folder; made when it is not there.
        resolution: what the bars are said to be; refused when they are not. None: whatever they are.
        resample_to: resolution to resample to.
        timezone: IANA time zone of times without a UTC offset.
        round_prices: round finer prices of equities to the ten-thousandths LEAN keeps; else refuse them.

    Raises:
        UserError: a bad file, bars of a length LEAN has no resolution for and no `resample_to`, or a folder
            that cannot be written. Nothing has changed then.
    """
    kept = resample_to or resolution or Resolution.DAILY
    LeanSeries(security_type, market, symbol, kept, tick_types(security_type, kept)[0])  # names, before work
    bars = read_table(path, timezone=timezone, symbol=symbol)
    try:
        _check_length(bars.period, resolution, resample_to)
        zone = "UTC"  # of the files of all markets that do not close at night, whatever their days
        if security_type in EXCHANGE_TRADED:
            bars = in_sessions(bars, security_type, market, timezone)
            zone = exchange_timezone(security_type, market)
        if resample_to is not None:
            bars = resample(bars, resample_to, zone)
    except UserError as error:
        raise UserError(f"{path}: {error}") from error
    found = Resolution(resolution_of(bars.period) or kept)
    series = LeanSeries(security_type, market, symbol, found, tick_types(security_type, found)[0])
    with staged(folder, MARKET_HOURS, *_merged_files(series)) as stage:
        add_market_hours(stage, (security_type, series.market))
        try:
            written = write_series(stage, series, bars, round_prices=round_prices)
        except UserError as error:
            if str(stage) in str(error):  # a file of the folder is at fault, not the one to import
                raise
            raise UserError(f"{path}: {error}") from error
        files = tuple(folder / file.relative_to(stage) for file in written)
    try:
        symbol_properties(folder, series)
    except UserError as error:
        return Imported(series, bars, files, note=str(error))
    return Imported(series, bars, files)


def write_series(folder: Path, series: LeanSeries, bars: Bars, *, round_prices: bool = False) -> list[Path]:
    """`write_bars`, with daily bars at the midnight of the folder's market hours database.

    LEAN's own database keeps the S&P 500 on Chicago's clock, others on New York's: the dates are the same.
    """
    if series.resolution is Resolution.DAILY:
        bars = replace(bars, time=market_hours(folder, series).daily_time(bars.day))
    return write_bars(folder, series, bars, round_prices=round_prices)


def _merged_files(series: LeanSeries) -> tuple[Path, ...]:
    return () if series.resolution.file_a_day else (series.whole_path(Path()),)


def _check_length(period: int, resolution: Resolution | None, resample_to: Resolution | None) -> None:
    if resample_to is not None:
        return
    longer = coarser(period)
    remedy = f"add --resample {longer}" if longer else "bring bars of a minute, an hour or a day"
    found = resolution_of(period)
    if found is None:
        raise UserError(
            f"bars of {duration(period)} have no resolution in LEAN, which would misread them; {remedy}"
        )
    if resolution not in (None, found):
        remedy = (
            f"add --resample {resolution}"
            if resolution.period > period
            else f"drop --resolution {resolution}"
        )
        raise UserError(f"bars of {duration(period)} are not {resolution} bars; {remedy}")
