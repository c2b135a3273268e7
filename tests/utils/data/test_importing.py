"""Files into a LEAN data folder: whole, at a LEAN resolution, or not at all."""

from __future__ import annotations

import errno
import os
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trading.simulation.instrument import SecurityType
from utils.data.importing import Imported, import_file
from utils.data.lean.series import Resolution, list_series
from utils.data.load import load_bars
from utils.data.resample import resample
from utils.data.table import read_table
from utils.errors import UserError


def csv(folder: Path, start: str, step: str, count: int, name: str = "bars.csv") -> Path:
    random = np.random.default_rng(1)
    prices = np.sort(random.uniform(10, 20, (count, 4)).round(2), axis=1)
    frame = pd.DataFrame(
        {
            "timestamp": pd.date_range(start, periods=count, freq=step).strftime("%Y-%m-%d %H:%M:%S"),
            "open": prices[:, 1],
            "high": prices[:, 3],
            "low": prices[:, 0],
            "close": prices[:, 2],
            "volume": random.integers(0, 1_000, count),
        }
    )
    path = folder / name
    frame.to_csv(path, index=False)
    return path


def bring(path: Path, folder: Path, **changes: object) -> Imported:
    arguments: dict[str, object] = {
        "symbol": "ethusd",
        "security_type": SecurityType.CRYPTO,
        "market": "kraken",
    }
    return import_file(path, folder, **{**arguments, **changes})  # type: ignore[arg-type]


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("step", "count", "resolution"), [("min", 3_000, "minute"), ("h", 100, "hour"), ("D", 40, "daily")]
)
def test_what_is_imported_is_read_back(tmp_path: Path, step: str, count: int, resolution: str) -> None:
    path, data = csv(tmp_path, "2025-06-30", step, count), tmp_path / "data"
    imported = bring(path, data)
    assert str(imported.series) == f"crypto/kraken/{resolution}/ethusd/trade"
    assert all(file.is_file() and file.is_relative_to(data) for file in imported.files)
    before, after = read_table(path), load_bars(data, symbol="ETHUSD")
    for name in ("time", "open", "high", "low", "close", "volume", "day"):
        assert getattr(after, name).tolist() == getattr(before, name).tolist()


def test_an_equity_is_imported_in_the_exchanges_days(tmp_path: Path) -> None:
    path = csv(tmp_path, "2024-11-25", "D", 3)
    bring(path, tmp_path / "data", symbol="spy", security_type=SecurityType.EQUITY, market="usa")
    bars = load_bars(tmp_path / "data", symbol="spy")
    assert bars.day.tolist() == [20052, 20053, 20054]
    assert bars.fills_next_open.all()


def test_forex_becomes_quotes(tmp_path: Path) -> None:
    path = csv(tmp_path, "2024-11-25", "h", 24)
    imported = bring(
        path, tmp_path / "data", symbol="eurusd", security_type=SecurityType.FOREX, market="oanda"
    )
    assert str(imported.series) == "forex/oanda/hour/eurusd/quote"
    assert load_bars(tmp_path / "data", symbol="eurusd").close.tolist() == read_table(path).close.tolist()


def test_forex_days_in_files_are_utc(tmp_path: Path) -> None:
    path = csv(tmp_path, "2024-11-25", "h", 96)
    euro = {"symbol": "eurusd", "security_type": SecurityType.FOREX, "market": "oanda"}
    bring(path, tmp_path / "data", **euro, resample_to=Resolution.DAILY)
    bars = load_bars(tmp_path / "data", symbol="eurusd")
    assert bars.time.tolist() == resample(read_table(path), "daily").time.tolist()


def test_daily_bars_follow_the_clock_of_the_folders_database(tmp_path: Path, sample_data: Path) -> None:
    """LEAN's own database has the S&P 500 on Chicago's clock."""
    path, data = csv(tmp_path, "2024-11-25", "D", 3), tmp_path / "data"
    shutil.copytree(sample_data / "lean" / "market-hours", data / "market-hours")
    bring(path, data, symbol="spx", security_type=SecurityType.INDEX, market="usa")
    bars = load_bars(data, symbol="spx")
    assert bars.day.tolist() == [20052, 20053, 20054]
    assert bars.time[0] == np.datetime64("2024-11-25T06:00", "ns").astype(np.int64)


