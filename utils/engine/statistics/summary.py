"""The summary of a backtest's statistics, as LEAN prints it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from utils.engine.dotnet.money import MAXIMUM, MONEY, ZERO, round_half_even, text
from utils.engine.dotnet.rounding import round_to_significant_digits
from utils.engine.results.json_text import float_text
from utils.engine.statistics.performance_metrics import PerformanceMetrics as Metric
from utils.engine.statistics.portfolio_statistics import PortfolioStatistics

ORDER_LIST_HASH: Final = "OrderListHash"


def summary_of(
    portfolio: PortfolioStatistics,
    *,
    total_orders: int,
    total_fees: Decimal,
    capacity: Decimal,
    lowest_capacity_asset: Any | None,
    currency_symbol: str,
) -> dict[str, str]:
    """LEAN's summary, its keys in LEAN's order.

    Args:
        portfolio: measures over the whole backtest.
        total_orders: orders sent, filled or not.
        total_fees: in the account's currency.
        capacity: estimated capacity of the strategy in the account's currency.
        lowest_capacity_asset: symbol of the security that limits it, None when nothing was traded.
        currency_symbol: of the account's currency, "$".
    """
    p = portfolio
    digits = round_to_significant_digits(capacity, 2)
    return {
        Metric.TOTAL_ORDERS: str(total_orders),
        Metric.AVERAGE_WIN: percent(p.exact_average_win_rate, 2),
        Metric.AVERAGE_LOSS: percent(p.exact_average_loss_rate, 2),
        Metric.COMPOUNDING_ANNUAL_RETURN: percent(p.exact_compounding_annual_return, 3),
        Metric.DRAWDOWN: percent(p.exact_drawdown, 3),
        Metric.EXPECTANCY: number(p.exact_expectancy, 3),
        Metric.START_EQUITY: number(p.exact_start_equity, 2),
        Metric.END_EQUITY: number(p.exact_end_equity, 2),
        Metric.NET_PROFIT: percent(p.exact_total_net_profit, 3),
        Metric.SHARPE_RATIO: ratio(p.exact_sharpe_ratio),
        Metric.SORTINO_RATIO: ratio(p.exact_sortino_ratio),
        Metric.PROBABILISTIC_SHARPE_RATIO: percent(p.exact_probabilistic_sharpe_ratio, 3),
        Metric.LOSS_RATE: percent(p.exact_loss_rate, 0),
        Metric.WIN_RATE: percent(p.exact_win_rate, 0),
        Metric.PROFIT_LOSS_RATIO: number(p.exact_profit_loss_ratio, 2),
        Metric.ALPHA: ratio(p.exact_alpha),
        Metric.BETA: ratio(p.exact_beta),
        Metric.ANNUAL_STANDARD_DEVIATION: ratio(p.exact_annual_standard_deviation),
        Metric.ANNUAL_VARIANCE: ratio(p.exact_annual_variance),
        Metric.INFORMATION_RATIO: ratio(p.exact_information_ratio),
        Metric.TRACKING_ERROR: ratio(p.exact_tracking_error),
        Metric.TREYNOR_RATIO: ratio(p.exact_treynor_ratio),
        Metric.TOTAL_FEES: currency_symbol + fixed(total_fees, 2),
        Metric.ESTIMATED_STRATEGY_CAPACITY: currency_symbol + text(digits),
        Metric.LOWEST_CAPACITY_ASSET: "" if lowest_capacity_asset is None else str(lowest_capacity_asset.id),
        Metric.PORTFOLIO_TURNOVER: percent(p.exact_portfolio_turnover, 2),
        Metric.DRAWDOWN_RECOVERY: str(p.drawdown_recovery),
    }


def runtime_statistics_of(
    custom: Mapping[str, str],
    summary: Mapping[str, str],
    *,
    currency_symbol: str,
    equity: Decimal,
    start_equity: Decimal,
    unrealized: Decimal,
    fees: Decimal,
    net_profit: Decimal,
    holdings: Decimal,
    volume: Decimal,
) -> dict[str, str]:
    """What LEAN shows while a backtest runs, by name; amounts in the account's currency.

    Args:
        custom: what the algorithm set with `set_runtime_statistic`.
        summary: of the statistics so far.
        currency_symbol: of the account's currency.
        equity: of the portfolio now.
        start_equity: at the start.
        unrealized: profit of open positions.
        fees: paid so far.
        net_profit: of closed positions after fees.
        holdings: value of open positions.
        volume: sum of all sales.
    """
    gain = (equity - start_equity) / start_equity if start_equity > 0 else ZERO
    built_in = {
        Metric.PROBABILISTIC_SHARPE_RATIO: summary.get(Metric.PROBABILISTIC_SHARPE_RATIO, "0%"),
        "Unrealized": currency_symbol + grouped(unrealized),
        "Fees": f"-{currency_symbol}{grouped(fees)}",
        "Net Profit": currency_symbol + grouped(net_profit),
        "Return": f"{grouped(gain * 100)} %",
        "Equity": currency_symbol + grouped(equity),
        "Holdings": currency_symbol + grouped(holdings),
        "Volume": currency_symbol + grouped(volume),
    }
    return dict(sorted({**custom, **built_in}.items(), key=lambda item: item[0].casefold()))


def number(value: Decimal, places: int) -> str:
    """A decimal rounded half to even; its own scale when that is smaller."""
    rounded = round_half_even(value, places)
    return text(rounded if rounded else abs(rounded))  # .NET's decimal has no "-0"


def percent(fraction: Decimal, places: int) -> str:
    """A fraction in percent."""
    return number(MAXIMUM if fraction >= MAXIMUM / 100 else fraction * 100, places) + "%"


def ratio(value: Decimal) -> str:
    """A ratio rounded as a float to three places, which .NET may print as "-0"."""
    amount = float(value)
    rounded = round(amount * 1000) / 1000 if math.isfinite(amount * 1000) else amount
    return float_text(math.copysign(rounded, amount)).removesuffix(".0")


def fixed(value: Decimal, places: int) -> str:
    """.NET's format "0.00": halves away from zero, trailing zeros kept."""
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=MONEY)
    return f"{rounded if rounded else abs(rounded):f}"


def grouped(value: Decimal) -> str:
    """.NET's format "N2": thousands separated, two places, halves away from zero."""
    return f"{Decimal(fixed(value, 2)):,f}"
