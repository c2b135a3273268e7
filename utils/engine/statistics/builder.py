"""Statistics of a backtest out of its samples, trades and transactions."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from utils.engine.dotnet.money import ZERO
from utils.engine.dotnet.naming import DotNet
from utils.engine.statistics.interest_rate import RiskFreeInterestRateModel
from utils.engine.statistics.portfolio_statistics import Points, PortfolioHistory, PortfolioStatistics
from utils.engine.statistics.summary import summary_of
from utils.engine.statistics.trade import Trade
from utils.engine.statistics.trade_statistics import TradeStatistics

_DAY = timedelta(days=1)

# Lengths in months of the rolling windows.
_WINDOWS = (1, 3, 6, 12)


class AlgorithmPerformance(DotNet):
    """Statistics of trades and of the portfolio over one span."""

    trade_statistics: TradeStatistics
    portfolio_statistics: PortfolioStatistics
    closed_trades: list[Trade]

    def __init__(
        self,
        closed_trades: Iterable[Trade] = (),
        portfolio_statistics: PortfolioStatistics | None = None,
    ) -> None:
        self.closed_trades = list(closed_trades)
        self.trade_statistics = TradeStatistics(self.closed_trades)
        self.portfolio_statistics = portfolio_statistics or PortfolioStatistics()


class StatisticsResults(DotNet):
    """Statistics of the whole backtest, of rolling windows ("M3_20131231"), and the summary as text."""

    total_performance: AlgorithmPerformance
    rolling_performances: dict[str, AlgorithmPerformance]
    summary: dict[str, str]

    def __init__(
        self,
        total_performance: AlgorithmPerformance | None = None,
        rolling_performances: dict[str, AlgorithmPerformance] | None = None,
        summary: dict[str, str] | None = None,
    ) -> None:
        self.total_performance = total_performance or AlgorithmPerformance()
        self.rolling_performances = rolling_performances or {}
        self.summary = summary or {}

    def add_custom_summary_statistics(self, custom: Mapping[str, str]) -> None:
        """Add the algorithm's own statistics; LEAN's names cannot be replaced."""
        self.summary.update({name: value for name, value in custom.items() if name not in self.summary})


@dataclass(frozen=True)
class StatisticsInput:
    """What a backtest's statistics are made of; times UTC, money in the account's currency.

    Attributes:
        trades: closed trades.
        profit_loss: profit of each closed transaction by time.
        winning_times: times of the winning transactions.
        losing_times: times of the losing ones.
        equity: samples of the portfolio's value.
        performance: daily returns in percent, the first sample at the start.
        benchmark: daily values of the benchmark at the same times.
        turnover: daily sales as a fraction of the portfolio.
        starting_capital: at the start.
        total_fees: paid.
        total_orders: sent.
        risk_free_rate_model: of the algorithm.
        trading_days_per_year: of the brokerage's markets, 252 or 365.
        capacity: estimated capacity.
        lowest_capacity_asset: symbol that limits it.
        currency_symbol: of the account.
    """

    trades: Sequence[Trade]
    profit_loss: Mapping[datetime, Decimal]
    winning_times: Iterable[datetime]
    losing_times: Iterable[datetime]
    equity: Points
    performance: Points
    benchmark: Points
    turnover: Points
    starting_capital: Decimal
    total_fees: Decimal
    total_orders: int
    risk_free_rate_model: RiskFreeInterestRateModel
    trading_days_per_year: int = 252
    capacity: Decimal = ZERO
    lowest_capacity_asset: Any | None = None
    currency_symbol: str = "$"
    rolling: bool = field(default=True)


def generate(given: StatisticsInput) -> StatisticsResults:
    """All statistics of a backtest.

    Raises:
        ValueError: benchmark and returns were not sampled at the same times, or a figure is not finite.
    """
    equity = _by_time(given.equity)
    first = equity[0][0].date() if equity else date.min
    last = equity[-1][0].date() if equity else date.min
    total = _performance(given, equity, first, last)
    rolling: dict[str, AlgorithmPerformance] = {}
    if given.rolling and equity:
        for months in _WINDOWS:
            for start, end in period_ranges(months, first, last):
                rolling[f"M{months}_{end:%Y%m%d}"] = _performance(given, equity, start, end)
    summary = summary_of(
        total.portfolio_statistics,
        total_orders=given.total_orders,
        total_fees=given.total_fees,
        capacity=given.capacity,
        lowest_capacity_asset=given.lowest_capacity_asset,
        currency_symbol=given.currency_symbol,
    )
    return StatisticsResults(total, rolling, summary)


def _performance(given: StatisticsInput, equity: Points, start: date, end: date) -> AlgorithmPerformance:
    inside = _within(equity, start, end)
    if not inside:
        return AlgorithmPerformance()
    performance = _within(_by_time(given.performance), start, end)
    benchmark = _within(_by_time(given.benchmark), start, end)
    if len(performance) != len(benchmark):
        difference = abs(len(performance) - len(benchmark))
        raise ValueError(f"benchmark and performance differ by {difference} samples from {start} to {end}")
    whole = len(inside) == len(equity)
    history = PortfolioHistory(
        profit_loss=_within(sorted(given.profit_loss.items()), start, end),
        equity=inside,
        turnover=[value for _, value in _within(_by_time(given.turnover), start, end)],
        # The first day is left out: orders on its open would misalign the two series.
        returns=[float(value / 100) for _, value in performance[2:]],
        benchmark=benchmark_returns(benchmark),
        starting_capital=given.starting_capital if whole else inside[0][1],
        wins=_count_within(given.winning_times, start, end),
        losses=_count_within(given.losing_times, start, end),
    )
    statistics = PortfolioStatistics(history, given.risk_free_rate_model, given.trading_days_per_year)
    trades = [trade for trade in given.trades if start <= trade.exit_time.date() <= end]
    return AlgorithmPerformance(trades, statistics)


def benchmark_returns(values: Points) -> list[float]:
    """Changes between the samples of a benchmark as fractions, but for the first of them."""
    pairs = list(pairwise(values))[1:]
    return [float((after - before) / before) if before else 0.0 for (_, before), (_, after) in pairs]


def period_ranges(months: int, first: date, last: date) -> list[tuple[date, date]]:
    """Windows of `months` that end with each month, and with `last`."""
    ends = [last]
    while (end := ends[-1].replace(day=1) - _DAY) >= first:
        ends.append(end)
    ends.reverse()
    ranges = [(first, ends[0])]
    for end in ends[1:]:
        start = _months_later(ranges[-1][1] + _DAY, 1 - months)
        ranges.append((max(start, first), end))
    return ranges


def _months_later(day: date, months: int) -> date:
    """The same day of a month some months away; days here are firsts of a month."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, day.day)


def _by_time(points: Points) -> list[tuple[datetime, Decimal]]:
    return sorted(dict(points).items())


def _within(points: Points, start: date, end: date) -> list[tuple[datetime, Decimal]]:
    low = bisect_left(points, _midnight(start), key=lambda point: point[0])
    high = bisect_left(points, _midnight(end) + _DAY, key=lambda point: point[0])
    return list(points[low:high])


def _count_within(times: Iterable[datetime], start: date, end: date) -> int:
    return sum(start <= time.date() <= end for time in times)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)
