"""LEAN's published statistics of three of its algorithms, from sampled prices alone.

One purchase each, so that the portfolio is cash and shares at the last price: no engine is needed to tell
what samples, statistics, capacity and hash have to be.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from utils.engine.clock import to_ns
from utils.engine.dotnet.money import ONE, ZERO, use_money_context
from utils.engine.enums import OrderStatus, SecurityType
from utils.engine.results.samples import Samples
from utils.engine.results.statistics_service import RunRecord, StatisticsService
from utils.engine.statistics.capacity import CapacityBar, CapacityEstimate, CapacityMarket
from utils.engine.statistics.interest_rate import InterestRateProvider

DATA = Path(os.environ.get("TRADING_SAMPLE_DATA", "../shared/data")) / "lean"
NEW_YORK, UTC = ZoneInfo("America/New_York"), ZoneInfo("UTC")
FACTOR = Decimal("0.8646266")  # of SPY's prices in October 2013
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"no sample data at {DATA}; set TRADING_SAMPLE_DATA"
)


class SpyIdentifier:
    symbol = "SPY"

    def __str__(self) -> str:
        return "SPY R735QTJ8XC9X"


class SpySymbol:
    value = "SPY"
    security_type = SecurityType.EQUITY
    underlying = None
    id = SpyIdentifier()


SPY = SpySymbol()


@dataclass
class Portfolio:
    """Cash and shares of SPY at the last price."""

    cash: Decimal = Decimal(100_000)
    quantity: Decimal = ZERO
    price: Decimal = ZERO
    cost: Decimal = ZERO
    exact_total_fees: Decimal = ZERO
    exact_total_sale_volume: Decimal = ZERO
    exact_total_net_profit: Decimal = ZERO
    symbol: Any = field(default_factory=lambda: SPY)

    @property
    def exact_total_portfolio_value(self) -> Decimal:
        return self.cash + self.exact_holdings_value

    @property
    def exact_holdings_value(self) -> Decimal:
        return self.quantity * self.price

    @property
    def exact_total_holdings_value(self) -> Decimal:
        return self.exact_holdings_value

    @property
    def exact_total_unrealized_profit(self) -> Decimal:
        return self.exact_holdings_value - self.cost

    @property
    def invested(self) -> bool:
        return bool(self.quantity)

    def values(self) -> list[Portfolio]:
        return [self]

    def buy(self, quantity: int, price: Decimal, fee: str) -> None:
        self.quantity, self.cost = Decimal(quantity), quantity * price
        self.exact_total_fees = Decimal(fee)
        self.exact_total_sale_volume = self.cost
        self.cash -= self.cost + self.exact_total_fees


def minutes(day: date) -> Iterator[tuple[datetime, Decimal, Decimal]]:
    """(end in UTC, adjusted close, adjusted volume) of the session's minutes."""
    path = DATA / "equity" / "usa" / "minute" / "spy" / f"{day:%Y%m%d}_trade.zip"
    with zipfile.ZipFile(path) as archive:
        lines = archive.read(archive.namelist()[0]).decode().split()
    midnight = datetime(day.year, day.month, day.day)
    for line in lines:
        cells = line.split(",")
        start = int(cells[0])
        if 34_200_000 <= start < 57_600_000:
            local = midnight + timedelta(milliseconds=start + 60_000)
            end = local.replace(tzinfo=NEW_YORK).astimezone(UTC).replace(tzinfo=None)
            yield end, Decimal(cells[4]) * Decimal("0.0001") * FACTOR, round(Decimal(cells[5]) / FACTOR) * ONE


def days() -> Iterator[tuple[datetime, Decimal, Decimal]]:
    """(close in UTC, adjusted close, adjusted volume) of the days of October 2013."""
    with zipfile.ZipFile(DATA / "equity" / "usa" / "daily" / "spy.zip") as archive:
        lines = archive.read(archive.namelist()[0]).decode().split("\n")
    for line in lines:
        if line.startswith("201310"):
            cells = line.split(",")
            end = datetime.strptime(cells[0], "%Y%m%d 00:00") + timedelta(hours=20)
            yield end, Decimal(cells[4]) * Decimal("0.0001") * FACTOR, round(Decimal(cells[5]) / FACTOR) * ONE


def bars_of(day: date, resolution: str) -> Iterator[tuple[datetime, Decimal, Decimal]]:
    if resolution == "minute":
        yield from minutes(day)
    else:
        yield from (bar for bar in days() if bar[0].date() == day)


