"""A LEAN data folder with made-up bars, the same on every machine: what parity is checked on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trading.bars import always_open_bars
from trading.simulation.instrument import SecurityType
from utils.data.databases import add_market_hours, add_symbol_properties
from utils.data.lean.clock import EPOCH
from utils.data.lean.market_hours import MarketHours, market_hours
from utils.data.lean.quotes import QuoteBars
from utils.data.lean.series import LeanSeries, Resolution, TickType, tick_types
from utils.data.lean.writer import write_bars, write_quotes
from utils.data.synthetic import MINUTE, prices, walk

FIRST_DAY = date(2019, 1, 2)
START_PRICE = {SecurityType.EQUITY: 240.0, SecurityType.CRYPTO: 42_000.0}
VOLATILITY = {Resolution.MINUTE: 0.0009, Resolution.DAILY: 0.012}
HALF_SPREAD = 0.02


@dataclass(frozen=True)
class MadeUp:
    """Bars that were written: their series, first and last day."""

    folder: Path
    series: LeanSeries
    start: date
    end: date


def prepare_folder(folder: Path, series: LeanSeries) -> None:
    """Make a data folder that knows a series' market hours and symbol properties; what it has stays."""
    folder.mkdir(parents=True, exist_ok=True)
    kind = series.security_type
    # An algorithm's benchmark is SPY unless it says otherwise, so its market is always there.
    add_market_hours(folder, (SecurityType.EQUITY, "usa"), (kind, series.market))
    equity = kind is SecurityType.EQUITY
    quote = "USD" if equity or len(series.symbol) != 6 else series.symbol[3:]
    symbol = "[*]" if equity else series.symbol
    lot, tick = ("1", "0.01") if equity else ("0.00000001", "0.00001")
    add_symbol_properties(
        folder, f"{series.market},{symbol},{kind.value},,{quote},1,{tick},{lot},{series.symbol},{lot}"
    )


def write_made_up(folder: Path, series: LeanSeries, bars: int, seed: int = 2025) -> MadeUp:
    """Write bars, and quotes of as many minutes of an equity.

    Args:
        series: of an equity or of crypto, by minute or day.
        bars: how many, from the first session of 2019 on.
    """
    prepare_folder(folder, series)
    hours = market_hours(folder, series)
    time = _days(hours, bars) if series.resolution is Resolution.DAILY else _minutes(hours, bars)
    path = walk(bars, seed)
    start = START_PRICE[series.security_type]
    columns = prices(path, start, VOLATILITY[series.resolution], centre=start)
    volume = np.rint(path.activity * 10_000) + 1
    made = always_open_bars(time, *columns, volume, series.resolution.period, series.symbol)
    write_bars(folder, series, made)
    quoted = TickType.QUOTE in tick_types(series.security_type, series.resolution)
    if quoted and series.security_type is SecurityType.EQUITY:
        (bo, bh, bl, bc), (ao, ah, al, ac) = (
            [column + side * HALF_SPREAD for column in columns] for side in (-1, 1)
        )
        size = np.full(bars, 100.0)
        quotes = QuoteBars(
            time, bo, bh, bl, bc, size, ao, ah, al, ac, size, made.day, made.period, series.symbol
        )
        write_quotes(folder, replace(series, tick_type=TickType.QUOTE), quotes, round_prices=True)
    first, last = (EPOCH + timedelta(days=int(number)) for number in hours.exchange_days(time[[0, -1]]))
    return MadeUp(folder, series, first, last)


def _sessions(hours: MarketHours) -> Iterator[tuple[date, datetime, datetime]]:
    """Day, open and close of each session from `FIRST_DAY` on."""
    for number in count(FIRST_DAY.toordinal()):
        day = date.fromordinal(number)
        if session := hours.session(day):
            yield day, *session


def _days(hours: MarketHours, bars: int) -> NDArray[np.int64]:
    numbers = [(day - EPOCH).days for day, _, _ in islice(_sessions(hours), bars)]
    return hours.daily_time(np.array(numbers, np.int32))


def _minutes(hours: MarketHours, bars: int) -> NDArray[np.int64]:
    """The first minutes of the sessions."""
    found: list[NDArray[np.int64]] = []
    for _, begin, end in _sessions(hours):
        found.append(np.arange(_ns(begin), _ns(end), MINUTE, dtype=np.int64))
        if sum(map(len, found)) >= bars:
            break
    return np.concatenate(found)[:bars]


def _ns(moment: datetime) -> int:
    return int(moment.timestamp()) * 1_000_000_000
