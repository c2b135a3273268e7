"""Capacity of a strategy, by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from utils.engine.clock import to_ns
from utils.engine.dotnet.money import use_money_context
from utils.engine.enums import OrderStatus, SecurityType
from utils.engine.statistics.capacity import CapacityBar, CapacityEstimate, CapacityMarket, capacity_bar

MINUTE = timedelta(minutes=1)
START, END = datetime(2020, 6, 1), datetime(2020, 6, 30, 23, 59, 59, 999999)


@pytest.fixture(autouse=True)
def _money() -> None:
    use_money_context()


def security(ticker: str, kind: SecurityType = SecurityType.EQUITY) -> Any:
    return SimpleNamespace(
        symbol=SimpleNamespace(value=ticker, security_type=kind),
        holdings=SimpleNamespace(invested=False),
        quote_currency=SimpleNamespace(exact_conversion_rate=Decimal(1)),
        symbol_properties=SimpleNamespace(exact_contract_multiplier=Decimal(1)),
    )


class Run:
    """An estimate whose market shows the same bar of each ticker at every step."""

    def __init__(self, held: str = "0", **bars: CapacityBar) -> None:
        self.securities = {ticker: security(ticker) for ticker in bars}
        self.bars = bars
        market = CapacityMarket(
            bar=lambda security: self.bars.get(security.symbol.value),
            total_portfolio_value=lambda: Decimal(100_000),
            leveraged_buying_power=lambda _security: Decimal(held),
        )
        self.estimate = CapacityEstimate(START, END, market)

    def fill(self, ticker: str, time: datetime, price: int, quantity: int) -> None:
        event = SimpleNamespace(
            status=OrderStatus.FILLED,
            symbol=ticker,
            utc_time=time,
            exact_fill_price=Decimal(price),
            exact_fill_quantity=Decimal(quantity),
        )
        self.estimate.on_order_event(event, self.securities[ticker])


def limiting(run: Run) -> str:
    symbol = run.estimate.lowest_capacity_asset
    assert symbol is not None
    return str(symbol.value)


def bar(price: int, volume: int, period: timedelta = MINUTE) -> CapacityBar:
    return CapacityBar(Decimal(price), Decimal(volume), period)


def test_a_fifth_of_the_minutes_after_a_fill_can_be_traded() -> None:
    """12,000,000 a minute: two bars, to one minute after the fill, of which a fifth is 4,800,000."""
    run = Run(SPY=bar(100, 120_000))
    noon = datetime(2020, 6, 2, 12)
    run.fill("SPY", noon, 100, 10)
    for minute in range(4):
        run.estimate.update(noon + minute * MINUTE)
    assert run.estimate.capacity == 0
    run.estimate.update(noon + 5 * MINUTE, force=True)
    assert run.estimate.capacity == Decimal("4800000.00")
    assert limiting(run) == "SPY"


def test_the_thinnest_market_limits_and_its_share_of_the_sales_scales() -> None:
    run = Run(SPY=bar(100, 120_000), IBM=bar(100, 60_000))
    noon = datetime(2020, 6, 2, 12)
    run.fill("SPY", noon, 100, 30)
    run.fill("IBM", noon, 100, 10)
    for minute in range(4):
        run.estimate.update(noon + minute * MINUTE)
    run.estimate.update(noon + 5 * MINUTE, force=True)
    assert limiting(run) == "IBM"
    # Two bars of 6,000,000, a fifth of them, for a quarter of the sales.
    assert run.estimate.capacity == Decimal("9600000.00")


def test_a_large_holding_scales_more_than_small_sales() -> None:
    run = Run(held="50000", SPY=bar(100, 120_000), IBM=bar(100, 60_000))
    noon = datetime(2020, 6, 2, 12)
    run.fill("SPY", noon, 100, 30)
    run.fill("IBM", noon, 100, 10)
    for minute in range(4):
        run.estimate.update(noon + minute * MINUTE)
    run.estimate.update(noon + 5 * MINUTE, force=True)
    assert run.estimate.capacity == Decimal("4800000.00")


def test_thin_markets_are_watched_longer() -> None:
    """500,000 a minute, twice that with the bar before: 6,000,000 / 1,000,000 is six minutes."""
    run = Run(SPY=bar(100, 5_000))
    noon = datetime(2020, 6, 2, 12)
    run.fill("SPY", noon, 100, 10)
    watched = []
    for minute in range(10):
        if run.estimate.next_update == 0:
            watched.append(minute)
        run.estimate.update(noon + minute * MINUTE)
    assert watched == [0, 1, 2, 3, 4, 5, 6, 7]


def test_trading_often_counts_less_of_each_bar() -> None:
    run = Run(SPY=bar(100, 120_000))
    noon = datetime(2020, 6, 2, 12)
    run.fill("SPY", noon, 100, 10)
    run.fill("SPY", noon + 39 * MINUTE, 100, 10)  # 2 * 39 / 390 is the least, a fifth
    run.estimate.update(noon + 39 * MINUTE)
    run.estimate.update(noon + 41 * MINUTE, force=True)
    assert run.estimate.capacity == Decimal("240000.00")  # 12,000,000 / 5 / 5, over two trades


def test_nothing_is_due_before_the_first_fill_and_a_week_after_the_start() -> None:
    run = Run(SPY=bar(100, 120_000))
    assert run.estimate.next_update > to_ns(datetime(9000, 1, 1))
    run.fill("SPY", datetime(2020, 6, 2, 12), 100, 10)
    assert run.estimate.next_update == 0
    run.estimate.update(datetime(2020, 6, 2, 12, 5))
    assert run.estimate.next_update == to_ns(datetime(2020, 6, 8))
    run.estimate.update(datetime(2020, 6, 8))
    assert run.estimate.next_update == to_ns(datetime(2020, 6, 15))


def test_quotes_stand_in_for_trades() -> None:
    quote = SimpleNamespace(close=1.1, last_bid_size=200.0, last_ask_size=100.0, period=MINUTE)
    assert capacity_bar(security("SPY"), None, None) is None
    stock = capacity_bar(security("SPY"), None, quote)
    pair = capacity_bar(security("EURUSD", SecurityType.FOREX), None, quote)
    assert stock is not None and stock.volume == 150
    assert pair is not None and pair.volume == 25_000_000
