"""One way to bars: files and LEAN data folders."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from trading.simulation.instrument import SecurityType
from utils.data.lean.clock import day_number
from utils.data.load import load_bars
from utils.errors import UserError

HOURS = ("09:00", "10:00", "11:00", "15:00", "20:00")


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    """Five hours a day (New York), 2024-11-25 to 27."""
    rows = [f"2024-11-{day} {hour},1,2,0.5,1.5,{day}\n" for day in (25, 26, 27) for hour in HOURS]
    path = tmp_path / "bars.csv"
    path.write_text("time,open,high,low,close,volume\n" + "".join(rows))
    return path


def test_a_file_without_a_security_type_never_closes(csv: Path) -> None:
    bars = load_bars(csv, symbol="x")
    assert len(bars) == 15
    assert bars.symbol == "X"
    assert not bars.fills_next_open.any()


def test_an_equity_keeps_to_its_sessions(csv: Path) -> None:
    bars = load_bars(csv, security_type=SecurityType.EQUITY, timezone="America/New_York")
    assert len(bars) == 12
    assert bars.fills_next_open.tolist() == [False, False, False, True] * 3


def test_a_resolution_resamples_a_file(csv: Path) -> None:
    bars = load_bars(csv, security_type=SecurityType.EQUITY, timezone="America/New_York", resolution="daily")
    assert bars.volume.tolist() == [100, 104, 108]
    assert bars.fills_next_open.all()
    with pytest.raises(UserError, match=r"bars\.csv: resolution: bars of 1 hour do not make up minute bars"):
        load_bars(csv, resolution="minute")


def test_days_from_and_to_are_included(csv: Path) -> None:
    for first, last, days in (
        (date(2024, 11, 26), None, [26, 27]),
        (None, date(2024, 11, 26), [25, 26]),
        (date(2024, 11, 26), date(2024, 11, 26), [26]),
        (date(2020, 1, 1), date(2030, 1, 1), [25, 26, 27]),
    ):
        bars = load_bars(csv, start=first, end=last)
        assert np.unique(bars.day).tolist() == [day_number(date(2024, 11, day)) for day in days]


def test_no_bars_in_the_range_is_an_error_that_says_what_there_is(csv: Path) -> None:
    with pytest.raises(
        UserError, match=r"bars\.csv: no bars from 2030-01-01 .*it has 2024-11-25 to 2024-11-27"
    ):
        load_bars(csv, start=date(2030, 1, 1))
    with pytest.raises(UserError, match="start: 2024-11-27 is after the end 2024-11-26; swap them"):
        load_bars(csv, start=date(2024, 11, 27), end=date(2024, 11, 26))


def test_errors_of_the_market_name_the_file(csv: Path) -> None:
    with pytest.raises(UserError, match=r"bars\.csv: market: nowhere has no trading calendar"):
        load_bars(csv, security_type=SecurityType.EQUITY, market="nowhere")


def test_a_folder_gives_the_series_that_is_meant(sample_data: Path) -> None:
    folder = sample_data / "lean"
    bars = load_bars(folder, symbol="spy", resolution="daily", start=date(2020, 1, 1), end=date(2020, 12, 31))
    assert len(bars) == 253
    assert bars.fills_next_open.all()
    raw = load_bars(folder, symbol="spy", resolution="daily", normalization="raw", start=date(2020, 1, 2))
    assert raw.close[0] == 324.87
    assert bars.close[0] < 324.87


def test_a_folders_equity_minutes_are_those_of_regular_hours_with_quotes(sample_data: Path) -> None:
    bars = load_bars(sample_data / "lean", symbol="SPY", resolution="minute", end=date(2013, 10, 11))
    assert len(bars) == 6 * 390
    assert bars.fills_next_open.sum() == 6
    assert bars.bid_close is not None
    assert bars.ask_close is not None
    assert (bars.ask_close >= bars.bid_close).mean() > 0.99


def test_a_folders_forex_is_made_of_quotes(sample_data: Path) -> None:
    bars = load_bars(sample_data / "lean", symbol="eurusd", resolution="hour", end=date(2007, 2, 1))
    assert bars.bid_close is not None
    assert not bars.fills_next_open.any()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "symbol: none is named; choose from AAA, AAPL, .*, ...$"),
        ({"symbol": "SPYY"}, "symbol: SPYY is not there; choose from SPY, "),
        (
            {"symbol": "spy"},
            "SPY: name security type, market or resolution; it has equity/usa/daily/spy/trade, ",
        ),
        (
            {"symbol": "spy", "resolution": "second"},
            "no second bars of SPY; it has equity/usa/daily/spy/trade",
        ),
        ({"symbol": "spy", "market": "tse"}, "no tse bars of SPY; it has "),
        ({"symbol": "spy", "security_type": SecurityType.CRYPTO}, "no crypto bars of SPY; it has "),
        (
            {"symbol": "spy", "resolution": "daily", "normalization": "x"},
            "normalization: 'x' is unknown; use raw, adjusted",
        ),
    ],
)
def test_an_unknown_or_open_choice_is_refused(
    sample_data: Path, arguments: dict[str, str], message: str
) -> None:
    with pytest.raises(UserError, match=message):
        load_bars(sample_data / "lean", **arguments)  # type: ignore[arg-type]


def test_a_folder_without_lean_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no bars in LEAN's layout; name a CSV or Parquet file"):
        load_bars(tmp_path, symbol="spy")
