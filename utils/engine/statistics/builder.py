"""Statistics of a backtest out of its samples, trades and transactions."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeVar

from utils.engine.dotnet.money import ZERO
from utils.engine.dotnet.naming import DotNet
from utils.engine.statistics.interest_rate import RiskFreeInterestRateModel
from utils.engine.statistics.portfolio_statistics import Points, PortfolioHistory, PortfolioStatistics
from utils.engine.statistics.summary import summary_of
from utils.engine.statistics.trade import Trade
from utils.engine.statistics.trade_statistics import TradeStatistics

T = TypeVar("T")

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
    """Statistics of the whole backtest, of rolling windows ("M3_20131231"), and the summary as text.

    Those of rolling windows are made when they are looked at: a run without result files needs none.
    """

    total_performance: AlgorithmPerformance
    summary: dict[str, str]

    def __init__(
        self,
        total_performance: AlgorithmPerformance | None = None,
        rolling_performances: Callable[[], dict[str, AlgorithmPerformance]] = dict,
        summary: dict[str, str] | None = None,
    ) -> None:
        self.total_performance = total_performance or AlgorithmPerformance()
        self._rolling = rolling_performances
        self.summary = summary or {}

    @cached_property
    def rolling_performances(self) -> dict[str, AlgorithmPerformance]:
        """Statistics by window."""
        return self._rolling()

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


def generate(given: StatisticsInput) -> StatisticsResults:
    """All statistics of a backtest.

    Raises:
        ValueError: benchmark and returns were not sampled at the same times, or a figure is not finite.
    """
    run = _InOrder(given)
    first = run.equity[0][0].date() if run.equity else date.min
    last = run.equity[-1][0].date() if run.equity else date.min
    total = run.performance_within(first, last)

    def rolling() -> dict[str, AlgorithmPerformance]:
        if not run.equity:
            return {}
        ranges = [(months, *span) for months in _WINDOWS for span in period_ranges(months, first, last)]
        return {
            f"M{months}_{end:%Y%m%d}": run.performance_within(start, end) for months, start, end in ranges
        }

    summary = summary_of(
        total.portfolio_statistics,
        total_orders=given.total_orders,
        total_fees=given.total_fees,
        capacity=given.capacity,
        lowest_capacity_asset=given.lowest_capacity_asset,
        currency_symbol=given.currency_symbol,
    )
    return StatisticsResults(total, rolling, summary)


class _InOrder:
    """The input sorted by time once, to be cut into windows."""

    def __init__(self, given: StatisticsInput) -> None:
        self._given = given
        self.equity = _by_time(given.equity)
        self._performance, self._benchmark = _by_time(given.performance), _by_time(given.benchmark)
        self._returns = [float(value / 100) for _, value in self._performance]
        self._benchmark_returns = changes(self._benchmark)
        self._turnover, self._profit_loss = _by_time(given.turnover), sorted(given.profit_loss.items())
        self._wins, self._losses = sorted(given.winning_times), sorted(given.losing_times)
        self._trades = sorted(given.trades, key=lambda trade: trade.exit_time)

    def performance_within(self, start: date, end: date) -> AlgorithmPerformance:
        """Statistics from one day to another, both included."""
        span = (_midnight(start), _midnight(end) + _DAY)
        equity = _within(self.equity, *span, key=_time_of)
        if not equity:
            return AlgorithmPerformance()
        sampled, compared = _slice_of(self._performance, *span), _slice_of(self._benchmark, *span)
        if _length(sampled) != _length(compared):
            difference = abs(_length(sampled) - _length(compared))
            raise ValueError(
                f"benchmark and performance differ by {difference} samples from {start} to {end}"
            )
        whole = len(equity) == len(self.equity)
        history = PortfolioHistory(
            profit_loss=_within(self._profit_loss, *span, key=_time_of),
            equity=equity,
            turnover=[value for _, value in _within(self._turnover, *span, key=_time_of)],
            # The first day is left out: orders on its open would misalign the two series.
            returns=self._returns[sampled][2:],
            benchmark=self._benchmark_returns[compared][2:],
            starting_capital=self._given.starting_capital if whole else equity[0][1],
            wins=len(_within(self._wins, *span, key=lambda time: time)),
            losses=len(_within(self._losses, *span, key=lambda time: time)),
        )
        given = self._given
        statistics = PortfolioStatistics(history, given.risk_free_rate_model, given.trading_days_per_year)
        trades = _within(self._trades, *span, key=lambda trade: trade.exit_time)
        return AlgorithmPerformance(trades, statistics)


def changes(values: Points) -> list[float]:
    """Change of each sample against the one before as a fraction; of the first, 0."""
    pairs = pairwise(value for _, value in values)
    return [0.0, *(float((after - before) / before) if before else 0.0 for before, after in pairs)]


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


def _within(items: Sequence[T], since: datetime, until: datetime, key: Callable[[T], datetime]) -> list[T]:
    """Those of sorted items from one moment up to another, which is left out."""
    return list(items[bisect_left(items, since, key=key) : bisect_left(items, until, key=key)])


def _slice_of(points: Points, since: datetime, until: datetime) -> slice:
    """Where the points from one moment up to another are."""
    return slice(bisect_left(points, since, key=_time_of), bisect_left(points, until, key=_time_of))


def _length(place: slice) -> int:
    length: int = place.stop - place.start
    return length


def _time_of(point: tuple[datetime, Decimal]) -> datetime:
    return point[0]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)
