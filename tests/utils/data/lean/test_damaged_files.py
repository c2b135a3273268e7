"""Files that cannot be what they say: one line naming the file, the line and what to do."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest

from utils.data.lean.reader import read_bars, read_quotes
from utils.data.lean.series import LeanSeries
from utils.errors import UserError

DAY = date(2013, 10, 7)
TRADES = ["34200000,1000,1010,990,1000,5", "34260000,1000,1010,990,1000,5", "34320000,1000,1010,990,1000,5"]
HOURS = ["20131007 09:00,1000,1010,990,1000,5", "20131007 10:00,1000,1010,990,1000,5"]
QUOTES = ["34200000,1000,1010,990,1000,5,1000,1010,990,1000,5", "34260000,,,,,0,1000,1010,990,1000,5"]

MINUTE, HOUR = LeanSeries.parse("equity/usa/minute/spy"), LeanSeries.parse("equity/usa/hour/spy")
QUOTE = LeanSeries.parse("equity/usa/minute/spy/quote")


def put(folder: Path, series: LeanSeries, lines: list[str], entry: str | None = None, end: str = "") -> Path:
    day = DAY if series.resolution.file_a_day else None
    path = series.day_path(folder, DAY) if day else series.whole_path(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry or series.entry_name(day), "\n".join(lines) + end)
    return path


def complaint(folder: Path, series: LeanSeries) -> str:
    with pytest.raises(UserError) as caught:
        (read_quotes if series == QUOTE else read_bars)(folder, series)
    text = str(caught.value)
    assert "\n" not in text
    assert ";" in text  # a remedy
    return text


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("34260000,1000,1010,990,1000", "has 5 fields instead of 6"),
        ("34260000,1000,1010,990,1000,5,6", "has 7 fields instead of 6"),
        ("", "has 1 fields instead of 6"),
        ("34260000,1000,1010,99x,1000,5", "low '99x' is not a number"),
        ("34260000,1000,,990,1000,5", "high is not a positive number"),
        ("34260000,1000,1010,990,1000,", "volume is not a number of 0 or more"),
        ("34260000,nan,1010,990,1000,5", "open is not a positive number"),
        ("34260000,1000,inf,990,1000,5", "high is not a positive number"),
        ("34260000,1000,1010,0,1000,5", "low is not a positive number"),
        ("34260000,1000,1010,-990,1000,5", "low is not a positive number"),
        ("34260000,1000,1010,990,1000,-5", "volume is not a number of 0 or more"),
        ("34260000,1000,1010,990,1011,5", "high is not the highest price"),
        ("34260000,989,1010,990,1000,5", "low is not the lowest price"),
        ("34200000,1000,1010,990,1000,5", "time 2013-10-07 09:30 is there twice"),
        ("34140000,1000,1010,990,1000,5", "time 2013-10-07 09:29 comes after 2013-10-07 09:30"),
        ("86400000,1000,1010,990,1000,5", "time is not within the day"),
        ("-1,1000,1010,990,1000,5", "time is not within the day"),
        ("9223372036855,1000,1010,990,1000,5", "time is not within the day"),
        ("18446744073744,1000,1010,990,1000,5", "time is not within the day"),
        ("09:31,1000,1010,990,1000,5", "time '09:31' is no whole milliseconds"),
        (",1000,1010,990,1000,5", "time '' is no whole milliseconds"),
    ],
)
def test_a_malformed_line_of_a_day(folder: Path, line: str, named: str) -> None:
    path = put(folder, MINUTE, [TRADES[0], line, TRADES[2]])
    assert complaint(folder, MINUTE).startswith(f"{path}: line 2: {named}")


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("2013-10-07 10:00,1000,1010,990,1000,5", "time"),
        ("20131007 25:00,1000,1010,990,1000,5", "time is not a date"),
        ("20131007 10:60,1000,1010,990,1000,5", "time is not a date"),
        ("20131301 10:00,1000,1010,990,1000,5", "time is not a date"),
        ("20130230 10:00,1000,1010,990,1000,5", "time is not a date"),
        ("20131000 10:00,1000,1010,990,1000,5", "time is not a date"),
        ("2013100710:000,1000,1010,990,1000,5", "time is not a date"),
        ("20131007 09:00,1000,1010,990,1000,5", "time 2013-10-07 09:00 is there twice"),
        ("20131004 09:00,1000,1010,990,1000,5", "time 2013-10-04 09:00 comes after 2013-10-07 09:00"),
        ("20131007 10:00,1000,1010,990", "has 4 fields instead of 6"),
    ],
)
def test_a_malformed_line_of_hours(folder: Path, line: str, named: str) -> None:
    path = put(folder, HOUR, [HOURS[0], line])
    assert complaint(folder, HOUR).startswith(f"{path}: line 2: {named}")


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("34260000,1000,,990,1000,5,1000,1010,990,1000,5", "bid_high is not a positive number"),
        ("34260000,1000,1010,990,1000,5,1000,0,990,1000,5", "ask_high is not a positive number"),
        ("34260000,1000,1010,990,1000,,1000,1010,990,1000,5", "bid_size is not a number"),
        ("34260000,,,,,0,,,,,0", "neither bid nor ask"),
        ("34260000,0,0,0,0,0,0,0,0,0,0", "neither bid nor ask"),
        ("34260000,1000,1010,990,1000,5", "has 6 fields instead of 11"),
    ],
)
def test_a_malformed_line_of_quotes(folder: Path, line: str, named: str) -> None:
    path = put(folder, QUOTE, [QUOTES[0], line])
    assert complaint(folder, QUOTE).startswith(f"{path}: line 2: {named}")


@pytest.mark.parametrize(
    "line", ["99999999999999999999,1000,1010,990,1000,5", "34260000,1000,1010\r,990,1000,5", "\0" * 40]
)
def test_what_no_rule_foresees_still_names_the_file(folder: Path, line: str) -> None:
    path = put(folder, MINUTE, [TRADES[0], line, TRADES[2]])
    assert complaint(folder, MINUTE).startswith(f"{path}: ")


def test_the_file_and_line_are_found_among_many(folder: Path) -> None:
    for number in range(1, 6):
        path = MINUTE.day_path(folder, date(2013, 10, number))
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [*TRADES[:2], "34320000,1000,1010,0,1000,5"] if number == 4 else TRADES
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(MINUTE.entry_name(date(2013, 10, number)), "\r\n".join(lines) + "\r\n")
    assert "20131004_trade.zip: line 3: low is not" in complaint(folder, MINUTE)


def test_empty_sides_and_zero_sides_are_absent(folder: Path) -> None:
    put(
        folder,
        QUOTE,
        [*QUOTES, "34320000,1000,1010,990,1000,5,0,0,0,0,0", "34380000,1,1,1,1,5,,,,,"],
        end="\n",
    )
    quotes = read_quotes(folder, QUOTE)
    assert [value != value for value in quotes.bid_close.tolist()] == [False, True, False, False]  # noqa: PLR0124
    assert [value != value for value in quotes.ask_high.tolist()] == [False, False, True, True]  # noqa: PLR0124
    assert quotes.ask_size.tolist() == [5, 5, 0, 0]
    bars = read_bars(folder, QUOTE)
    assert bars.close.tolist() == [0.1, 0.1, 0.1, 0.0001]
    assert bars.bid_close is not None
    assert bars.bid_close.tolist() == [0.1, 0.1, 0.1, 0.0001]


@pytest.mark.parametrize("keep", [0, 10, 60, -30, -1])
def test_a_truncated_zip(folder: Path, keep: int) -> None:
    path = put(folder, MINUTE, TRADES * 1)
    path.write_bytes(path.read_bytes()[:keep])
    assert complaint(folder, MINUTE).startswith(f"{path}: zip is truncated or damaged")


def test_a_zip_with_damaged_content(folder: Path) -> None:
    path = put(folder, MINUTE, TRADES)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"34260000", b"34260001", 1))
    assert complaint(folder, MINUTE).startswith(f"{path}: zip is truncated or damaged")


@pytest.mark.parametrize("entry", ["20131008_spy_minute_trade.csv", "readme.txt"])
def test_a_zip_of_something_else(folder: Path, entry: str) -> None:
    path = put(folder, MINUTE, TRADES, entry)
    assert complaint(folder, MINUTE).startswith(
        f"{path}: holds {entry} instead of 20131007_spy_minute_trade.csv"
    )


def test_an_entry_under_another_name_of_the_symbol_is_taken(folder: Path) -> None:
    put(folder, MINUTE, TRADES, "20131007_spdr_minute_trade.csv")
    put(folder, HOUR, HOURS, "spy/spy.csv")
    assert len(read_bars(folder, MINUTE)) == 3
    assert len(read_bars(folder, HOUR)) == 2


def test_no_bars(folder: Path) -> None:
    assert "no bars of equity/usa/minute/spy/trade" in complaint(folder, MINUTE)
    put(folder, MINUTE, [])
    assert "no bars of equity/usa/minute/spy/trade" in complaint(folder, MINUTE)
    put(folder, MINUTE, TRADES)
    with pytest.raises(UserError, match="from 2014-01-01 to the last; "):
        read_bars(folder, MINUTE, date(2014, 1, 1))


def test_a_file_name_that_is_no_date(folder: Path) -> None:
    path = put(folder, MINUTE, TRADES)
    path.rename(path.with_name("20131307_trade.zip"))
    assert "20131307 is not a date" in complaint(folder, MINUTE)


def test_a_time_that_the_clock_skips(folder: Path) -> None:
    """2:30 did not come on 10 March 2013; LEAN counts on from before the jump, where a bar is already."""
    series = LeanSeries.parse("index/usa/minute/dxy")
    path = series.day_path(folder, date(2013, 3, 10))
    path.parent.mkdir(parents=True)
    for lines, good in ((["9000000,1,1,1,1,0"], True), (["9000000,1,1,1,1,0", "12600000,1,1,1,1,0"], False)):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(series.entry_name(date(2013, 3, 10)), "\n".join(lines))
        if good:
            assert read_bars(folder, series).time.tolist() == [1_362_900_600_000_000_000]
        else:
            assert "is none in America/New_York" in complaint(folder, series)
