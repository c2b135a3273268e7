"""Statistics of a run at any moment: what algorithms read as `self.statistics`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Protocol

from utils.engine.dotnet.generic import Dictionary
from utils.engine.dotnet.naming import DotNet
from utils.engine.results import sample_charts as charts
from utils.engine.results.order_json import order_list_hash
from utils.engine.results.samples import SampledPortfolio, Samples
from utils.engine.statistics.builder import AlgorithmPerformance, StatisticsInput, StatisticsResults, generate
from utils.engine.statistics.capacity import CapacityEstimate
from utils.engine.statistics.interest_rate import RiskFreeInterestRateModel
from utils.engine.statistics.summary import ORDER_LIST_HASH, runtime_statistics_of
from utils.engine.statistics.trade import Trade


class MeasuredPortfolio(SampledPortfolio, Protocol):
    """What the banner tells of a portfolio, in the account's currency."""

    @property
    def exact_total_fees(self) -> Decimal:
        """Paid so far."""

    @property
    def exact_total_net_profit(self) -> Decimal:
        """Of closed positions, after fees."""

    @property
    def exact_total_unrealized_profit(self) -> Decimal:
        """Of open positions."""

    @property
    def exact_total_holdings_value(self) -> Decimal:
        """Of open positions."""


@dataclass(frozen=True)
class RunRecord:
    """What a run knows of itself; each is asked when statistics are made.

    Attributes:
        closed_trades: of the trade builder.
        transactions: profit of each closed transaction by UTC time.
        winning_times: UTC times of the winning transactions.
        losing_times: UTC times of the losing ones.
        total_orders: sent so far.
        risk_free_rate_model: of the algorithm.
        trading_days_per_year: of its settings.
    """

    closed_trades: Callable[[], list[Trade]]
    transactions: Callable[[], Mapping[datetime, Decimal]]
    winning_times: Callable[[], Iterable[datetime]]
    losing_times: Callable[[], Iterable[datetime]]
    total_orders: Callable[[], int]
    risk_free_rate_model: Callable[[], RiskFreeInterestRateModel]
    trading_days_per_year: Callable[[], int]


class AlgorithmStatistics(DotNet):
    """Statistics with .NET's dictionaries: the summary by name, the performance of the whole run so far."""

    total_performance: AlgorithmPerformance
    summary: Dictionary

    def __init__(self, results: StatisticsResults) -> None:
        self._results = results
        self.total_performance = results.total_performance
        self.summary = Dictionary(results.summary)

    @cached_property
    def rolling_performances(self) -> Dictionary:
        """Statistics by window, as "M3_20131231"."""
        return Dictionary(self._results.rolling_performances)


class StatisticsService:
    """Makes the statistics of a run out of its samples and record.

    Args:
        samples: of the run.
        record: of the run.
        portfolio: of the run.
        capacity: estimate of the run.
        currency_symbol: of the account.
    """

    def __init__(
        self,
        samples: Samples,
        record: RunRecord,
        portfolio: MeasuredPortfolio,
        capacity: CapacityEstimate,
        currency_symbol: str = "$",
    ) -> None:
        self._samples, self._record, self._portfolio, self._capacity = samples, record, portfolio, capacity
        self._currency_symbol = currency_symbol
        self._custom: dict[str, str] = {}

    def set_summary_statistic(self, name: str, value: str) -> None:
        """Add a statistic of the algorithm's own to the summary."""
        self._custom[name] = value

    def statistics_results(self) -> AlgorithmStatistics:
        """Statistics so far, as algorithms read them.

        Raises:
            ValueError: a figure is not a finite number, e.g. growth too large for a decimal.
        """
        return AlgorithmStatistics(self._results())

    def _results(self) -> StatisticsResults:
        record, samples = self._record, self._samples
        trades = record.closed_trades()
        performance = samples.points(charts.STRATEGY_EQUITY, charts.RETURN)
        benchmark = samples.points(charts.BENCHMARK, charts.BENCHMARK)
        equity = samples.points(charts.STRATEGY_EQUITY, charts.EQUITY)
        if equity and performance and benchmark:
            results = generate(
                StatisticsInput(
                    trades=trades,
                    profit_loss=record.transactions(),
                    winning_times=record.winning_times(),
                    losing_times=record.losing_times(),
                    equity=equity,
                    performance=performance,
                    benchmark=benchmark,
                    turnover=samples.points(charts.PORTFOLIO_TURNOVER, charts.PORTFOLIO_TURNOVER),
                    starting_capital=samples.starting_value,
                    total_fees=self._portfolio.exact_total_fees,
                    total_orders=record.total_orders(),
                    risk_free_rate_model=record.risk_free_rate_model(),
                    trading_days_per_year=record.trading_days_per_year(),
                    capacity=self._capacity.capacity,
                    lowest_capacity_asset=self._capacity.lowest_capacity_asset,
                    currency_symbol=self._currency_symbol,
                )
            )
        else:
            results = StatisticsResults(AlgorithmPerformance(trades))
        results.add_custom_summary_statistics(self._custom)
        return results

    def final_results(self, orders: Iterable[Any]) -> StatisticsResults:
        """Statistics of a finished run; the summary ends with the hash of its orders.

        Args:
            orders: all that were sent.

        Raises:
            ValueError: a figure is not a finite number.
        """
        results = self._results()
        results.summary[ORDER_LIST_HASH] = order_list_hash(orders)
        return results

    def runtime_statistics(self, custom: Mapping[str, str], summary: Mapping[str, str]) -> dict[str, str]:
        """The banner's figures now.

        Args:
            custom: what the algorithm set with `set_runtime_statistic`.
            summary: of the statistics so far.
        """
        portfolio = self._portfolio
        return runtime_statistics_of(
            custom,
            summary,
            currency_symbol=self._currency_symbol,
            equity=portfolio.exact_total_portfolio_value,
            start_equity=self._samples.starting_value,
            unrealized=portfolio.exact_total_unrealized_profit,
            fees=portfolio.exact_total_fees,
            net_profit=portfolio.exact_total_net_profit,
            holdings=portfolio.exact_total_holdings_value,
            volume=portfolio.exact_total_sale_volume,
        )
