"""Repeating the last bar, against the same done one bar at a time."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.utils.engine.feed.feed_folder import ENTRIES, Feed, local, make_config
from tests.utils.engine.feed.fill_forward_oracle import Bar, FillForwardOracle, Market
from utils.engine.enums import Resolution, SecurityType, TickType
from utils.engine.feed.config import INCREMENTS, SubscriptionDataConfig

MINUTE, HOUR, DAILY = Resolution.MINUTE, Resolution.HOUR, Resolution.DAILY
EQUITY, INDEX = SecurityType.EQUITY, SecurityType.INDEX
CRYPTO, FOREX = SecurityType.CRYPTO, SecurityType.FOREX
KEYS = {
    EQUITY: "Equity-usa-[*]",
    INDEX: "Index-usa-[*]",
    CRYPTO: "Crypto-coinbase-[*]",
    FOREX: "Forex-oanda-[*]",
}
# Weeks with a change of the clock, a holiday and an early close, and a plain one.
WEEKS = [datetime(2013, 11, 1), datetime(2013, 11, 26), datetime(2014, 3, 7), datetime(2013, 10, 7)]

CASES = [
    (EQUITY, MINUTE, MINUTE, False, False),
    (EQUITY, MINUTE, MINUTE, True, False),
    (EQUITY, HOUR, HOUR, False, False),
    (EQUITY, HOUR, MINUTE, False, False),
    (EQUITY, HOUR, MINUTE, True, False),
    (EQUITY, DAILY, DAILY, False, True),
    (EQUITY, DAILY, HOUR, False, True),
    (EQUITY, DAILY, MINUTE, False, True),
    (EQUITY, DAILY, DAILY, False, False),
    (EQUITY, DAILY, HOUR, False, False),
    (EQUITY, MINUTE, HOUR, False, False),
    (INDEX, HOUR, MINUTE, False, False),
    (INDEX, DAILY, HOUR, False, True),
    (CRYPTO, MINUTE, MINUTE, False, False),
    (CRYPTO, HOUR, MINUTE, False, False),
    (CRYPTO, DAILY, HOUR, False, True),
    (FOREX, HOUR, HOUR, False, False),
    (FOREX, HOUR, MINUTE, False, False),
]


def _id(case: tuple[object, ...]) -> str:
    kind, resolution, finest, extended, strict = case
    words = [
        str(kind),
        str(resolution),
        f"on{finest}s",
        "extended" if extended else "",
        "strict" if strict else "",
    ]
    return "-".join(word for word in words if word)


@st.composite
def rows(draw: st.DrawFn, kind: SecurityType, resolution: Resolution) -> tuple[datetime, int, list[datetime]]:
    """First day, number of days, and starts of bars on the data's clock, in clusters with gaps."""
    first = draw(st.sampled_from(WEEKS))
    longest = 20 if resolution == DAILY else 1 if kind == CRYPTO else 5
    days = draw(st.integers(1, longest))
    period = INCREMENTS[resolution]
    total = timedelta(days=days) // period
    starts: set[int] = set()
    for _ in range(draw(st.integers(1, 5))):
        begin = draw(st.integers(0, total - 1))
        starts |= set(range(begin, min(total, begin + draw(st.integers(1, 6)))))
    return first, days, [first + period * number for number in sorted(starts)]


@pytest.mark.parametrize("case", CASES, ids=_id)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_rows_are_those_of_filling_forward_one_by_one(
    case: tuple[SecurityType, Resolution, Resolution, bool, bool], data: st.DataObject
) -> None:
    kind, resolution, finest, extended, strict = case
    first, days, starts = data.draw(rows(kind, resolution))
    tick_type = TickType.QUOTE if kind == FOREX else TickType.TRADE
    config = make_config(kind, resolution, tick_type, extended_market_hours=extended)
    end = first + timedelta(days=days)
    with tempfile.TemporaryDirectory() as folder:
        feed = Feed.empty(Path(folder))
        price = "{0},{0},{0},{0},1"
        line = f"{price},{price}" if kind == FOREX else price
        feed.write(config, [(time, line.format(n + 1)) for n, time in enumerate(starts)])
        found = feed.read(config, first, end, finest, daily_precise_end_time=strict)
    market = Market(ENTRIES[KEYS[kind]], extended)
    strict = strict and kind in (EQUITY, INDEX)
    oracle = FillForwardOracle(market, INCREMENTS[resolution], INCREMENTS[finest], strict)
    bars = _raw_bars(market, config, starts, first, strict)
    expected = oracle.run(bars, market.utc(end) - timedelta(microseconds=1))
    scale = 10_000 if kind == EQUITY else 1
    read = [
        (time, bool(filled), round(close * scale) - 1)
        for time, filled, close in zip(
            local(config, found.end_time), found.fill_forward, found.close, strict=True
        )
    ]
    assert read == [(market.local(bar.end), bar.filled, bar.source) for bar in expected]


def _raw_bars(
    market: Market, config: SubscriptionDataConfig, starts: list[datetime], first: datetime, strict: bool
) -> list[Bar]:
    """Bars of the files, UTC; on the exchange's clock they end their length later, and never together."""
    period, from_time = config.increment, market.utc(first)
    found: list[Bar] = []
    for number, wall in enumerate(starts):
        start = wall.replace(tzinfo=market.data_zone).astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
        midnight = datetime(wall.year, wall.month, wall.day)
        if config.resolution == MINUTE and not market.is_open(
            market.utc(midnight), market.utc(midnight + timedelta(days=1))
        ):
            continue  # there is no file of a day on which the market is shut
        bar = Bar(start, market.utc(market.local(start) + period), number)
        if strict:
            session = market.session(wall.date())
            if session is None:
                continue
            bar = Bar(*session, number)
        if bar.end >= from_time and (not found or bar.end > found[-1].end):
            found.append(bar)
    return found
