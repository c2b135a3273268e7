"""LEAN's own files: read the same as by a plain parser, and written back as they were."""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from trading.simulation.instrument import SecurityType
from utils.data.lean.factor_files import Normalization
from utils.data.lean.market_hours import market_hours
from utils.data.lean.reader import read_bars, read_quotes
from utils.data.lean.series import LeanSeries, Resolution, TickType, list_series
from utils.data.lean.writer import write_bars, write_quotes

RAW = Normalization.RAW

SERIES = [
    "crypto/binance/hour/btcusdt",
    "crypto/bitfinex/hour/btcusd",
    "crypto/bybit/minute/btcusdt/quote",
    "crypto/coinbase/daily/btcusd",
    "crypto/coinbase/daily/btcusd/quote",
    "crypto/coinbase/minute/btcusd",
    "crypto/coinbase/second/btcusd",
    "equity/usa/daily/spy",
    "equity/usa/hour/gdvd",
    "equity/usa/minute/aig/quote",
    "equity/usa/minute/foxa/quote",
    "equity/usa/minute/spy",
    "equity/usa/minute/spy/quote",
    "forex/oanda/daily/eurusd",
    "forex/oanda/hour/nzdusd",
    "forex/oanda/minute/eurusd",
    "index/hkfe/daily/hsi",
    "index/hkfe/hour/hsi",
    "index/ose/minute/n225",
    "index/usa/daily/spx",
    "index/usa/hour/ndx",
    "index/usa/minute/spx",
]
"""One of each kind; of equities those whose map files name one ticker throughout, or none."""

STARTS = {"equity/usa/minute/foxa/quote": date(2013, 7, 1)}
"""First date of the ticker, where the company had another before."""


def plain_files(folder: Path, series: LeanSeries) -> list[tuple[date | None, Path]]:
    if not series.resolution.file_a_day:
        return [(None, series.whole_path(folder))]
    paths = sorted(series.day_folder(folder).glob(f"*_{series.tick_type}.zip"))
    return [(datetime.strptime(path.name[:8], "%Y%m%d").date(), path) for path in paths]


