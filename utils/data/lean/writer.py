"""Bars into a LEAN data folder, as LEAN's own writer would put them there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trading.bars import Bars, Float64Array
from utils.data.lean.archive import read_entry, write_entry
from utils.data.lean.checks import QUOTE_COLUMNS, SIDE, wrong_rows
from utils.data.lean.clock import EPOCH, days, show, to_utc, to_wall
from utils.data.lean.market_hours import MarketHours, market_hours
from utils.data.lean.prices import price_scale, scaled
from utils.data.lean.quotes import QuoteBars
from utils.data.lean.series import LeanSeries, Resolution, TickType
from utils.data.lean.table import Source, parse
from utils.data.lean.text import decimals, lines, times
from utils.errors import UserError


def write_bars(folder: Path, series: LeanSeries, bars: Bars, *, round_prices: bool = False) -> list[Path]:
    """Write bars; the paths of the files written.

    Minute and second data: each date's file is replaced by the bars of that date. Hour and daily data: bars
    of the same time are replaced, others are kept. Dates are those of the data time zone. Every bar is
    checked before the first file is written, and each file is replaced at once. Volume has no place in a
    series of quotes: its bars become bid and ask alike, with sizes of zero. Files are named by
    `series.symbol`, whatever map files say.

    Args:
        folder: LEAN data folder, with its market hours database.
        series: what the bars are.
        bars: n >= 1 bars, of the series' resolution. `bid_close` and `ask_close` are not written: quotes are
            a series of their own (`write_quotes`).
        round_prices: round prices of equities to the ten-thousandths that LEAN's files have.

    Raises:
        UserError: bars of another length or that start off the clock, in the hour that a clock going back
            repeats, not in order, or with values that no market can have; prices of equities that
            ten-thousandths cannot express, unless they may be rounded.
    """
    columns = [bars.open, bars.high, bars.low, bars.close, bars.volume]
    if series.tick_type is TickType.QUOTE:
        _refuse_spread(series, bars)
        sizes = np.zeros(len(bars))
        columns = [*columns[:4], sizes, *columns[:4], sizes]
    return _write(folder, series, bars.time, bars.period, columns, round_prices)


def write_quotes(
    folder: Path, series: LeanSeries, quotes: QuoteBars, *, round_prices: bool = False
) -> list[Path]:
    """Write quote bars to a series of quotes, otherwise as `write_bars`."""
    if series.tick_type is not TickType.QUOTE:
        raise UserError(f"series: {series} holds trades; write quotes to a series of tick type quote")
    columns = [getattr(quotes, name) for name in QUOTE_COLUMNS]
    return _write(folder, series, quotes.time, quotes.period, columns, round_prices)


def _write(
    folder: Path,
    series: LeanSeries,
    time: NDArray[np.int64],
    period: int,
    columns: Sequence[Float64Array],
    round_prices: bool,
) -> list[Path]:
    if not len(time):
        raise UserError(f"series: {series}: no bars to write; give at least one")
    hours = market_hours(folder, series)
    wall = _wall_times(series, hours, time, period)
    for problem, wrong in wrong_rows(columns):
        _refuse(series, wall, wrong, f"{problem}; correct or leave out the bar")
    texts = [
        decimals(column if index % SIDE == SIDE - 1 else _price(series, wall, column, round_prices))
        for index, column in enumerate(columns)
    ]
    rows = lines(times(wall, series.resolution), texts)
    if not series.resolution.file_a_day:
        return [_merge(folder, series, rows)]
    numbers, starts = np.unique(days(wall), return_index=True)
    written = []
    for number, start, end in zip(numbers.tolist(), starts, [*starts[1:], len(rows)], strict=True):
        day = EPOCH + timedelta(days=number)
        path = series.day_path(folder, day)
        write_entry(path, series.entry_name(day), "\n".join(rows[start:end]))
        written.append(path)
    return written


def _merge(folder: Path, series: LeanSeries, rows: list[str]) -> Path:
    """Put lines among those of an hour or daily file. Their times, as written, sort as they stand."""
    path, entry = series.whole_path(folder), series.entry_name(None)
    merged: dict[str, str] = {}
    if path.exists():
        text = read_entry(path, entry)
        parse([Source(path, text, None)], series.tick_type)  # a damaged file is reported, not built upon
        kept = text.decode().splitlines()
        merged = {line.split(",", 1)[0]: line for line in kept if line}
    merged.update((row.split(",", 1)[0], row) for row in rows)
    write_entry(path, entry, "\n".join(merged[time] for time in sorted(merged)))
    return path


def _wall_times(
    series: LeanSeries, hours: MarketHours, time: NDArray[np.int64], period: int
) -> NDArray[np.int64]:
    """Times on the clock of the data time zone, where they are what the format can state."""
    resolution = series.resolution
    if period != resolution.period:
        raise UserError(
            f"series: {series}: bars of {period // 1_000_000_000} s are not {resolution} bars; "
            "resample them or choose another resolution"
        )
    zone = hours.data_zone
    wall = to_wall(time, zone)
    off = np.flatnonzero(wall % resolution.period)
    if len(off):
        start = "at midnight" if resolution is Resolution.DAILY else f"on a whole {resolution}"
        raise UserError(
            f"series: {series}: bar {show(wall[off[0]])} does not start {start} in {zone}; "
            "shift the bars to the start of their period"
        )
    twice = np.flatnonzero(to_utc(wall, zone) != time)
    if len(twice):
        raise UserError(
            f"series: {series}: bar {show(wall[twice[0]])} is in an hour that {zone} has twice, its clock "
            "going back, and LEAN's files cannot tell which; leave the second one out"
        )
    back = np.flatnonzero(np.diff(wall) <= 0)
    if len(back):
        raise UserError(
            f"series: {series}: bar {show(wall[back[0] + 1])} is not later than the one before; "
            "sort the bars and remove doubles"
        )
    return wall


def _price(
    series: LeanSeries, wall: NDArray[np.int64], prices: Float64Array, round_prices: bool
) -> Float64Array:
    """A column of prices as the file has them."""
    written = scaled(prices, series.security_type)
    back = written / price_scale(series.security_type)
    if round_prices:
        _refuse(series, wall, written == 0, "a price rounds to zero; leave out the bar")
    else:
        _refuse(
            series,
            wall,
            (back != prices) & ~np.isnan(prices),
            "a price is not in whole ten-thousandths, as LEAN's equity files are; round the prices",
        )
    return written


def _refuse(series: LeanSeries, wall: NDArray[np.int64], wrong: NDArray[np.bool_], problem: str) -> None:
    if wrong.any():
        raise UserError(f"series: {series}: bar {show(wall[wrong.argmax()])}: {problem}")


def _refuse_spread(series: LeanSeries, bars: Bars) -> None:
    """Bars without a spread can become quotes; of others a side's opens, highs and lows are not known."""
    for side in (bars.bid_close, bars.ask_close):
        if side is not None and not np.array_equal(side, bars.close):
            raise UserError(
                f"series: {series}: bars with a spread are not quotes; write them with write_quotes"
            )