def test_a_damaged_file_in_the_folder_is_named_and_kept(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (old,) = bring(csv(tmp_path, "2025-06-30", "h", 50), data).files
    old.write_bytes(old.read_bytes()[:60])
    with pytest.raises(UserError, match=f"^{re.escape(str(old))}: zip .*truncated") as error:
        bring(csv(tmp_path, "2025-07-30", "h", 50), data)
    assert ".staging" not in str(error.value)
    assert len(old.read_bytes()) == 60


def test_the_real_five_minute_bars_are_refused_or_resampled(tmp_path: Path, sample_data: Path) -> None:
    path, data = sample_data / "bars" / "BTC-USD_5m.csv", tmp_path / "data"
    with pytest.raises(
        UserError, match=r"BTC-USD_5m\.csv: bars of 5 minutes have no .*; add --resample hour"
    ):
        bring(path, data, symbol="BTCUSD")
    assert not data.exists()
    for resolution in (Resolution.HOUR, Resolution.DAILY):
        imported = bring(path, data, symbol="BTCUSD", resample_to=resolution)
        expected = resample(read_table(path), resolution)
        assert len(imported.bars) == len(expected)
        bars = load_bars(data, symbol="BTCUSD", resolution=resolution)
        for name in ("time", "open", "high", "low", "close"):
            assert getattr(bars, name).tolist() == getattr(expected, name).tolist()
        np.testing.assert_allclose(bars.volume, expected.volume, rtol=1e-12)


def test_a_later_file_is_added_to_an_earlier_one(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for step, resolution in (("min", "minute"), ("D", "daily")):
        first = csv(tmp_path, "2025-06-01", step, 1440, "first.csv")
        start = "2025-06-02" if step == "min" else "2029-05-11"
        bring(first, data)
        bring(csv(tmp_path, start, step, 1440, "second.csv"), data)
        bars = load_bars(data, symbol="ethusd", resolution=resolution)
        assert len(bars) == 2880
        assert (np.diff(bars.time) == bars.period).all()


def test_a_stated_resolution_must_be_that_of_the_file(tmp_path: Path) -> None:
    minutes, hours = csv(tmp_path, "2025-06-30", "min", 200), csv(tmp_path, "2025-06-30", "h", 9, "hours.csv")
    assert bring(minutes, tmp_path / "data", resolution=Resolution.MINUTE).series.resolution == "minute"
    with pytest.raises(UserError, match="bars of 1 minute are not hour bars; add --resample hour"):
        bring(minutes, tmp_path / "data", resolution=Resolution.HOUR)
    with pytest.raises(UserError, match="bars of 1 hour are not minute bars; drop --resolution minute"):
        bring(hours, tmp_path / "data", resolution=Resolution.MINUTE)
    with pytest.raises(UserError, match="bars of 1 hour do not make up minute bars; use hour"):
        bring(hours, tmp_path / "data", resample_to=Resolution.MINUTE)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"symbol": "../etc"}, "symbol: .* cannot be a ticker"),
        ({"symbol": ""}, "symbol: .* cannot be a ticker"),
        ({"market": "No Such"}, "market: .* cannot be a market"),
        ({"security_type": SecurityType.EQUITY, "market": "tse"}, "market: tse has no trading calendar"),
        (
            {"security_type": SecurityType.EQUITY, "market": "xetr"},
            "hours of the equity market xetr are not known",
        ),
        ({"timezone": "Mars"}, "time zone: 'Mars' is not"),
    ],
)
def test_bad_names_are_refused_and_nothing_is_written(
    tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    path = csv(tmp_path, "2024-11-25 09:00", "h", 9)
    with pytest.raises(UserError, match=message):
        bring(path, tmp_path / "new" / "data", **changes)
    assert list(files(tmp_path)) == ["bars.csv"]
    assert not (tmp_path / "new").exists()


def test_prices_finer_than_leans_are_refused_or_rounded(tmp_path: Path) -> None:
    path = tmp_path / "bars.csv"
    path.write_text(
        "date,open,high,low,close,volume\n" + "".join(f"2024-11-2{d},1,2,0.5,1.23456789,1\n" for d in "567")
    )
    spy = {"symbol": "spy", "security_type": SecurityType.EQUITY, "market": "usa"}
    with pytest.raises(UserError, match=r"bars\.csv: .*ten-thousandths"):
        bring(path, tmp_path / "data", **spy)
    assert not (tmp_path / "data").exists()
    bring(path, tmp_path / "data", **spy, round_prices=True)
    assert load_bars(tmp_path / "data", symbol="spy").close.tolist() == [1.2346] * 3


@pytest.mark.parametrize("good_syncs", [0, 1, 2])
def test_a_full_disk_leaves_the_folder_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, good_syncs: int
) -> None:
    data = tmp_path / "data"
    bring(csv(tmp_path, "2025-06-30", "min", 1440), data)
    before = files(data)
    later = csv(tmp_path, "2025-07-01", "min", 3_000, "later.csv")
    real, count = os.fsync, 0

    def fsync(descriptor: int) -> None:
        nonlocal count
        count += 1
        if count > good_syncs:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(UserError, match="No space left on device; free space"):
        bring(later, data)
    assert files(data) == before
    with pytest.raises(UserError, match="No space left on device"):
        bring(later, tmp_path / "fresh")
    assert good_syncs or not (tmp_path / "fresh").exists()


def test_all_series_are_listed_after_imports(tmp_path: Path) -> None:
    for step in ("min", "h"):
        bring(csv(tmp_path, "2025-06-30", step, 100), tmp_path / "data")
    assert [str(series) for series in list_series(tmp_path / "data")] == [
        "crypto/kraken/hour/ethusd/trade",
        "crypto/kraken/minute/ethusd/trade",
    ]
