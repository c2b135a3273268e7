"""Splits, dividends, renames and delistings told by a subscription."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.utils.engine.feed.feed_folder import Feed
from utils.engine.clock import local_to_utc, to_datetime, utc_to_local
from utils.engine.data.auxiliary import Delisting, Dividend, Split, SymbolChangedEvent
from utils.engine.enums import DelistingType, Resolution, SecurityType, SplitType, TickType
from utils.engine.feed.config import SubscriptionDataConfig
from utils.engine.identity.data_folder import use_data_folder
from utils.engine.identity.symbol import Symbol

ZONE = ZoneInfo("America/New_York")
MONDAY = datetime(2013, 10, 7)


@pytest.fixture
def config(feed: Feed) -> Any:
    """A subscription to ACME's daily bars, made after the map files of a test."""

    def make(**terms: Any) -> SubscriptionDataConfig:
        use_data_folder(feed.root)
        symbol = Symbol.create("ACME", SecurityType.EQUITY, "usa")
        made = SubscriptionDataConfig(None, symbol, Resolution.DAILY, ZONE, ZONE, **terms)
        lines = [
            (MONDAY + timedelta(days=n), f"{100 + n}0000,{100 + n}0000,{100 + n}0000,{100 + n}0000,1")
            for n in range(12)
            if n % 7 < 5
        ]
        feed.write(make_trades(made), lines)
        return made

    yield make
    use_data_folder(None)


def make_trades(config: SubscriptionDataConfig) -> SubscriptionDataConfig:
    return config.copy(tick_type=TickType.TRADE, type=None)


def told(
    feed: Feed, config: SubscriptionDataConfig, start: datetime, end: datetime
) -> list[tuple[datetime, Any]]:
    """Events with the times they are told at, New York's."""
    stream = feed.stream(config, start, end)
    until = local_to_utc(end + timedelta(days=1), ZONE)
    stream.advance(until)
    return [(to_datetime(utc_to_local(time, ZONE)), event) for time, event in stream.events(until)]


def test_a_dividend_is_told_when_its_date_begins(feed: Feed, config: Any) -> None:
    feed.text("equity/usa/factor_files/acme.csv", "20131001,0.97,1,90\n20131009,0.98,1,102\n20501231,1,1,0")
    ((time, event),) = told(feed, config(), MONDAY, datetime(2013, 10, 12))
    assert isinstance(event, Dividend)
    assert time == datetime(2013, 10, 10)
    assert event.time == time
    assert event.distribution == 2.04  # 102 - 102 * 0.98
    assert event.reference_price == 102.0


def test_a_split_is_announced_the_session_before(feed: Feed, config: Any) -> None:
    # Friday's row: the split is on Monday.
    feed.text("equity/usa/factor_files/acme.csv", "20131011,1,0.5,104.5\n20501231,1,1,0")
    (warned, warning), (time, split) = told(feed, config(), MONDAY, datetime(2013, 10, 16))
    assert isinstance(warning, Split)
    assert isinstance(split, Split)
    assert (warned, warning.type, warning.split_factor) == (datetime(2013, 10, 11), SplitType.WARNING, 0.5)
    assert warning.reference_price == 103.0  # Thursday's close, the last that is known
    assert (time, split.type, split.split_factor) == (datetime(2013, 10, 14), SplitType.SPLIT_OCCURRED, 0.5)
    assert split.reference_price == 104.5


def test_a_split_across_the_start_is_not_told(feed: Feed, config: Any) -> None:
    feed.text("equity/usa/factor_files/acme.csv", "20131001,1,0.25,1\n20131008,1,0.5,101\n20501231,1,1,0")
    assert told(feed, config(), datetime(2013, 10, 9), datetime(2013, 10, 16)) == []


def test_a_change_of_ticker_is_told_on_the_first_date_of_the_new_one(feed: Feed, config: Any) -> None:
    feed.text("equity/usa/map_files/acme.csv", "20100104,oldco,N\n20131008,oldco,N\n20501231,acme,N")
    made = config()
    assert made.symbol.id.symbol == "OLDCO"
    ((time, event),) = told(feed, made, MONDAY, datetime(2013, 10, 12))
    assert isinstance(event, SymbolChangedEvent)
    assert (time, event.old_symbol, event.new_symbol) == (datetime(2013, 10, 9), "OLDCO", "ACME")


def test_a_delisting_is_warned_of_on_the_last_date_and_told_after_it(feed: Feed, config: Any) -> None:
    feed.text("equity/usa/map_files/acme.csv", "20100104,acme,N\n20131010,acme,N")
    made = config()
    (warned, warning), (time, event) = told(feed, made, MONDAY, datetime(2013, 10, 16))
    assert isinstance(warning, Delisting)
    assert isinstance(event, Delisting)
    assert (warned, warning.type, warning.value) == (datetime(2013, 10, 10), DelistingType.WARNING, 102.0)
    assert (time, event.type, event.value) == (datetime(2013, 10, 11), DelistingType.DELISTED, 103.0)
    rows = feed.read(made, MONDAY, datetime(2013, 10, 16))
    assert to_datetime(utc_to_local(int(rows.end_time[-1]), ZONE)) == datetime(2013, 10, 10, 16)


def test_prices_follow_a_company_through_its_tickers(feed: Feed, config: Any) -> None:
    feed.text("equity/usa/map_files/acme.csv", "20100104,oldco,N\n20131008,oldco,N\n20501231,acme,N")
    made = config()
    old = made.copy(symbol=Symbol(made.symbol.id, "OLDCO"))
    feed.write(old, [(MONDAY + timedelta(days=n), "70000,70000,70000,70000,1") for n in range(4)])
    assert feed.read(made, MONDAY, datetime(2013, 10, 12)).close.tolist() == [7.0, 7.0, 102.0, 103.0, 104.0]


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({"tick_type": TickType.QUOTE}, []),
        ({"is_internal_feed": True}, [Delisting]),
        ({}, [Dividend, Delisting]),
    ],
    ids=["quotes", "internal", "own trades"],
)
def test_who_tells(feed: Feed, config: Any, terms: dict[str, Any], expected: list[type]) -> None:
    feed.text("equity/usa/map_files/acme.csv", "20100104,acme,N\n20131010,acme,N")
    feed.text("equity/usa/factor_files/acme.csv", "20131008,0.98,1,102\n20501231,1,1,0")
    made = config(**terms)
    if terms.get("tick_type") == TickType.QUOTE:
        made = made.copy(resolution=Resolution.MINUTE)
    found = told(feed, made, MONDAY, datetime(2013, 10, 11))
    assert [
        type(event) for _, event in found if getattr(event, "type", None) != DelistingType.DELISTED
    ] == expected
