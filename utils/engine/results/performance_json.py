"""Statistics as LEAN's JSON: amounts are texts rounded to four places."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from utils.engine.dotnet.money import round_half_even, text
from utils.engine.results.symbol_json import symbol_fields
from utils.engine.statistics.builder import AlgorithmPerformance
from utils.engine.statistics.portfolio_statistics import PortfolioStatistics
from utils.engine.statistics.trade import Trade
from utils.engine.statistics.trade_statistics import TICKS_PER_SECOND, TradeStatistics

_PLACES: Final = 4

# Fields in LEAN's order.
# ruff: noqa: SIM905
_TRADE_STATISTICS: Final = """
    start_date_time end_date_time total_number_of_trades number_of_winning_trades number_of_losing_trades
    total_profit_loss total_profit total_loss largest_profit largest_loss average_profit_loss average_profit
    average_loss average_trade_duration average_winning_trade_duration average_losing_trade_duration
    median_trade_duration median_winning_trade_duration median_losing_trade_duration
    max_consecutive_winning_trades max_consecutive_losing_trades profit_loss_ratio win_loss_ratio win_rate
    loss_rate average_mae average_mfe largest_mae largest_mfe maximum_closed_trade_drawdown
    maximum_intra_trade_drawdown profit_loss_standard_deviation profit_loss_downside_deviation profit_factor
    sharpe_ratio sortino_ratio profit_to_max_drawdown_ratio maximum_end_trade_drawdown
    average_end_trade_drawdown maximum_drawdown_duration total_fees
""".split()
_PORTFOLIO_STATISTICS: Final = """
    average_win_rate average_loss_rate profit_loss_ratio win_rate loss_rate expectancy start_equity end_equity
    compounding_annual_return drawdown total_net_profit sharpe_ratio probabilistic_sharpe_ratio sortino_ratio
    alpha beta annual_standard_deviation annual_variance information_ratio tracking_error treynor_ratio
    portfolio_turnover value_at_risk_99 value_at_risk_95 drawdown_recovery
""".split()


def performance_fields(performance: AlgorithmPerformance, *, trades: bool = True) -> dict[str, object]:
    """Statistics of a span; without its closed trades when `trades` is false."""
    closed = [trade_fields(trade) for trade in performance.closed_trades] if trades else []
    return {
        "tradeStatistics": trade_statistics_fields(performance.trade_statistics),
        "portfolioStatistics": portfolio_statistics_fields(performance.portfolio_statistics),
        "closedTrades": closed,
    }


def trade_statistics_fields(statistics: TradeStatistics) -> dict[str, object]:
    """Statistics of trades."""
    return {camel_case(name): _trade_statistic(statistics, name) for name in _TRADE_STATISTICS}


def portfolio_statistics_fields(statistics: PortfolioStatistics) -> dict[str, object]:
    """Statistics of a portfolio."""
    fields: dict[str, object] = {}
    for name in _PORTFOLIO_STATISTICS:
        value = getattr(statistics, f"exact_{name}", None)
        fields[camel_case(name)] = _rounded(value) if value is not None else str(getattr(statistics, name))
    return fields


def trade_fields(trade: Trade) -> dict[str, object]:
    """A closed trade."""
    return {
        "id": trade.id,
        "symbols": [symbol_fields(symbol) for symbol in trade.symbols],
        "entryTime": trade.entry_time,
        "entryPrice": trade.exact_entry_price,
        "direction": trade.direction,
        "quantity": trade.exact_quantity,
        "exitTime": trade.exit_time,
        "exitPrice": trade.exact_exit_price,
        "profitLoss": trade.exact_profit_loss,
        "totalFees": trade.exact_total_fees,
        "mae": trade.exact_mae,
        "mfe": trade.exact_mfe,
        "duration": trade.duration,
        "endTradeDrawdown": trade.exact_end_trade_drawdown,
        "isWin": trade.is_win,
        "orderIds": list(trade.order_ids),
    }


def camel_case(name: str) -> str:
    """`average_mae` -> `averageMAE`, the two abbreviations of LEAN's trade statistics included."""
    first, *rest = name.split("_")
    return first + "".join(part.upper() if part in ("mae", "mfe") else part.capitalize() for part in rest)


def _trade_statistic(statistics: TradeStatistics, name: str) -> object:
    if name.endswith("_duration"):
        return _ticks_text(getattr(statistics, f"{name.removesuffix('_duration')}_ticks"))
    amount: Any = getattr(statistics, f"exact_{name}", None)
    if amount is not None:
        return _rounded(amount)
    value: int | datetime | None = getattr(statistics, name)
    return value


def _rounded(value: Decimal) -> str:
    rounded = round_half_even(value, _PLACES)
    return text(rounded if rounded else abs(rounded))


def _ticks_text(ticks: int) -> str:
    """.NET's constant format of a span, to its ticks of 100 ns."""
    seconds, fraction = divmod(ticks, TICKS_PER_SECOND)
    days, seconds = divmod(seconds, 86_400)
    clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return (f"{days}." if days else "") + clock + (f".{fraction:07d}" if fraction else "")
