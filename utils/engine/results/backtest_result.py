"""A backtest's result in LEAN's JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from utils.engine.results.chart import CandlestickSeries, Chart
from utils.engine.results.chart_point import Candlestick
from utils.engine.results.json_text import OnOneLine, indented_json, time_text
from utils.engine.results.order_json import order_fields
from utils.engine.results.performance_json import (
    performance_fields,
    portfolio_statistics_fields,
    trade_statistics_fields,
)
from utils.engine.results.sample_charts import EQUITY, PORTFOLIO_MARGIN, STRATEGY_EQUITY
from utils.engine.statistics.builder import StatisticsResults

# In the summary the equity has about this many points, at most a week apart.
_SUMMARY_POINTS: Final = 100
_LONGEST_STEP: Final = 7


@dataclass(frozen=True)
class AlgorithmConfiguration:
    """How an algorithm was set up; dates in its time zone.

    Attributes:
        name: shown in results.
        start_date: first moment of the backtest.
        end_date: last moment.
        account_currency: "USD".
        brokerage: number of LEAN's BrokerageName.
        account_type: number of LEAN's AccountType.
        parameters: given to the algorithm.
        tags: of the algorithm.
        trading_days_per_year: of its settings.
    """

    name: str
    start_date: datetime
    end_date: datetime
    account_currency: str = "USD"
    brokerage: int = 0
    account_type: int = 0
    parameters: Mapping[str, str] = field(default_factory=dict)
    tags: Sequence[str] = ()
    trading_days_per_year: int = 252

    def fields(self) -> dict[str, object]:
        """As LEAN writes it."""
        return {
            "name": self.name,
            "tags": list(self.tags),
            "accountCurrency": self.account_currency,
            "brokerage": self.brokerage,
            "accountType": self.account_type,
            "parameters": dict(self.parameters),
            "outOfSampleMaxEndDate": None,
            "outOfSampleDays": 0,
            "startDate": time_text(self.start_date.replace(microsecond=0)),
            "endDate": time_text(self.end_date.replace(microsecond=0)),
            "tradingDaysPerYear": self.trading_days_per_year,
        }


@dataclass(frozen=True)
class BacktestResult:
    """All that LEAN's result holds.

    Attributes:
        statistics: of the finished run.
        runtime_statistics: the banner's figures.
        charts: by name.
        orders: all that were sent.
        profit_loss: profit of each closed transaction by UTC time.
        state: see `run_state`.
        configuration: of the algorithm.
        server_statistics: about the machine.
    """

    statistics: StatisticsResults
    runtime_statistics: Mapping[str, str]
    charts: Mapping[str, Chart]
    orders: Iterable[Any]
    profit_loss: Mapping[datetime, Decimal]
    state: Mapping[str, str]
    configuration: AlgorithmConfiguration
    server_statistics: Mapping[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """The result file."""
        rolling = self.statistics.rolling_performances
        return indented_json(
            {
                "rollingWindow": {
                    key: performance_fields(value, trades=False) for key, value in rolling.items()
                },
                "charts": {name: _chart_fields(chart) for name, chart in self.charts.items()},
                "orders": {str(order.id): order_fields(order) for order in self.orders},
                "profitLoss": {time_text(time): value for time, value in sorted(self.profit_loss.items())},
                "statistics": self.statistics.summary,
                "runtimeStatistics": self.runtime_statistics,
                "state": self.state,
                "serverStatistics": self.server_statistics,
                "algorithmConfiguration": self.configuration.fields(),
                "totalPerformance": performance_fields(self.statistics.total_performance),
            }
        )

    def summary_text(self) -> str:
        """The summary file: no orders, and only the equity of the charts, thinned for display."""
        charts: dict[str, object] = {}
        equity = self.charts.get(STRATEGY_EQUITY)
        if equity is not None and EQUITY in equity.series:
            chart = equity.clone_empty()
            chart.add_series(_thinned(equity.series[EQUITY]))
            charts[STRATEGY_EQUITY] = _chart_fields(chart)
        total = self.statistics.total_performance
        return indented_json(
            {
                "rollingWindow": {},
                "charts": charts,
                "statistics": self.statistics.summary,
                "runtimeStatistics": self.runtime_statistics,
                "state": self.state,
                "serverStatistics": self.server_statistics,
                "algorithmConfiguration": self.configuration.fields(),
                "totalPerformance": {
                    "tradeStatistics": trade_statistics_fields(total.trade_statistics),
                    "portfolioStatistics": portfolio_statistics_fields(total.portfolio_statistics),
                    "closedTrades": [],
                },
            }
        )


def run_state(
    *,
    started: datetime,
    ended: datetime,
    name: str,
    hostname: str,
    orders: int,
    logs: int,
    status: str = "Completed",
    error: str = "",
    stack_trace: str = "",
) -> dict[str, str]:
    """What LEAN's result tells of a run; times in UTC, `status` LEAN's AlgorithmStatus ("RuntimeError")."""
    return {
        "StartTime": time_text(started.replace(microsecond=0)),
        "EndTime": time_text(ended.replace(microsecond=0)),
        "RuntimeError": error,
        "StackTrace": stack_trace,
        "LogCount": str(logs),
        "OrderCount": str(orders),
        "InsightCount": "0",
        "Name": name,
        "Hostname": hostname,
        "Status": status,
    }


def _chart_fields(chart: Chart) -> dict[str, object]:
    fields = chart.fields()
    series: Any = fields["series"]
    if chart.name == PORTFOLIO_MARGIN:  # an area of one point cannot be drawn
        series = {name: one for name, one in series.items() if _points_with_value(one) > 1}
    return {**fields, "series": {name: OnOneLine(one) for name, one in series.items()}}


def _points_with_value(series: Any) -> int:
    return sum(point[1] is not None for point in series["values"])


def _thinned(series: CandlestickSeries) -> CandlestickSeries:
    days = min(_LONGEST_STEP, len(series.values) // _SUMMARY_POINTS)
    if days <= 1:
        return series
    thin: CandlestickSeries = series.clone(empty=True)
    group: list[Candlestick] = []
    for point in series.values:
        if isinstance(point, Candlestick):
            if group and point.time >= group[0].time + timedelta(days=days):
                thin.add_point(_merged(group))
                group = []
            group.append(point)
    if group:
        thin.add_point(_merged(group))
    return thin


def _merged(group: Sequence[Candlestick]) -> Candlestick:
    highs = [point.exact_high for point in group if point.exact_high is not None]
    lows = [point.exact_low for point in group if point.exact_low is not None]
    values = (group[0].exact_open, max(highs, default=None), min(lows, default=None), group[-1].exact_close)
    return Candlestick(group[-1].time, *(None if value is None else Decimal(int(value)) for value in values))
