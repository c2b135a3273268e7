"""History of splits, dividends, delistings and changes of ticker."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.utils.engine.feed.feed_folder import Feed
from tests.utils.engine.feed.test_history import Algorithm
from utils.engine.data.auxiliary import Delisting, Dividend, MarginInterestRate, Split, SymbolChangedEvent
from utils.engine.enums import DelistingType, Resolution, SecurityType, SplitType
from utils.engine.errors import NotSupportedByEngine
from utils.engine.identity.data_folder import use_data_folder
from utils.engine.identity.symbol import Symbol

NOW = datetime(2013, 10, 31)
DAILY = Resolution.DAILY


@pytest.fixture
def algorithm(feed: Feed) -> Iterator[Algorithm]:
    """At the end of October 2013: ACME split on the 8th and paid on the 16th, OTHER paid on the 15th."""
    rows = "20131001,0.97,0.5,90\n20131007,0.97,0.5,100\n20131015,0.97,1,102\n20501231,1,1,0"
    feed.text("equity/usa/factor_files/acme.csv", rows)
    feed.text("equity/usa/factor_files/other.csv", "20131001,0.9,1,90\n20131014,0.9,1,50\n20501231,1,1,0")
    feed.text("equity/usa/map_files/acme.csv", "20100104,oldco,N\n20131021,oldco,N\n20501231,acme,N")
    feed.text("equity/usa/map_files/gone.csv", "20100104,gone,N\n20131024,gone,N")
    use_data_folder(feed.root)
    yield Algorithm(feed, NOW)
    use_data_folder(None)


def equity(ticker: str) -> Any:
    return Symbol.create(ticker, SecurityType.EQUITY, "usa")


def test_a_table_of_the_dividends_of_two_companies(algorithm: Algorithm) -> None:
    table = algorithm.history(Dividend, [equity("ACME"), equity("OTHER")], timedelta(days=30))
    assert list(table.columns) == ["distribution", "referenceprice"]
    assert list(table.index.names) == ["symbol", "time"]
    assert table.loc[equity("ACME")].to_dict("list") == {"distribution": [3.06], "referenceprice": [102.0]}
    assert table.loc[equity("OTHER")].distribution.tolist() == [5.0]
    assert [time for _, time in table.index] == [datetime(2013, 10, 15), datetime(2013, 10, 16)]


def test_a_split_and_its_warning(algorithm: Algorithm) -> None:
    warning, split = algorithm.history[Split](equity("ACME"), 25, DAILY)
    assert (warning.time, warning.type, warning.split_factor) == (
        datetime(2013, 10, 7),
        SplitType.WARNING,
        0.5,
    )
    assert (split.time, split.type, split.reference_price) == (
        datetime(2013, 10, 8),
        SplitType.SPLIT_OCCURRED,
        100.0,
    )
    table = algorithm.history(Split, equity("ACME"), 25, DAILY)
    assert table.splitfactor.tolist() == [0.5, 0.5]
    assert table["type"].tolist() == [SplitType.WARNING, SplitType.SPLIT_OCCURRED]


def test_a_number_of_bars_counts_sessions(algorithm: Algorithm) -> None:
    # The split of the 8th, told as it begins, is 17 sessions back: its own bar begins with it.
    assert [one.type for one in algorithm.history[Split](equity("ACME"), 17, DAILY)] == []
    assert [one.type for one in algorithm.history[Split](equity("ACME"), 18, DAILY)] == [
        SplitType.SPLIT_OCCURRED
    ]


def test_a_delisting_and_a_change_of_ticker(algorithm: Algorithm) -> None:
    told = algorithm.history(Delisting, equity("GONE"), datetime(2013, 10, 20), datetime(2013, 10, 30))
    assert told["type"].tolist() == [DelistingType.WARNING, DelistingType.DELISTED]
    assert [time for _, time in told.index] == [datetime(2013, 10, 24), datetime(2013, 10, 25)]
    renamed = algorithm.history(SymbolChangedEvent, equity("ACME"), timedelta(days=30))
    assert renamed[["oldsymbol", "newsymbol"]].to_numpy().tolist() == [["OLDCO", "ACME"]]
    assert renamed.index[0][1] == datetime(2013, 10, 22)


def test_several_symbols_by_moment(algorithm: Algorithm) -> None:
    acme, other = equity("ACME"), equity("OTHER")
    first, second = algorithm.history[Dividend]([acme, other], timedelta(days=30))
    assert (first[other].distribution, second[acme].distribution) == (5.0, 3.06)
    assert not first.contains_key(acme)


@pytest.mark.parametrize(
    ("now", "count"),
    [
        (datetime(2013, 10, 15, 23, 59), 0),
        (datetime(2013, 10, 16), 1),
        (datetime(2013, 10, 16, 12), 1),
    ],
)
def test_the_future_is_not_told(algorithm: Algorithm, now: datetime, count: int) -> None:
    algorithm.at(now)
    asked = (equity("ACME"), datetime(2013, 10, 1), datetime(2013, 12, 1))
    assert len(algorithm.history(Dividend, *asked)) == count
    assert len(algorithm.history[Dividend](*asked)) == count


def test_without_events_the_table_is_empty(algorithm: Algorithm) -> None:
    assert algorithm.history(Delisting, equity("ACME"), timedelta(days=30)).empty


def test_rates_of_interest_are_refused_by_name(algorithm: Algorithm) -> None:
    with pytest.raises(NotSupportedByEngine, match="MarginInterestRate"):
        algorithm.history(MarginInterestRate, equity("ACME"), 3)
