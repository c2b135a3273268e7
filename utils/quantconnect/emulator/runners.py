"""What carries out a backtest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from utils.quantconnect.emulator.compilations import Snapshot

NO_ENGINE = (
    "the emulator compiled the project and did not run it; start it with --engine embedded to run it, "
    "or with --engine sample for made-up figures"
)
SAMPLE_NOTE = "emulated, no market data was read: every figure is made up"


@dataclass(frozen=True)
class BacktestJob:
    """A backtest to run.

    Attributes:
        parameters: the project's own, overridden by those the backtest was created with.
    """

    backtest_id: str
    project_id: int
    name: str
    snapshot: Snapshot
    parameters: dict[str, str]


@dataclass(frozen=True)
class BacktestOutcome:
    """What came of a backtest, in the API's shapes; `error` is set when it failed."""

    statistics: dict[str, str] = field(default_factory=dict)
    runtime_statistics: dict[str, str] = field(default_factory=dict)
    total_performance: dict[str, Any] = field(default_factory=dict)
    charts: dict[str, dict[str, Any]] = field(default_factory=dict)
    orders: list[dict[str, Any]] = field(default_factory=list)
    insights: list[dict[str, Any]] = field(default_factory=list)
    logs: list[str] = field(default_factory=list)
    note: str = ""
    error: str | None = None
    stacktrace: str = ""


class BacktestRunner(Protocol):
    """Carries out backtests, several at once from different threads."""

    def run(self, job: BacktestJob, progress: Callable[[float], None]) -> BacktestOutcome:
        """Run to the end. Calls `progress` with 0 to 1; that call raises when the backtest was deleted."""


class UnavailableRunner:
    """Ends every backtest with an error that says that nothing was run."""

    def run(self, job: BacktestJob, progress: Callable[[float], None]) -> BacktestOutcome:  # noqa: ARG002
        """The error."""
        return BacktestOutcome(error=NO_ENGINE)


class SampleRunner:
    """Ends every backtest with the same made-up figures, so that clients have something to show."""

    def run(self, job: BacktestJob, progress: Callable[[float], None]) -> BacktestOutcome:  # noqa: ARG002
        """The figures."""
        progress(0.5)
        return BacktestOutcome(
            statistics=dict(_STATISTICS),
            runtime_statistics=dict(_RUNTIME_STATISTICS),
            total_performance={
                "tradeStatistics": {"totalNumberOfTrades": 0},
                "portfolioStatistics": {"startEquity": 100_000.0, "endEquity": 110_000.0, "sharpeRatio": 1.0},
                "closedTrades": [],
            },
            charts={"Strategy Equity": _EQUITY},
            note=SAMPLE_NOTE,
        )


_STATISTICS = {
    "Total Orders": "0",
    "Start Equity": "100000",
    "End Equity": "110000",
    "Net Profit": "10.000%",
    "Compounding Annual Return": "10.000%",
    "Drawdown": "5.000%",
    "Sharpe Ratio": "1",
    "Sortino Ratio": "1",
    "Probabilistic Sharpe Ratio": "50.000%",
    "Alpha": "0",
    "Beta": "0",
    "Win Rate": "0%",
    "Loss Rate": "0%",
    "Total Fees": "$0.00",
    "Portfolio Turnover": "0%",
}
_RUNTIME_STATISTICS = {
    "Equity": "$110,000.00",
    "Fees": "$0.00",
    "Holdings": "$0.00",
    "Net Profit": "$10,000.00",
    "Probabilistic Sharpe Ratio": "50.000%",
    "Return": "10.00 %",
    "Unrealized": "$0.00",
    "Volume": "$0.00",
}
_EQUITY = {
    "name": "Strategy Equity",
    "chartType": 0,
    "series": {
        "Equity": {
            "name": "Equity",
            "unit": "$",
            "index": 0,
            "seriesType": 0,
            "values": [[1_704_067_200, 100_000.0], [1_735_603_200, 110_000.0]],
        }
    },
}