def statistics_of(
    bought: datetime,
    quantity: int,
    price: Decimal,
    fee: str,
    *,
    first: date = date(2013, 10, 7),
    last: date = date(2013, 10, 11),
    resolution: str = "minute",
) -> dict[str, str]:
    use_money_context()
    start = datetime(first.year, first.month, first.day)
    end = datetime(last.year, last.month, last.day, 23, 59, 59, 999999)
    period = timedelta(minutes=1) if resolution == "minute" else timedelta(hours=6.5)
    portfolio = Portfolio()
    bars: dict[datetime, CapacityBar] = {}
    now = start
    market = CapacityMarket(
        bar=lambda _security: bars.get(now),
        total_portfolio_value=lambda: portfolio.exact_total_portfolio_value,
        leveraged_buying_power=lambda _security: portfolio.exact_holdings_value,
    )
    security = SimpleNamespace(
        symbol=SPY,
        holdings=portfolio,
        quote_currency=SimpleNamespace(exact_conversion_rate=Decimal(1)),
        symbol_properties=SimpleNamespace(exact_contract_multiplier=Decimal(1)),
    )
    capacity = CapacityEstimate(start, end, market)
    samples = Samples(
        portfolio,
        start,
        end,
        NEW_YORK,
        benchmark=lambda _time: portfolio.price,
        capacity=lambda: capacity.capacity,
    )
    # The benchmark's price before the first minute: the last hour of the Friday before.
    portfolio.price = Decimal("168.8900") * FACTOR
    for day in range((last - first).days + 1):
        now = start + timedelta(days=day, hours=4)  # midnight in New York
        samples.sample_day(now)
        for now, close, volume in bars_of(first + timedelta(days=day), resolution):
            portfolio.price = close
            bars[now] = CapacityBar(close, volume, period)
            if now == bought:
                portfolio.buy(quantity, price, fee)
                fill = SimpleNamespace(
                    status=OrderStatus.FILLED,
                    symbol=SPY,
                    utc_time=now,
                    exact_fill_price=price,
                    exact_fill_quantity=Decimal(quantity),
                )
                capacity.on_order_event(fill, security)
            if to_ns(now) >= capacity.next_update:
                capacity.update(now)
            if to_ns(now) > samples.next_sample:
                samples.end_step(now)
    capacity.update(now, force=True)
    samples.end_step(now, force=True)
    samples.sample_day(now)
    record = RunRecord(
        closed_trades=list,
        transactions=dict,
        winning_times=list,
        losing_times=list,
        total_orders=lambda: 1,
        risk_free_rate_model=lambda: InterestRateProvider(DATA),
        trading_days_per_year=lambda: 252,
    )
    return dict(StatisticsService(samples, record, portfolio, capacity).statistics_results().summary.items())


def test_basic_template() -> None:
    price = Decimal("167.4500") * FACTOR
    assert statistics_of(datetime(2013, 10, 7, 13, 31), 688, price, "3.44") == {
        "Total Orders": "1",
        "Average Win": "0%",
        "Average Loss": "0%",
        "Compounding Annual Return": "271.453%",
        "Drawdown": "2.200%",
        "Expectancy": "0",
        "Start Equity": "100000",
        "End Equity": "101691.92",
        "Net Profit": "1.692%",
        "Sharpe Ratio": "8.854",
        "Sortino Ratio": "0",
        "Probabilistic Sharpe Ratio": "67.459%",
        "Loss Rate": "0%",
        "Win Rate": "0%",
        "Profit-Loss Ratio": "0",
        "Alpha": "-0.005",
        "Beta": "0.996",
        "Annual Standard Deviation": "0.222",
        "Annual Variance": "0.049",
        "Information Ratio": "-14.565",
        "Tracking Error": "0.001",
        "Treynor Ratio": "1.97",
        "Total Fees": "$3.44",
        "Estimated Strategy Capacity": "$56000000.00",
        "Lowest Capacity Asset": "SPY R735QTJ8XC9X",
        "Portfolio Turnover": "19.93%",
        "Drawdown Recovery": "3",
    }


def test_parameterized_template() -> None:
    summary = statistics_of(datetime(2013, 10, 10, 13, 32), 689, Decimal("144.71255404200"), "3.445")
    expected = {
        "Compounding Annual Return": "286.047%",
        "Drawdown": "0.300%",
        "End Equity": "101742.04",
        "Sharpe Ratio": "23.023",
        "Sortino Ratio": "0",
        "Probabilistic Sharpe Ratio": "0%",
        "Alpha": "1.266",
        "Beta": "0.356",
        "Annual Standard Deviation": "0.086",
        "Information Ratio": "-0.044",
        "Tracking Error": "0.147",
        "Treynor Ratio": "5.531",
        "Total Fees": "$3.45",
        "Estimated Strategy Capacity": "$48000000.00",
        "Portfolio Turnover": "19.72%",
        "Drawdown Recovery": "0",
    }
    assert {key: summary[key] for key in expected} == expected


def test_named_arguments() -> None:
    summary = statistics_of(
        datetime(2013, 10, 9, 20),
        697,
        Decimal("165.8200") * FACTOR,
        "3.485",
        first=date(2013, 10, 8),
        last=date(2013, 10, 17),
        resolution="daily",
    )
    expected = {
        "Compounding Annual Return": "424.375%",
        "Drawdown": "0.800%",
        "End Equity": "104486.22",
        "Net Profit": "4.486%",
        "Sharpe Ratio": "17.304",
        "Sortino Ratio": "35.217",
        "Probabilistic Sharpe Ratio": "96.710%",
        "Alpha": "-0.249",
        "Beta": "1.015",
        "Annual Standard Deviation": "0.141",
        "Annual Variance": "0.02",
        "Information Ratio": "-19",
        "Tracking Error": "0.011",
        "Treynor Ratio": "2.403",
        "Total Fees": "$3.49",
        "Estimated Strategy Capacity": "$1200000000.00",
        "Portfolio Turnover": "10.01%",
        "Drawdown Recovery": "1",
    }
    assert {key: summary[key] for key in expected} == expected
