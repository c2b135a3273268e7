"""Bars at the edges of sessions and periods, where a wrong flag or date would trade on what was not known."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from trading.simulation.instrument import SecurityType
from utils.data.load import load_bars
from utils.errors import UserError


def written(folder: Path, stamps: pd.Index[pd.Timestamp]) -> Path:
    path = folder / "bars.csv"
    lines = [f"{stamp.isoformat()},10,12,9,11,5" for stamp in stamps]
    path.write_text("\n".join(["timestamp,open,high,low,close,volume", *lines]))
    return path


def test_an_hour_that_ends_with_the_session_waits_for_the_open_without_its_last_minute(
    tmp_path: Path,
) -> None:
    first = pd.date_range("2024-01-02 09:30", "2024-01-02 15:58", freq="min", tz="America/New_York")
    second = pd.date_range("2024-01-03 09:30", "2024-01-03 15:59", freq="min", tz="America/New_York")
    path = written(tmp_path, first.append(second))
    bars = load_bars(path, security_type=SecurityType.EQUITY, resolution="hour")
    shown = pd.to_datetime(bars.time, utc=True).tz_convert("America/New_York")
    assert [stamp.hour for stamp in shown[bars.fills_next_open]] == [15, 15]
    assert len(bars) == 14


def test_bars_that_reach_into_the_next_hour_are_not_joined(tmp_path: Path) -> None:
    path = written(tmp_path, pd.date_range("2024-01-02 00:03", periods=60, freq="5min", tz="UTC"))
    with pytest.raises(UserError, match="2024-01-02T00:58:00 UTC ends in the next hour"):
        load_bars(path, security_type=SecurityType.CRYPTO, resolution="hour")


@pytest.mark.parametrize(
    ("first", "says"),
    [("2024-01-05", "2024-01-06 is no trading day"), ("2024-07-03", "2024-07-04 is no trading day")],
)
def test_daily_bars_of_days_without_a_session_are_refused(tmp_path: Path, first: str, says: str) -> None:
    path = written(tmp_path, pd.date_range(first, periods=3, freq="D"))
    with pytest.raises(UserError, match=says):
        load_bars(path, security_type=SecurityType.EQUITY)


def test_daily_bars_that_a_time_zone_moves_to_the_day_before_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, pd.date_range("2024-01-02", periods=4, freq="D", tz="Europe/Berlin"))
    with pytest.raises(UserError, match="2024-01-01 is no trading day of XNYS"):
        load_bars(path, security_type=SecurityType.EQUITY)
