"""One self-contained HTML file about a backtest: equity, drawdown, trades, statistics."""

from utils.backtest.report.page import write_report

__all__ = ["write_report"]
