"""Where custom data comes from: files, files of a day, zip files, and what is refused."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from tests.utils.engine.feed.weather import (
    LOCAL,
    Weather,
    algorithm_of,
    follows,
    one_file,
)
from utils.engine.data.subscription_data_source import (
    FileFormat,
    SubscriptionDataSource,
    SubscriptionTransportMedium,
)
from utils.engine.testing import Backtest


def test_files_of_a_day(backtest: Backtest, data: Path, tmp_path: Path) -> None:
    (tmp_path / "20200102.csv").write_text(
        "2020-01-02T01:00,1\n2020-01-02T02:00,2\n2020-01-03T03:00,99\n2020-01-03T04:00,99\n"
    )
    (tmp_path / "20200103.csv").write_text("2020-01-03T01:00,3\n")
    (tmp_path / "20200105.csv").write_text("2020-01-05T01:00,4\n2020-01-05T02:00,5\n")
    Weather.source = lambda date: SubscriptionDataSource(str(tmp_path / f"{date:%Y%m%d}.csv"))
    algorithm = algorithm_of(backtest(follows(days=4), data))
    # A day's file may not tell of another day.
    assert [value for _, value in algorithm.seen] == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert Weather.asked == [datetime(2020, 1, day) for day in (2, 3, 4, 5)]


def test_zip_files_and_sorting(backtest: Backtest, data: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("first.csv", "2020-01-02T01:00,1\n")
        archive.writestr("second.csv", "2020-01-02T05:00,5\r\n2020-01-02T04:00,4\r\n2020-01-02T03:00,3")

    def source(_date: datetime) -> SubscriptionDataSource:
        found = SubscriptionDataSource(f"{tmp_path}/a.zip#second.csv")
        found.sort = True
        return found

    Weather.source = source
    assert [value for _, value in algorithm_of(backtest(follows(), data)).seen] == [3.0, 4.0, 5.0]
    Weather.source = lambda _date: SubscriptionDataSource(f"{tmp_path}/a.zip")
    assert [value for _, value in algorithm_of(backtest(follows(), data)).seen] == [1.0]
    (tmp_path / "a.zip").write_text("no zip")
    outcome = backtest(follows(), data)
    assert outcome.error is not None and "a.zip: is not a zip file; make it anew" in outcome.error


def test_a_reader_that_fails_is_told_of(backtest: Backtest, data: Path, tmp_path: Path) -> None:
    one_file(tmp_path / "a.csv", ["2020-01-02T10:00,1", "nonsense,2", "2020-01-02T12:00,3"])
    outcome = backtest(follows(), data)
    assert [value for _, value in algorithm_of(outcome).seen] == [1.0, 3.0]
    told = [line for line in outcome.log if "data reader" in line]
    assert len(told) == 1 and "Line: nonsense,2 Error: Invalid isoformat string" in told[0]


@pytest.mark.parametrize(
    ("source", "refused"),
    [
        (
            SubscriptionDataSource("https://host/a.csv"),
            "SubscriptionTransportMedium.RemoteFile: https://host",
        ),
        (SubscriptionDataSource("x", SubscriptionTransportMedium.REST), "SubscriptionTransportMedium.Rest"),
        (
            SubscriptionDataSource("x", LOCAL, FileFormat.UNFOLDING_COLLECTION),
            "FileFormat.UnfoldingCollection",
        ),
    ],
)
def test_sources_that_are_refused(
    backtest: Backtest, data: Path, source: SubscriptionDataSource, refused: str
) -> None:
    Weather.source = lambda _date: source
    outcome = backtest(follows(), data)
    assert outcome.error_type == "NotSupportedByEngine"
    assert outcome.error is not None and refused in outcome.error


def test_a_file_that_is_not_there(backtest: Backtest, data: Path, tmp_path: Path) -> None:
    Weather.source = lambda _date: SubscriptionDataSource(str(tmp_path / "nowhere.csv"))
    outcome = backtest(follows(), data)
    assert algorithm_of(outcome).seen == []
    assert outcome.absent_data == (f"OSLO (hour): {tmp_path / 'nowhere.csv'} is not there",)
