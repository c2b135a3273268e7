"""The sample data folder: deterministic, consistent, and read back as what it says it is."""

from __future__ import annotations

import hashlib
import zipfile
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from arch.data import sp500

from trading.simulation.instrument import SecurityType
from utils.data.inventory import take_stock
from utils.data.lean.clock import day_number
from utils.data.lean.series import LeanSeries, list_series
from utils.data.load import load_bars
from utils.data.resample import resample
from utils.data.sample import write_sample
from utils.data.sample_equity import made_up_equity


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("sample") / "data"
    write_sample(home, sessions=8)
    return home


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_same_arguments_write_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_sample(tmp_path / "again", sessions=8)
    assert digests(tmp_path / "again") == digests(folder)
    write_sample(tmp_path / "other", sessions=8, seed=1)
    different = {
        path for path, digest in digests(tmp_path / "other").items() if digests(folder)[path] != digest
    }
    assert different and all("syn" in path for path in different)


def test_a_shorter_sample_replaces_a_longer_one_and_leaves_the_rest_alone(
    folder: Path, tmp_path: Path
) -> None:
    home = tmp_path / "data"
    write_sample(home, sessions=11)
    other = home / "crypto" / "coinbase" / "minute" / "ethusd" / "20240101_trade.zip"
    other.parent.mkdir()
    other.write_bytes(b"somebody's")
    write_sample(home, sessions=8)
    assert other.read_bytes() == b"somebody's"
    other.unlink()
    minutes = [path for path in digests(home) if "/minute/" in path]
    assert sorted(minutes) == sorted(path for path in digests(folder) if "/minute/" in path)


def test_every_series_is_complete(folder: Path) -> None:
    series = list_series(folder)
    assert [str(one) for one in series] == [
        "crypto/coinbase/daily/synusd/trade",
        "crypto/coinbase/hour/synusd/trade",
        "crypto/coinbase/minute/synusd/trade",
        "equity/usa/daily/synth/trade",
        "equity/usa/hour/synth/trade",
        "equity/usa/minute/synth/trade",
        "index/usa/daily/spx/trade",
    ]
    for one in series:
        holding = take_stock(folder, one)
        assert (holding.error, holding.missing) == (None, 0)
        assert holding.bars == holding.expected


def test_spx_is_the_real_index(folder: Path) -> None:
    bars = load_bars(folder, symbol="spx")
    real = sp500.load()
    assert len(bars) == len(real) == 5_031
    for name in ("Open", "High", "Low", "Close"):
        shown = getattr(bars, name.lower())
        np.testing.assert_allclose(shown, real[name], rtol=1e-7)
        assert [f"{value:.2f}" for value in shown] == [f"{value:.2f}" for value in real[name]]
    assert bars.volume.tolist() == real["Volume"].tolist()
    assert bars.day.tolist() == [day_number(stamp.date()) for stamp in real.index]
    assert bars.fills_next_open.all()


def test_the_equity_has_a_split_and_a_dividend_that_adjustment_takes_out(folder: Path) -> None:
    equity = made_up_equity(8, 2025, "SYNTH")
    raw = load_bars(folder, symbol="SYNTH", resolution="daily", normalization="raw")
    adjusted = load_bars(folder, symbol="SYNTH", resolution="daily")
    split, dividend = (
        int(np.searchsorted(raw.day, day_number(day))) for day in (equity.split_date, equity.dividend_date)
    )
    assert (dividend, split) == (2, 4)
    overnight = raw.open[1:] / raw.close[:-1] - 1
    assert -0.55 < overnight[split - 1] < -0.45
    smooth = adjusted.open[1:] / adjusted.close[:-1] - 1
    assert np.abs(smooth).max() < 0.03
    paid = raw.close[dividend - 1] * (
        1
        - adjusted.close[dividend - 1]
        / adjusted.close[dividend]
        * raw.close[dividend]
        / raw.close[dividend - 1]
    )
    assert paid == pytest.approx(0.40, abs=2e-3)
    assert adjusted.close[-1] == raw.close[-1]


def test_longer_bars_are_made_of_the_minutes(folder: Path) -> None:
    for symbol, zone in (("SYNTH", "America/New_York"), ("SYNUSD", "UTC")):
        minutes = load_bars(folder, symbol=symbol, resolution="minute", normalization="raw")
        for resolution in ("hour", "daily"):
            longer = load_bars(folder, symbol=symbol, resolution=resolution, normalization="raw")
            expected = resample(minutes, resolution, zone)
            for name in ("time", "open", "high", "low", "close", "volume", "day", "fills_next_open"):
                assert getattr(longer, name).tolist() == pytest.approx(
                    getattr(expected, name).tolist(), rel=1e-12
                )


def test_the_minutes_are_regular_sessions_of_possible_bars(folder: Path) -> None:
    bars = load_bars(folder, symbol="SYNTH", resolution="minute", security_type=SecurityType.EQUITY)
    assert len(bars) == 8 * 390
    assert bars.fills_next_open.sum() == 8
    assert (bars.high >= np.maximum(bars.open, bars.close)).all()
    assert (bars.low <= np.minimum(bars.open, bars.close)).all()
    assert (bars.volume >= 1).all()


def test_the_folder_says_what_is_made_up(folder: Path) -> None:
    text = (folder / "README.md").read_text()
    assert "**SPX is real**" in text
    assert "**SYNTH is made up**" in text
    assert "**SYNUSD is made up**" in text
    with zipfile.ZipFile(
        folder / "crypto" / "coinbase" / "minute" / "synusd" / "20240101_trade.zip"
    ) as archive:
        assert archive.namelist() == ["20240101_synusd_minute_trade.csv"]
    assert str(LeanSeries.parse("index/usa/daily/spx").whole_path(folder)).endswith("index/usa/daily/spx.zip")
    assert made_up_equity(8, 1, "SYNTH").split_date == date(2024, 1, 8)


def test_a_readme_of_the_users_stays_and_an_own_one_is_renewed(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine\n")
    write_sample(tmp_path, 4, 1)
    assert (tmp_path / "README.md").read_text() == "mine\n"
    (tmp_path / "README.md").unlink()
    write_sample(tmp_path, 4, 1)
    written = (tmp_path / "README.md").read_text()
    (tmp_path / "README.md").write_text(written + "old line\n")
    write_sample(tmp_path, 4, 1)
    assert (tmp_path / "README.md").read_text() == written
