"""Bars and quotes out of a LEAN data folder."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trading.bars import Bars, Float64Array
from trading.security_type import SecurityType
from utils.data.lean.cache import TableCache
from utils.data.lean.checks import QUOTE_COLUMNS, SIDE
from utils.data.lean.clock import EPOCH, day_number, days, show, to_utc
from utils.data.lean.factor_files import Adjustment, FactorFile, Normalization, read_factor_file
from utils.data.lean.files import read_table
from utils.data.lean.map_files import MapFile, find_map_file
from utils.data.lean.market_hours import MarketHours, market_hours
from utils.data.lean.quotes import QuoteBars
from utils.data.lean.series import LeanSeries, Resolution, TickType, tick_types
from utils.data.lean.table import Table
from utils.errors import UserError

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)

ONE_DAY = timedelta(days=1)


def read_bars(
    folder: Path,
    series: LeanSeries,
    start: date | None = None,
    end: date | None = None,
    normalization: Normalization = Normalization.ADJUSTED,
    *,
    with_quotes: bool = False,
    as_of: date | None = None,
    cache: TableCache | None = None,
) -> Bars:
    """Bars of a series. A series of quotes gives the mean of bid and ask, without volume.

    `time` is the start of a bar as its file says, in UTC: a daily bar starts at midnight in the data time
    zone. `day` is the date in the exchange's time zone, of a daily bar the date its file says.
    `fills_next_open` is `MarketHours.fills_next_open`.

    Args:
        folder: LEAN data folder, with its market hours database.
        series: which bars. An equity's are followed through its renames by the map files.
        start, end: first and last `day`, both included; None is the first or last there is.
        normalization: what is done about splits and dividends of equities; the default is LEAN's.
        with_quotes: fill `bid_close` and `ask_close` from the quotes of the same symbol and resolution: at
            each bar the last quote of the same day, the only side when the other is absent, and the close
            where no quote has come yet. They stay None when there are no quotes at all, or LEAN keeps none
            (equities by hour or day, indices). A series of quotes always has them.
        as_of: a date on which `series.symbol` was the company's ticker; None: the last company that had it.
        cache: keeps parsed files for the next read.

    Raises:
        UserError: nothing there, or one of its files is damaged or malformed.
    """
    if series.tick_type is TickType.QUOTE:
        quotes = read_quotes(folder, series, start, end, normalization, as_of=as_of, cache=cache)
        return _mid_bars(quotes, market_hours(folder, series), series)
    reading = _Reading(folder, series, start, end, normalization, as_of, cache)
    table, time, day = reading.lines()
    if not len(table):
        raise reading.nothing()
    open_, high, low, close, volume = reading.adjusted(table, day, int(day[0]))
    hours = reading.hours
    next_open = hours.fills_next_open(time, series.resolution.period, series.security_type)
    period = series.resolution.period
    bars = Bars(time, open_, high, low, close, volume, day, next_open, period, symbol=series.symbol)
    if with_quotes and TickType.QUOTE in tick_types(series.security_type, series.resolution):
        quoted = replace(series, tick_type=TickType.QUOTE)
        other = _Reading(folder, quoted, start, end, normalization, as_of, cache)
        quotes = other.quotes(since=int(day[0]))
        if len(quotes):
            bid, ask = (_closing_quote(bars, quotes, side) for side in ("bid", "ask"))
            return replace(bars, bid_close=bid, ask_close=ask)
    return bars


def read_quotes(
    folder: Path,
    series: LeanSeries,
    start: date | None = None,
    end: date | None = None,
    normalization: Normalization = Normalization.ADJUSTED,
    *,
    as_of: date | None = None,
    cache: TableCache | None = None,
) -> QuoteBars:
    """Quote bars of a series of quotes; arguments and errors as for `read_bars`."""
    if series.tick_type is not TickType.QUOTE:
        raise UserError(f"series: {series} holds trades; read quotes from a series of tick type quote")
    reading = _Reading(folder, series, start, end, normalization, as_of, cache)
    quotes = reading.quotes()
    if not len(quotes):
        raise reading.nothing()
    return quotes


class _Reading:
    """One read: the files' lines, their times and dates, and what adjusts them."""

    def __init__(
        self,
        folder: Path,
        series: LeanSeries,
        start: date | None,
        end: date | None,
        normalization: Normalization,
        as_of: date | None,
        cache: TableCache | None,
    ) -> None:
        self.folder, self.series, self.cache = folder, series, cache
        self.start, self.end, self.normalization = start, end, normalization
        self.hours = market_hours(folder, series)
        self.map_file, self.factor_file = MapFile(series.symbol), FactorFile()
        if series.security_type is SecurityType.EQUITY:
            self.map_file = find_map_file(folder, series.market, series.symbol, as_of)
            if normalization is not Normalization.RAW:
                self.factor_file = read_factor_file(folder, series.market, self.map_file.permtick)
        self.first, self.last = start or EARLIEST, end or LATEST
        if self.factor_file.first_day is not None:
            self.first = max(self.first, EPOCH + timedelta(days=self.factor_file.first_day))

    def lines(self) -> tuple[Table, NDArray[np.int64], NDArray[np.int32]]:
        """Lines of the asked dates, their UTC times and their days."""
        daily = self.series.resolution is Resolution.DAILY
        same_clock = daily or self.hours.data_zone == self.hours.exchange_zone
        margin = timedelta(0) if same_clock else ONE_DAY
        spans = self.map_file.spans(self.first - margin, self.last + margin)
        table = read_table(self.folder, self.series, spans, self.cache)
        time = to_utc(table.wall, self.hours.data_zone)
        back = np.flatnonzero(np.diff(time) <= 0)
        if len(back):
            raise UserError(
                f"series: {self.series}: time {show(table.wall[back[0] + 1])} or the one before is none in "
                f"{self.hours.data_zone}, whose clock goes forward then; remove it"
            )
        day = days(table.wall) if daily else self.hours.exchange_days(time)
        rows = slice(*np.searchsorted(day, [day_number(self.first), day_number(self.last) + 1]).tolist())
        return Table(table.wall[rows], table.values[:, rows]), time[rows], day[rows]

    def adjusted(self, table: Table, day: NDArray[np.int32], since: int) -> Float64Array:
        """Values of the lines as prices and sizes. Dividends count from the asked start, else day `since`."""
        if self.series.security_type is not SecurityType.EQUITY:
            return table.values
        since = day_number(self.start) if self.start else since
        adjustment = Adjustment(self.factor_file, self.normalization, day, since)
        values = np.empty_like(table.values)
        for first in range(0, len(values), SIDE):
            values[first : first + 4] = adjustment.prices(table.values[first : first + 4])
            values[first + 4] = adjustment.sizes(table.values[first + 4])
        return values

    def quotes(self, since: int | None = None) -> QuoteBars:
        """The lines as quote bars, maybe none; `since` as for `adjusted`, None being their first day."""
        table, time, day = self.lines()
        values = table.values
        if len(table):
            values = self.adjusted(table, day, int(day[0]) if since is None else since)
        columns = dict(zip(QUOTE_COLUMNS, values, strict=True))
        period = self.series.resolution.period
        return QuoteBars(time=time, day=day, period=period, symbol=self.series.symbol, **columns)

    def nothing(self) -> UserError:
        """Why there are no bars."""
        asked = (
            f" from {self.start or 'the first'} to {self.end or 'the last'}" if self.start or self.end else ""
        )
        limit = ""
        if self.factor_file.first_day is not None and self.first != (self.start or EARLIEST):
            limit = f" (its factor file begins {self.first})"
        return UserError(
            f"{self.folder}: no bars of {self.series}{asked}{limit}; scripts/data.py info shows what is there"
        )


def _mid_bars(quotes: QuoteBars, hours: MarketHours, series: LeanSeries) -> Bars:
    open_, high, low, close = (quotes.mid(name) for name in ("open", "high", "low", "close"))
    return Bars(
        quotes.time,
        open_,
        high,
        low,
        close,
        np.zeros(len(quotes)),
        quotes.day,
        hours.fills_next_open(quotes.time, quotes.period, series.security_type),
        quotes.period,
        bid_close=np.where(np.isnan(quotes.bid_close), close, quotes.bid_close),
        ask_close=np.where(np.isnan(quotes.ask_close), close, quotes.ask_close),
        symbol=quotes.symbol,
    )


def _closing_quote(bars: Bars, quotes: QuoteBars, side: str) -> Float64Array:
    """The bid or ask at the close of each bar."""
    last = np.searchsorted(quotes.time, bars.time, side="right") - 1
    known = (last >= 0) & (quotes.day[last] == bars.day)
    quoted = getattr(quotes, f"{side}_close")
    return np.where(known, np.where(np.isnan(quoted), quotes.mid("close"), quoted)[last], bars.close)
