"""Bars from CSV and Parquet: what is read, and what is refused with which words."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trading.bars import Bars
from utils.data.table import read_table
from utils.errors import UserError

HEADER = "timestamp,open,high,low,close,volume\n"
FIRST = "2025-07-01 00:00:00,1,2,0.5,1.5,3\n"
SECOND = "2025-07-01 00:05:00,1.5,2,1,1.25,0\n"
FIVE_MINUTES = 300_000_000_000
PRICES = ("open", "high", "low", "close", "volume")


def write(folder: Path, content: str | bytes, name: str = "bars.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def assert_is_the_example(bars: Bars) -> None:
    start = np.datetime64("2025-07-01", "ns").astype(np.int64)
    assert bars.time.tolist() == [start, start + FIVE_MINUTES]
    assert [getattr(bars, name).tolist() for name in PRICES] == [
        [1, 1.5],
        [2, 2],
        [0.5, 1],
        [1.5, 1.25],
        [3, 0],
    ]
    assert bars.day.tolist() == [20270, 20270]
    assert not bars.fills_next_open.any()
    assert bars.period == FIVE_MINUTES


def zipped(content: str, *names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, content)
    return stream.getvalue()


EXAMPLE = HEADER + FIRST + SECOND


def in_epochs(zeros: int) -> str:
    first, second = ("17513" + digits + "0" * zeros for digits in ("28000", "28300"))
    return EXAMPLE.replace("2025-07-01 00:00:00", first).replace("2025-07-01 00:05:00", second)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bars.csv", EXAMPLE),
        ("bars.csv", EXAMPLE.replace("\n", "\r\n")),
        ("bars.csv", EXAMPLE.rstrip("\n")),
        ("bars.csv", "\ufeff" + EXAMPLE),
        ("bars.csv", "\n\n" + EXAMPLE + "\n\n"),
        ("bars.csv", EXAMPLE.replace(",", ";")),
        ("bars.csv", EXAMPLE.replace(",", "\t")),
        ("bars.csv", EXAMPLE.replace(",", ", ")),
        ("bars.csv", EXAMPLE.replace("timestamp", "Date").replace("open", "OPEN").replace("close", " Close")),
        ("bars.csv", EXAMPLE.replace("timestamp", "<DATETIME>")),
        ("bars.csv", EXAMPLE.replace("2025-07-01 00:05:00", '"2025-07-01 00:05:00"')),
        ("bars.csv", EXAMPLE.replace(" 00:0", "T00:0")),
        ("bars.csv", EXAMPLE.replace(":00,", ":00Z,")),
        ("bars.csv", EXAMPLE.replace("01 00:", "01T02:").replace(":00,", ":00+02:00,")),
        ("bars.csv", EXAMPLE.replace(" 00:00:00", "T02:00:00+02").replace(" 00:05:00", "T01:05:00+0100")),
        *(("bars.csv", in_epochs(zeros)) for zeros in (0, 3, 6, 9)),
        ("bars.csv.gz", gzip.compress(EXAMPLE.encode())),
        ("bars.zip", zipped(EXAMPLE, "inside.csv")),
    ],
    ids=lambda value: (
        value if value in ("bars.csv", "bars.csv.gz", "bars.zip") else ""
    ),  # archives hold the time
)
def test_reads_the_same_bars_however_they_are_written(
    tmp_path: Path, name: str, content: str | bytes
) -> None:
    assert_is_the_example(read_table(write(tmp_path, content, name)))


def test_columns_are_found_by_name_and_others_ignored(tmp_path: Path) -> None:
    frame = pd.read_csv(io.StringIO(EXAMPLE))[["close", "volume", "low", "timestamp", "open", "high"]]
    frame.insert(0, "symbol", 'a "quoted", name\nof two lines')
    path = tmp_path / "bars.csv"
    frame.to_csv(path, index=False)
    assert_is_the_example(read_table(path))


TIMES = pd.to_datetime(pd.Series(["2025-07-01 00:00:00", "2025-07-01 00:05:00"]))


@pytest.mark.parametrize(
    "times",
    [
        TIMES,
        TIMES.astype("datetime64[ms]"),
        TIMES.dt.tz_localize("UTC").dt.tz_convert("America/New_York"),
        TIMES.dt.strftime("%Y-%m-%d %H:%M"),
        TIMES.astype("int64") // 10**9,
        TIMES.astype("int64") / 1e6,
    ],
    ids=str,
)
def test_reads_parquet(tmp_path: Path, times: pd.Series[pd.Timestamp]) -> None:
    frame = pd.read_csv(io.StringIO(EXAMPLE)).drop(columns="timestamp")
    frame.assign(Time=times).to_parquet(tmp_path / "bars.parquet", index=False)
    assert_is_the_example(read_table(tmp_path / "bars.parquet"))
    frame.set_index(times.rename(None)).to_parquet(tmp_path / "indexed.parquet")
    assert_is_the_example(read_table(tmp_path / "indexed.parquet"))


def test_dates_alone_are_midnights(tmp_path: Path) -> None:
    for dates in (("2025-07-01", "2025-07-02"), ("20250701", "20250702")):
        rows = [FIRST.replace("2025-07-01 00:00:00", day) for day in dates]
        bars = read_table(write(tmp_path, HEADER + "".join(rows)))
        assert bars.day.tolist() == [20270, 20271]
        assert bars.period == 288 * FIVE_MINUTES


def test_times_without_an_offset_are_in_the_time_zone_named(tmp_path: Path) -> None:
    path = write(tmp_path, EXAMPLE.replace("01 00:", "01 12:"))
    bars = read_table(path, timezone="America/New_York")
    assert bars.time[0] == np.datetime64("2025-07-01T16:00", "ns").astype(np.int64)


def test_symbols_are_upper_case(tmp_path: Path) -> None:
    assert read_table(write(tmp_path, EXAMPLE), symbol="btcusd").symbol == "BTCUSD"


def test_the_period_is_the_most_common_step(tmp_path: Path) -> None:
    minutes = [0, 5, 10, 40, 45, 50, 110]
    rows = [FIRST.replace("00:00:00", f"{m // 60:02}:{m % 60:02}:00") for m in minutes]
    assert read_table(write(tmp_path, HEADER + "".join(rows))).period == FIVE_MINUTES
    rows = [FIRST.replace("00:00:00", f"{hour:02}:00:00") for hour in (0, 3, 4)]  # steps of 3 h and 1 h
    assert read_table(write(tmp_path, HEADER + "".join(rows))).period == 12 * FIVE_MINUTES


def test_floating_point_noise_is_taken_up(tmp_path: Path) -> None:
    row = "2025-07-01 00:05:00,0.3,0.30000000000000004,0.30000000000000002,0.2999999999999999,1\n"
    bars = read_table(write(tmp_path, HEADER + FIRST + row))
    assert bars.low[1] == 0.2999999999999999
    row = "2025-07-01 00:05:00,0.30000000000000004,0.3,0.3,0.3,1\n"
    bars = read_table(write(tmp_path, HEADER + FIRST + row))
    assert bars.high[1] == 0.30000000000000004


def bad(cells: str) -> str:
    """The example with a blank line and a third bar: that one is on line 5."""
    return EXAMPLE + "\n" + cells + "\n"


REFUSED: dict[str, tuple[str | bytes, str, str]] = {
    "empty": ("", "is empty", "needs a header line"),
    "blank lines": ("\n\n", "is empty", "needs a header line"),
    "header only": (HEADER, "has a header but no bars", "one line a bar"),
    "no header": (FIRST + SECOND, "line 1: no column timestamp, open", "name the columns"),
    "web page": ("<!DOCTYPE html>\n<html>\n", "line 1: no column", "name the columns"),
    "no column": (EXAMPLE.replace("high", "hi"), "line 1: no column high", "name the columns"),
    "no volume": (EXAMPLE.replace("volume", "x"), "line 1: no column volume", "add a column of zeros"),
    "column twice": (EXAMPLE.replace("volume", "Volume,VOLUME"), "two columns are called volume", "rename"),
    "one bar": (HEADER + FIRST, "single bar", "give two bars or more"),
    "too few cells": (bad("2025-07-01 00:10:00,1,2"), "line 5: has 3 cells, the header has 6", "mend"),
    "too many cells": (bad("2025-07-01 00:10:00,1,2,1,1,1,1"), "line 5: has 7 cells", "mend"),
    "cut short": (EXAMPLE[:-8], "line 3: has 4 cells", "mend the line"),
    "open quote": (bad('"2025-07-01 00:10:00,1,2,1,1,1'), "line 5: has 1 cells", "mend"),
    "word": (bad("2025-07-01 00:10:00,1,abc,1,1,1"), "line 5: high 'abc' is not a number", "1234.5"),
    "decimal comma": (bad('2025-07-01 00:10:00,1,"1,5",1,1,1'), "line 5: high '1,5' is not", "1234.5"),
    "underscore": (bad("2025-07-01 00:10:00,1,1_0,1,1,1"), "line 5: high '1_0' is not a number", "1234.5"),
    "empty cell": (bad("2025-07-01 00:10:00,1,2,1,,1"), "line 5: close is empty", "fill it in"),
    "empty volume": (bad("2025-07-01 00:10:00,1,2,1,1,"), "line 5: volume is empty", "fill it in"),
    "NaN": (bad("2025-07-01 00:10:00,1,2,NaN,1,1"), "line 5: low nan is not a finite", "fill it in"),
    "infinite": (bad("2025-07-01 00:10:00,1,inf,1,1,1"), "line 5: high inf is not a finite", "fill it in"),
    "overflow": (bad("2025-07-01 00:10:00,1,1e999,1,1,1"), "line 5: high", ""),
    "infinite volume": (bad("2025-07-01 00:10:00,1,2,1,1,inf"), "line 5: volume inf is not", "fill it in"),
    "zero": (bad("2025-07-01 00:10:00,1,2,0,1,1"), "line 5: low 0 is not above 0", "correct it"),
    "negative": (bad("2025-07-01 00:10:00,-1,2,-2,1,1"), "line 5: open -1 is not above 0", "correct it"),
    "high < low": (bad("2025-07-01 00:10:00,1,1,2,1,1"), "line 5: high 1 is below low", "correct"),
    "open outside": (bad("2025-07-01 00:10:00,3,2,1,1,1"), "line 5: open 3 is outside", "correct it"),
    "close outside": (bad("2025-07-01 00:10:00,1,2,1,0.5,1"), "line 5: close 0.5 is outside", "correct it"),
    "negative volume": (bad("2025-07-01 00:10:00,1,2,1,1,-1"), "line 5: volume -1 is negative", "correct it"),
    "unsorted": (bad("2025-07-01 00:02:00,1,2,1,1,1"), "timestamp 2025-07-01T00:02:00Z is earlier", "sort"),
    "duplicate": (bad("2025-07-01 00:05:00,1,2,1,1,1"), "timestamp 2025-07-01T00:05:00Z repeats", "remove"),
    "no time": (bad(",1,2,1,1,1"), "line 5: timestamp is empty", "2025-07-01T00:05:00Z"),
    "not a time": (bad("yesterday,1,2,1,1,1"), "line 5: timestamp 'yesterday' is not a time", "2025-07-01T"),
    "month first": (bad("07/13/2025,1,2,1,1,1"), "line 5: timestamp '07/13/2025' is not", "2025-07-01T"),
    "hour 24": (bad("2025-07-01 24:00,1,2,1,1,1"), "line 5: timestamp '2025-07-01 24:00' is not", "2025-"),
    "far future": (bad("9999-01-01,1,2,1,1,1"), "line 5: timestamp '9999-01-01' is not a time", "2025-"),
    "mixed offsets": (bad("2025-07-01T00:10:00Z,1,2,1,1,1"), "line 5: timestamp '2025-", "alike"),
    "before 1900": (
        bad("1899-12-31,1,2,1,1,1"),
        "line 5: timestamp is out of range",
        "years are 1900 to 2199",
    ),
    "epoch too large": (
        HEADER + "50000000000,1,1,1,1,1\n",
        "line 2: timestamp is out of range",
        "1900 to 2199",
    ),
    "epoch overflow": (
        HEADER + f"{'9' * 19},1,1,1,1,1\n",
        "line 2: timestamp is out of range",
        "1900 to 2199",
    ),
    "one long line": ("x" * 200_000, "line 1: no column timestamp", "name the columns"),
    "long first cell": (HEADER + "x" * 200_000, "line 2: is not CSV: field larger than", "save the bars"),
    "long cell": (
        bad("2025-07-01 00:10:00,1," + "1" * 200_000 + ",1,1,1"),
        "line 5: is not CSV: field larger than",
        "save the bars",
    ),
    "mixed epochs": (
        HEADER + "1751328000,1,1,1,1,1\n1751328300000,1,1,1,1,1\n",
        "line 3: timestamp 1751328300000 counts another unit",
        "use one unit",
    ),
    "epoch, then not": (HEADER + "1751328000,1,1,1,1,1\nx,1,1,1,1,1\n", "line 3: timestamp 'x' is", ""),
    "binary": (bytes(range(256)), "line 2: is not UTF-8 text", "CSV or Parquet"),
    "Latin-1": ((HEADER + FIRST).encode() + b"\xe9", "line 3: is not UTF-8 text", "CSV or Parquet"),
    "UTF-16": (EXAMPLE.encode("utf-16-le"), "line 1: is not text", "UTF-8"),
    "gzip cut short": (gzip.compress(EXAMPLE.encode())[:-12], "gzip file is truncated", "fetch it again"),
    "gzip damaged": (gzip.compress(EXAMPLE.encode())[:12] + b"xxxxxxxxxxxx", "gzip file is", "again"),
    "gzip of nothing": (gzip.compress(b""), "is empty", "needs a header"),
    "zip cut short": (zipped(EXAMPLE, "a.csv")[:-30], "zip file is truncated", "fetch it again"),
    "zip of two": (zipped(EXAMPLE, "a.csv", "b.csv"), "zip holds 2 files", "unpack it and name one"),
    "zip of none": (zipped(EXAMPLE), "zip holds 0 files", "unpack it"),
    "Parquet cut short": (b"PAR1" + b"\0" * 50, "Parquet file is truncated", "write it again"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refuses_in_one_line_with_file_place_and_remedy(tmp_path: Path, case: str) -> None:
    content, problem, remedy = REFUSED[case]
    path = write(tmp_path, content, "bars.zip" if case == "zip of none" else "bars.csv")
    with pytest.raises(UserError) as error:
        read_table(path)
    message = str(error.value)
    assert message.startswith(f"{path}: ")
    assert problem in message
    assert remedy in message
    assert "\n" not in message


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"none\.csv: no such file; check the path"):
        read_table(tmp_path / "none.csv")
    with pytest.raises(UserError, match="is a folder, not a file of bars"):
        read_table(tmp_path)
    with pytest.raises(UserError, match="cannot be read: Not a directory"):
        read_table(write(tmp_path, EXAMPLE) / "below.csv")


def test_a_file_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, EXAMPLE)
    if os.geteuid() == 0:  # root may read everything

        def refuse(_path: Path) -> bytes:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "read_bytes", refuse)
    else:
        path.chmod(0)
    with pytest.raises(UserError, match=r"bars\.csv: may not be read; allow it with: chmod u\+r bars\.csv"):
        read_table(path)


def test_bad_parquet_columns_and_rows_are_named(tmp_path: Path) -> None:
    frame = pd.read_csv(io.StringIO(EXAMPLE))
    path = tmp_path / "bars.parquet"

    def message(name: str, values: list[object]) -> str:
        changed = frame.copy()
        changed[name] = pd.Series(values)
        changed.to_parquet(path, index=False)
        with pytest.raises(UserError) as error:
            read_table(path)
        return str(error.value)

    assert "row 2: high nan is not a finite number" in message("high", [2.0, None])
    assert "high: column holds string, not numbers" in message("high", ["2", "2"])
    assert "row 2: timestamp is empty" in message("timestamp", [pd.Timestamp("2025-07-01"), None])
    assert "row 2: timestamp 1.5 is no whole number" in message("timestamp", [1.0, 1.5])
    assert "row 1: timestamp is of type bool" in message("timestamp", [True, False])
    assert "row 2: timestamp is out of range" in message(
        "timestamp", [np.uint64(1_751_328_000), np.uint64(2**63)]
    )
    frame.rename(columns={"high": "hi"}).to_parquet(path)
    with pytest.raises(UserError, match=r"bars\.parquet: no column high among timestamp, open, hi"):
        read_table(path)
    frame.to_parquet(path)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(UserError, match="Parquet file is truncated or damaged"):
        read_table(path)


@pytest.mark.parametrize("stamp", ["2025-11-02 01:30:00", "2025-03-09 02:30:00"])
def test_hours_that_a_clock_change_repeats_or_skips_are_refused(tmp_path: Path, stamp: str) -> None:
    rows = [FIRST.replace("2025-07-01 00:00:00", time) for time in ("2025-03-01 00:00:00", stamp)]
    path = write(tmp_path, HEADER + "".join(rows))
    with pytest.raises(UserError, match=r"line 3: timestamp .* when clocks change; write the UTC offset"):
        read_table(path, timezone="America/New_York")


def test_an_unknown_time_zone_is_refused(tmp_path: Path) -> None:
    for name in ("Mars/Olympus", "", "../etc/passwd"):
        with pytest.raises(UserError, match=r"time zone: .* is not .*; "):
            read_table(write(tmp_path, EXAMPLE), timezone=name)


PRICE = st.floats(1e-6, 1e9, allow_nan=False).filter(lambda x: x > 0)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 5), st.tuples(PRICE, PRICE, PRICE, PRICE), st.floats(0, 1e12)),
        min_size=2,
        max_size=30,
    ),
    st.sampled_from(["csv", "csv.gz", "parquet"]),
    st.sampled_from(["s", "ns", "text"]),
)
def test_what_is_written_is_read_bit_for_bit(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[int, tuple[float, float, float, float], float]],
    suffix: str,
    stamps: str,
) -> None:
    time = 1_600_000_000 + 60 * np.cumsum([step for step, _, _ in rows])
    prices = np.sort([row for _, row, _ in rows], axis=1)  # low, two between, high
    frame = pd.DataFrame(
        {"open": prices[:, 1], "high": prices[:, 3], "low": prices[:, 0], "close": prices[:, 2]}
    )
    frame["volume"] = [volume for _, _, volume in rows]
    frame["time"] = time if stamps == "s" else time * 10**9
    if stamps == "text":
        frame["time"] = pd.to_datetime(time, unit="s").astype(str)
    path = tmp_path_factory.mktemp("bars") / f"bars.{suffix}"
    if suffix == "parquet":
        frame.to_parquet(path)
    else:
        frame.to_csv(path, index=False)
    bars = read_table(path)
    assert bars.time.tolist() == (time * 10**9).tolist()
    for name in PRICES:
        assert getattr(bars, name).tolist() == frame[name].tolist()


def test_reads_the_real_five_minute_bars(sample_data: Path) -> None:
    path = sample_data / "bars" / "BTC-USD_5m.csv"
    bars = read_table(path, symbol="btcusd")
    oracle = pd.read_csv(path, parse_dates=["timestamp"])
    assert len(bars) == 59_206
    assert bars.period == FIVE_MINUTES
    assert bars.time.tolist() == oracle["timestamp"].to_numpy("datetime64[ns]").astype(np.int64).tolist()
    np.testing.assert_allclose(bars.close, oracle["close"], rtol=1e-15)
    assert bars.day.tolist() == (bars.time // (288 * FIVE_MINUTES)).tolist()


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_damaged_zip_is_never_a_traceback(data: st.DataObject) -> None:
    whole = bytearray(zipped(EXAMPLE, "inside.csv"))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bars.zip"
        path.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
        with contextlib.suppress(UserError):
            read_table(path)


def test_a_date_and_a_time_column_are_refused(tmp_path: Path) -> None:
    rows = "date,time,open,high,low,close,volume\n20240102,0930,10,12,9,11,5\n20240102,0931,10,12,9,11,5\n"
    with pytest.raises(UserError, match="two columns; join them"):
        read_table(write(tmp_path, rows))


def test_times_of_day_are_no_epochs(tmp_path: Path) -> None:
    rows = "timestamp,open,high,low,close,volume\n93000,10,12,9,11,5\n93100,10,12,9,11,5\n"
    with pytest.raises(UserError, match="line 2: timestamp 93000 is too small"):
        read_table(write(tmp_path, rows))
