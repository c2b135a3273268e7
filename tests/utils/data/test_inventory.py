"""What is missing from a data folder."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import exchange_calendars
import numpy as np
import pandas as pd
import pytest

from trading.bars import Bars
from trading.simulation.instrument import SecurityType
from utils.data.databases import add_market_hours
from utils.data.inventory import Gap, expected_starts, take_stock
from utils.data.lean.market_hours import market_hours
from utils.data.lean.series import LeanSeries, Resolution, list_series
from utils.data.lean.writer import write_bars
from utils.data.sample import crypto_bars
from utils.data.sample_equity import made_up_equity
from utils.data.sessions import select


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    add_market_hours(tmp_path, (SecurityType.CRYPTO, "coinbase"), (SecurityType.EQUITY, "usa"))
    return tmp_path


def without(bars: Bars, first: str, last: str) -> Bars:
    """Leave out the bars that start from `first` to `last` (UTC)."""
    span = np.array([first, last], "M8[ns]").astype(np.int64)
    return select(bars, (bars.time < span[0]) | (bars.time > span[1]))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_missing_crypto_minutes_are_gaps(folder: Path) -> None:
    series = LeanSeries.parse("crypto/coinbase/minute/synusd")
    bars = without(crypto_bars(3, 1), "2024-01-01T10:00", "2024-01-01T10:04")
    write_bars(folder, series, without(bars, "2024-01-02T23:58", "2024-01-03T00:01"))
    holding = take_stock(folder, series)
    assert holding.gaps == (
        Gap(moment("2024-01-01T10:00"), moment("2024-01-01T10:04"), 5),
        Gap(moment("2024-01-02T23:58"), moment("2024-01-03T00:01"), 4),
    )
    assert (holding.expected, holding.bars, holding.missing) == (3 * 1440, 3 * 1440 - 9, 9)
    assert holding.first == moment("2024-01-01")
    assert holding.last == moment("2024-01-03T23:59")


def test_nights_weekends_and_holidays_are_no_gaps_but_a_session_is(folder: Path) -> None:
    series = LeanSeries.parse("equity/usa/minute/synth")
    bars = made_up_equity(15, 1, "SYNTH").bars  # to 2024-01-23, over Martin Luther King Day
    write_bars(folder, series, bars)
    assert take_stock(folder, series).gaps == ()
    series = LeanSeries.parse("equity/usa/minute/other")
    write_bars(folder, series, without(bars, "2024-01-11T00:00", "2024-01-12T00:00"))
    (gap,) = take_stock(folder, series).gaps
    assert gap == Gap(moment("2024-01-11T14:30"), moment("2024-01-11T20:59"), 390)


def test_a_missing_daily_session_is_a_gap(sample_data: Path) -> None:
    holding = take_stock(sample_data / "lean", LeanSeries.parse("equity/usa/daily/eem"))
    assert [(gap.first.date(), gap.bars) for gap in holding.gaps] == [(date(2003, 8, 15), 1)]


def test_expected_hours_are_those_with_a_trading_minute(folder: Path) -> None:
    calendar = exchange_calendars.get_calendar("XNYS", start="2009-01-01", end="2021-12-31")
    minutes = calendar.minutes_in_range("2010-01-04 00:00", "2020-12-31 23:59").tz_convert("America/New_York")
    oracle = (
        pd.DatetimeIndex(minutes.floor("h").unique()).tz_localize(None).to_numpy("M8[ns]").astype(np.int64)
    )
    hours = market_hours(folder, LeanSeries.parse("equity/usa/hour/spy"))
    expected = expected_starts(hours, Resolution.HOUR, int(oracle[0]), int(oracle[-1]))
    assert expected.tolist() == oracle.tolist()


def test_a_damaged_file_is_an_error_of_its_series_alone(folder: Path) -> None:
    for name in ("synusd", "other"):
        write_bars(folder, LeanSeries.parse(f"crypto/coinbase/minute/{name}"), crypto_bars(1, 1))
    path = folder / "crypto" / "coinbase" / "minute" / "other" / "20240101_trade.zip"
    path.write_bytes(path.read_bytes()[:100])
    holdings = {str(series.symbol): take_stock(folder, series) for series in list_series(folder)}
    assert holdings["SYNUSD"].error is None
    assert holdings["OTHER"].error is not None
    assert str(path) in holdings["OTHER"].error
    assert holdings["OTHER"].bars == 0