def plain_text(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(archive.namelist()[0]).decode()


def plain_rows(folder: Path, series: LeanSeries) -> list[tuple[datetime, list[Decimal | None]]]:
    """Start of each bar on the data time zone's clock, and its fields; prices unscaled."""
    rows = []
    for day, path in plain_files(folder, series):
        for cells in csv.reader(io.StringIO(plain_text(path))):
            if day:
                wall = datetime.combine(day, datetime.min.time()) + timedelta(milliseconds=int(cells[0]))
            else:
                wall = datetime.strptime(cells[0], "%Y%m%d %H:%M")
            rows.append((wall, [Decimal(cell) if cell else None for cell in cells[1:]]))
    return rows


@pytest.mark.parametrize("text", SERIES)
def test_reads_what_a_plain_parser_reads(lean: Path, text: str) -> None:
    series = LeanSeries.parse(text)
    zones = market_hours(lean, series)
    data_zone, exchange_zone = ZoneInfo(zones.data_zone), ZoneInfo(zones.exchange_zone)
    scale = 10_000 if series.security_type is SecurityType.EQUITY else 1
    if series.tick_type is TickType.TRADE:
        bars = read_bars(lean, series, STARTS.get(text), normalization=RAW)
        time, day = bars.time, bars.day
        columns = [bars.open, bars.high, bars.low, bars.close, bars.volume]
    else:
        quotes = read_quotes(lean, series, STARTS.get(text), normalization=RAW)
        time, day = quotes.time, quotes.day
        bid = [quotes.bid_open, quotes.bid_high, quotes.bid_low, quotes.bid_close, quotes.bid_size]
        ask = [quotes.ask_open, quotes.ask_high, quotes.ask_low, quotes.ask_close, quotes.ask_size]
        columns = bid + ask
    rows = plain_rows(lean, series)
    assert len(time) == len(rows)
    starts = [wall.replace(tzinfo=data_zone) for wall, _ in rows]
    assert time.tolist() == [int(start.timestamp()) * 1_000_000_000 for start in starts]
    daily = series.resolution is Resolution.DAILY
    days = [start.date() if daily else start.astimezone(exchange_zone).date() for start in starts]
    assert day.tolist() == [(one - date(1970, 1, 1)).days for one in days]
    for index, column in enumerate(columns):
        unit = 1 if index % 5 == 4 else scale
        cells = [row[index] for _, row in rows]
        expected = [float("nan") if cell is None else float(cell / unit) for cell in cells]
        np.testing.assert_array_equal(column, expected)


def test_reads_all_of_the_sample(lean: Path) -> None:
    for series in list_series(lean):
        bars = read_bars(lean, series, with_quotes=True)
        assert len(bars)
        assert (np.diff(bars.time) > 0).all()
        assert (np.diff(bars.day) >= 0).all()
        prices = np.stack([bars.open, bars.high, bars.low, bars.close])
        assert np.isfinite(prices).all()
        assert (prices > 0).all()
        assert (bars.low == prices.min(axis=0)).all()
        assert (bars.high == prices.max(axis=0)).all()
        for side in (bars.bid_close, bars.ask_close):
            assert side is None or (np.isfinite(side).all() and (side > 0).all())


@pytest.mark.parametrize("text", SERIES)
def test_writes_a_real_file_back_as_it_was(lean: Path, tmp_path: Path, text: str) -> None:
    """Up to line ends and the zeros that some old files have at the end of decimals (`1.38680`)."""
    series = LeanSeries.parse(text)
    shutil.copytree(lean / "market-hours", tmp_path / "market-hours")
    if series.tick_type is TickType.TRADE:
        write_bars(tmp_path, series, read_bars(lean, series, STARTS.get(text), normalization=RAW))
    else:
        write_quotes(tmp_path, series, read_quotes(lean, series, STARTS.get(text), normalization=RAW))
    exact = 0
    for (_, original), (_, written) in zip(
        plain_files(lean, series), plain_files(tmp_path, series), strict=True
    ):
        assert written.relative_to(tmp_path) == original.relative_to(lean)
        before, after = plain_text(original), plain_text(written)
        exact += before == after
        lines = [line.split(",") for line in before.replace("\r", "").rstrip().split("\n")]
        plain = [
            [time, *(f"{Decimal(cell).normalize():f}" if cell else "" for cell in cells)]
            for time, *cells in lines
        ]
        assert after == "\n".join(",".join(cells) for cells in plain)
        with zipfile.ZipFile(original) as archive, zipfile.ZipFile(written) as copy:
            assert copy.namelist() == archive.namelist()
    if text in {"equity/usa/daily/spy", "crypto/coinbase/daily/btcusd", "equity/usa/minute/aig/quote"}:
        assert exact == len(plain_files(lean, series))


def test_quotes_are_joined_to_trades(lean: Path) -> None:
    series = LeanSeries.parse("equity/usa/minute/spy")
    bars = read_bars(lean, series, date(2013, 10, 7), date(2013, 10, 7), RAW, with_quotes=True)
    quotes = {
        wall: fields
        for wall, fields in plain_rows(lean, LeanSeries.parse("equity/usa/minute/spy/quote"))
        if wall.date() == date(2013, 10, 7)
    }
    assert bars.bid_close is not None
    assert bars.ask_close is not None
    met = 0
    for row, (wall, fields) in enumerate(
        (wall, fields) for wall, fields in plain_rows(lean, series) if wall.date() == date(2013, 10, 7)
    ):
        known = [time for time in quotes if time <= wall]
        assert fields[3]
        expected: tuple[float, ...] = (float(fields[3] / 10_000),) * 2
        if known:
            quote = quotes[max(known)]
            bid, ask = quote[3], quote[8]
            sides = [side for side in (bid, ask) if side is not None]
            middle = sum(sides) / len(sides)
            expected = tuple(float((middle if side is None else side) / 10_000) for side in (bid, ask))
            met += 1
        assert (bars.bid_close[row], bars.ask_close[row]) == expected
    assert met > 700
