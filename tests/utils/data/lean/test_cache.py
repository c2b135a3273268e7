"""Cached reads give what plain reads give, and notice every change of the files."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from trading.bars import Bars
from utils.data.lean import files
from utils.data.lean.archive import read_entry
from utils.data.lean.cache import TableCache
from utils.data.lean.factor_files import Normalization
from utils.data.lean.reader import read_bars
from utils.data.lean.series import LeanSeries, list_series
from utils.data.lean.writer import write_bars

MINUTE = 60_000_000_000
BTC = LeanSeries.parse("crypto/coinbase/minute/btcusd")
SPY = LeanSeries.parse("equity/usa/daily/spy")


def minutes(start: str, n: int, price: float = 100.0) -> Bars:
    time = np.datetime64(start, "ns").astype(np.int64) + np.arange(n, dtype=np.int64) * MINUTE
    level = price + np.arange(n) / 4
    day = (time // (1_440 * MINUTE)).astype(np.int32)
    return Bars(time, level, level, level, level, level, day, np.zeros(n, np.bool_), MINUTE)


def same(one: Bars, other: Bars) -> None:
    for field in fields(Bars):
        np.testing.assert_array_equal(getattr(one, field.name), getattr(other, field.name))


@pytest.fixture
def cache(tmp_path: Path) -> TableCache:
    return TableCache(tmp_path / "cache")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the zip files read."""
    names: list[str] = []
    read = read_entry

    def noting(path: Path, entry: str) -> bytes:
        names.append(path.name)
        return read(path, entry)

    monkeypatch.setattr(files, "read_entry", noting)
    return names


def test_every_series_of_the_sample_reads_the_same(lean: Path, cache: TableCache, opened: list[str]) -> None:
    chosen = [series for series in list_series(lean) if "spy" in str(series) or "usd/" in str(series)]
    for series in chosen:
        plain = read_bars(lean, series, with_quotes=True)
        same(read_bars(lean, series, with_quotes=True, cache=cache), plain)
        opened.clear()
        same(read_bars(lean, series, with_quotes=True, cache=cache), plain)
        assert opened == []


def test_changed_added_and_removed_files_are_noticed(
    folder: Path, cache: TableCache, opened: list[str]
) -> None:
    first, second = write_bars(folder, BTC, minutes("2018-04-04T12:00", 1_440))
    read_bars(folder, BTC, cache=cache)
    write_bars(folder, BTC, minutes("2018-04-05T06:00", 3, price=500.0))
    assert read_bars(folder, BTC, cache=cache).close[-1] == 500.5
    write_bars(folder, BTC, minutes("2018-04-06T06:00", 3, price=600.0))
    assert read_bars(folder, BTC, cache=cache).close[-1] == 600.5
    first.unlink()
    assert len(read_bars(folder, BTC, cache=cache)) == 6
    opened.clear()
    os.utime(second, ns=(1, 1))
    read_bars(folder, BTC, cache=cache)
    assert opened == ["20180405_trade.zip", "20180406_trade.zip"]


def test_a_range_reads_only_its_files(folder: Path, cache: TableCache, opened: list[str]) -> None:
    write_bars(folder, BTC, minutes("2018-03-30T00:00", 5 * 1_440))
    bars = read_bars(folder, BTC, date(2018, 3, 31), date(2018, 4, 1))
    assert len(bars) == 2_880
    assert opened == ["20180331_trade.zip", "20180401_trade.zip"]
    opened.clear()
    same(
        read_bars(folder, BTC, date(2018, 3, 31), date(2018, 4, 3), cache=cache),
        read_bars(folder, BTC)[1_440:],
    )
    opened.clear()
    read_bars(folder, BTC, date(2018, 3, 31), date(2018, 4, 3), cache=cache)
    assert opened == ["20180331_trade.zip"]  # April was cached whole


def test_factor_files_apply_to_cached_tables(
    folder: Path, lean: Path, cache: TableCache, opened: list[str]
) -> None:
    raw = read_bars(lean, SPY, normalization=Normalization.RAW)
    write_bars(folder, SPY, raw)
    same(read_bars(folder, SPY, cache=cache), read_bars(folder, SPY))
    home = folder / "equity" / "usa" / "factor_files"
    home.mkdir(parents=True)
    (home / "spy.csv").write_text("19980102,1,0.5,1\n20501231,1,0.5,0\n")
    opened.clear()
    np.testing.assert_array_equal(read_bars(folder, SPY, cache=cache).close, raw.close / 2)
    assert opened == []


def test_a_damaged_cache_is_said_and_made_anew(
    folder: Path, cache: TableCache, opened: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    write_bars(folder, BTC, minutes("2018-04-04T12:00", 20))
    plain = read_bars(folder, BTC, cache=cache)
    (kept,) = (path for path in cache.folder.rglob("*") if path.is_file())
    whole = kept.read_bytes()
    rng = np.random.default_rng(7)
    places = rng.integers(0, len(whole), 40).tolist()
    flipped = [whole[:at] + bytes([whole[at] ^ 0x5A]) + whole[at + 1 :] for at in places]
    for content in (b"", whole[:-1], whole[:7], whole + b"x", *flipped):
        kept.write_bytes(content)
        caplog.clear()
        opened.clear()
        same(read_bars(folder, BTC, cache=cache), plain)
        assert opened == ["20180404_trade.zip"]
        (record,) = caplog.records
        assert (record.levelno, "cache file is damaged" in record.message) == (logging.WARNING, True)
        assert "\n" not in record.message
        assert kept.read_bytes() == whole


def test_a_cache_that_cannot_be_written_is_done_without(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_bars(folder, BTC, minutes("2018-04-04T12:00", 20))
    blocked = tmp_path / "blocked"
    blocked.write_text("a file, not a folder")
    assert len(read_bars(folder, BTC, cache=TableCache(blocked))) == 20
    assert caplog.records
    assert all("going on without a cache" in record.message for record in caplog.records)


def test_nothing_is_kept_in_the_data_folder(folder: Path, cache: TableCache) -> None:
    write_bars(folder, BTC, minutes("2018-04-04T12:00", 20))
    before = sorted(folder.rglob("*"))
    read_bars(folder, BTC, cache=cache)
    assert sorted(folder.rglob("*")) == before


def test_two_data_folders_do_not_mix(
    tmp_path: Path, make_folder: Callable[[Path], Path], cache: TableCache
) -> None:
    for number in (1, 2):
        write_bars(
            make_folder(tmp_path / str(number)), BTC, minutes("2018-04-04T12:00", 20, price=100.0 * number)
        )
    for _ in range(2):
        for number in (1, 2):
            assert read_bars(tmp_path / str(number), BTC, cache=cache).close[0] == 100.0 * number
    assert len([path for path in cache.folder.rglob("*") if path.is_file()]) == 2
