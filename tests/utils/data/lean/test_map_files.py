"""A company's history across its tickers."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from utils.data.lean.factor_files import Normalization
from utils.data.lean.map_files import MapFile, Span, find_map_file
from utils.data.lean.reader import read_bars
from utils.data.lean.series import LeanSeries
from utils.errors import UserError

EARLY, LATE = date(1990, 1, 1), date(2040, 1, 1)
ONE_DAY = timedelta(days=1)


def spans(folder: Path, ticker: str, as_of: date | None = None) -> list[tuple[str, str, str]]:
    found = find_map_file(folder, "usa", ticker, as_of).spans(EARLY, LATE)
    return [(span.ticker, str(span.first), str(span.last)) for span in found]


def test_tickers_of_the_sample(lean: Path) -> None:
    assert spans(lean, "AAPL") == [("AAPL", "1998-01-02", "2040-01-01")]
    assert spans(lean, "GOOG") == [
        ("GOOCV", "2014-03-27", "2014-04-02"),
        ("GOOG", "2014-04-03", "2040-01-01"),
    ]
    assert spans(lean, "googl") == [
        ("GOOG", "2004-08-19", "2014-04-02"),
        ("GOOGL", "2014-04-03", "2040-01-01"),
    ]
    fox = [
        ("NWSA", "2004-11-12", "2013-06-28"),
        ("FOXA", "2013-06-29", "2019-03-18"),
        ("TFCFA", "2019-03-19", "2019-03-20"),
    ]
    assert spans(lean, "FOXA") == spans(lean, "NWSA") == spans(lean, "TFCFA") == fox
    assert spans(lean, "TWX") == [("AOL", "1998-01-02", "2003-10-15"), ("TWX", "2003-10-16", "2018-06-15")]


@pytest.mark.parametrize(
    ("ticker", "as_of", "permtick"),
    [
        ("GOOG", None, "GOOG"),
        ("GOOG", date(2014, 4, 2), "GOOGL"),
        ("GOOG", date(2014, 4, 3), "GOOG"),
        ("GOOG", date(1999, 1, 1), "GOOGL"),
        ("TWX", None, "TWX"),
        ("TWX", date(2000, 6, 1), "TWX.1"),
        ("TWX", date(2002, 1, 1), "TWX"),  # between two companies' times: the later one
        ("TWX", date(2030, 1, 1), "TWX"),
        ("TWX.1", None, "TWX.1"),
        ("AOL", None, "TWX"),
        ("ZZZ", None, "ZZZ"),
    ],
)
def test_the_company_a_ticker_meant(lean: Path, ticker: str, as_of: date | None, permtick: str) -> None:
    assert find_map_file(lean, "usa", ticker, as_of).permtick == permtick


def test_every_date_has_the_ticker_of_the_row_that_holds_it(lean: Path) -> None:
    for path in (lean / "equity" / "usa" / "map_files").glob("*.csv"):
        rows = sorted(
            (date.fromisoformat(cells[0]), cells[1].upper())
            for cells in (line.split(",") for line in path.read_text().split())
        )
        file = MapFile(path.stem.upper(), tuple(rows))
        found = file.spans(date(1997, 1, 1), date(2022, 1, 1))
        day = date(1997, 1, 1)
        while day <= date(2022, 1, 1):
            expected = next((ticker for until, ticker in rows if day <= until), None)
            if day < rows[0][0]:
                expected = None
            held = [span.ticker for span in found if span.first <= day <= span.last]
            assert held == ([expected] if expected else [])
            day += 11 * ONE_DAY


def test_ranges_cut_the_history(lean: Path) -> None:
    google = find_map_file(lean, "usa", "GOOGL")
    assert google.spans(date(2014, 4, 1), date(2014, 4, 2)) == [
        Span("GOOG", date(2014, 4, 1), date(2014, 4, 2))
    ]
    assert google.spans(date(2003, 1, 1), date(2003, 2, 1)) == []
    assert MapFile("SPY").spans(EARLY, LATE) == [Span("SPY", EARLY, LATE)]


def closes(folder: Path, text: str, as_of: date | None = None) -> dict[int, float]:
    bars = read_bars(folder, LeanSeries.parse(text), normalization=Normalization.RAW, as_of=as_of)
    return dict(zip(bars.day.tolist(), bars.close.tolist(), strict=True))


def test_a_history_is_read_from_the_files_of_each_ticker(lean: Path) -> None:
    number = (date(2014, 4, 2) - date(1970, 1, 1)).days
    googl = closes(lean, "equity/usa/daily/googl")
    assert googl[number] == 1135.1  # in goog.zip
    assert googl[number + 1] == 571.5  # in googl.zip, after the split
    assert closes(lean, "equity/usa/daily/goog", date(2010, 1, 4)) == googl
    fox = closes(lean, "equity/usa/daily/foxa")
    assert list(fox.values()) == [32.69, 32.6, 29.4, 29.21]
    minutes = read_bars(lean, LeanSeries.parse("equity/usa/minute/foxa"))
    assert len(np.unique(minutes.day)) == 4


def test_lines_of_another_company_in_the_tickers_file_are_left_out(lean: Path) -> None:
    """wm.zip begins in 1998 with the bank that was WM; the waste company took the ticker in August 2009."""
    bars = read_bars(lean, LeanSeries.parse("equity/usa/daily/wm"), normalization=Normalization.RAW)
    assert len(np.unique(bars.day)) == len(bars) == 5849
    assert bars.close[0] == 38.75


def test_without_map_files_a_ticker_is_itself(folder: Path) -> None:
    assert find_map_file(folder, "usa", "GOOG") == MapFile("GOOG")


def test_a_changed_map_file_is_read_again(folder: Path) -> None:
    home = folder / "equity" / "usa" / "map_files"
    home.mkdir(parents=True)
    (home / "new.csv").write_text("20100104,old,N\n20121231,old,N\n20501231,new,N\n")
    assert spans(folder, "NEW")[0] == ("OLD", "2010-01-04", "2012-12-31")
    (home / "new.csv").write_text("20100104,older,N\n20121231,older,N\n20501231,new,N\n")
    assert spans(folder, "NEW")[0] == ("OLDER", "2010-01-04", "2012-12-31")


@pytest.mark.parametrize("line", ["2012-31-12,old", "20121231", "sometime,old,N"])
def test_a_malformed_map_file_is_named(folder: Path, line: str) -> None:
    home = folder / "equity" / "usa" / "map_files"
    home.mkdir(parents=True)
    (home / "new.csv").write_text(f"20100104,old,N\n{line}\n20501231,new,N\n")
    with pytest.raises(UserError, match=r"new\.csv: line 2: .* is not DATE,TICKER"):
        find_map_file(folder, "usa", "SPY")


def test_zipped_map_files_are_refused(folder: Path) -> None:
    home = folder / "equity" / "usa" / "map_files"
    home.mkdir(parents=True)
    (home / "map_files_20230101.zip").touch()
    with pytest.raises(UserError, match=r"map_files_20230101\.zip: zipped map files are not read; unpack"):
        find_map_file(folder, "usa", "SPY")
