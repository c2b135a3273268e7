"""Bars of a subscription: the same whether a few of a stretch are looked at or all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from utils.engine.clock import Clock, to_ns
from utils.engine.enums import Resolution, SecurityType
from utils.engine.feed.columns import Columns
from utils.engine.feed.config import SubscriptionDataConfig
from utils.engine.feed.source import Source
from utils.engine.identity.symbol import Symbol

COUNT = 100
MINUTE = timedelta(minutes=1)
NEW_YORK = ZoneInfo("America/New_York")
# The clock goes forward in the middle of it.
START = datetime(2020, 3, 8, 6, 10)


def source(kind: SecurityType, ticker: str) -> Source:
    """A hundred minutes, every third filled forward, every fourth without ask."""
    start = to_ns(START) + np.arange(COUNT) * 60_000_000_000
    end = start + 60_000_000_000
    price = 100.0 + np.arange(COUNT)
    quotes: dict[str, Any] = {}
    if kind == SecurityType.FOREX:
        for side, shift in (("bid", -1.0), ("ask", 1.0)):
            values = price + shift
            if side == "ask":
                values = np.where(np.arange(COUNT) % 4 == 0, np.nan, values)
            quotes |= {f"{side}_{name}": values for name in ("open", "high", "low", "close", "size")}
    repeated = np.arange(COUNT) % 3 == 0
    columns = Columns(start, end, end, repeated, price, price + 2, price - 2, price + 1, price * 10, **quotes)
    config = SubscriptionDataConfig(
        None, Symbol.create(ticker, kind, "usa"), Resolution.MINUTE, UTC, NEW_YORK
    )
    clock = Clock()
    clock.step = COUNT - 1
    made = Source(config, clock, columns)
    made.load(columns, np.arange(-1, COUNT))
    return made


def wall(row: int) -> datetime:
    """Start of a row in New York."""
    moment = (START + row * MINUTE).replace(tzinfo=UTC)
    return moment.astimezone(NEW_YORK).replace(tzinfo=None)


def test_trades() -> None:
    bars = source(SecurityType.EQUITY, "SPY")
    for row in range(COUNT):
        bar = bars.bar_of(bars.columns, row)
        assert (bar.time, bar.end_time) == (wall(row), wall(row + 1))
        assert (bar.open, bar.high, bar.low, bar.close) == (100.0 + row, 102.0 + row, 98.0 + row, 101.0 + row)
        assert (bar.volume, bar.is_fill_forward) == (1000.0 + 10 * row, row % 3 == 0)
        assert type(bar.close) is float and type(bar.is_fill_forward) is bool


def test_quotes() -> None:
    bars = source(SecurityType.FOREX, "EURUSD")
    for row in range(COUNT):
        bar = bars.bar_of(bars.columns, row)
        assert bar.time == wall(row) and bar.bid.close == 99.0 + row == bar.last_bid_size
        if row % 4 == 0:
            assert bar.ask is None and bar.last_ask_size == 0.0
        else:
            assert bar.ask.close == 101.0 + row == bar.last_ask_size


@pytest.mark.parametrize("step", [0, 50])
def test_the_bar_of_the_present_step(step: int) -> None:
    bars = source(SecurityType.EQUITY, "SPY")
    bars._clock.step = step
    assert bars.row == step and bars.bar().open == 100.0 + step
    assert bars.news_by_step().all()
