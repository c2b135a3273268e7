"""Plain-Python reference of the metrics: two passes, exact sums, definitions as written."""

from __future__ import annotations

import math
from dataclasses import dataclass

from trading.simulation.records import BLOCKS, ExitReason, Status


@dataclass(frozen=True)
class Metrics:
    """The fields of RESULT_DTYPE without `trades_hash`; NaN means undefined."""

    status: Status
    pnl: float
    total_trades: int
    win_rate: float
    profit_factor: float
    max_drawdown: float
    sharpe: float
    sortino: float
    exposure: float
    fees: float
    open_pnl: float
    blocks: list[float]


def daily_returns(
    equity: list[float], days: list[int], initial_equity: float, bust_bar: int | None
) -> list[float]:
    """Return of each day, from the equity at its last bar; 0 on every day after the bust bar's day."""
    returns = []
    previous = initial_equity
    ruined = False
    for bar, value in enumerate(equity):
        if bar + 1 < len(equity) and days[bar + 1] == days[bar]:
            continue
        returns.append(0.0 if ruined else value / previous - 1)
        previous = value
        ruined = bust_bar is not None and bar >= bust_bar
    return returns


def measure(
    *,
    status: Status,
    initial_equity: float,
    equity: list[float],
    trades: list[tuple[float, float, ExitReason]],
    max_drawdown: float,
    exposed_bars: int,
    returns: list[float],
    days_per_year: int,
) -> Metrics:
    """All metrics. `trades` holds (pnl, fees, reason) of each."""
    closed = [pnl for pnl, _, reason in trades if reason is not ExitReason.OPEN]
    gains = math.fsum(pnl for pnl in closed if pnl > 0)
    losses = -math.fsum(pnl for pnl in closed if pnl < 0)
    wins = sum(1 for pnl in closed if pnl > 0)
    lost_any = any(pnl < 0 for pnl in closed)
    return Metrics(
        status=status,
        pnl=equity[-1] - initial_equity,
        total_trades=len(closed),
        win_rate=wins / len(closed) if closed else math.nan,
        profit_factor=gains / losses if lost_any else math.nan,
        max_drawdown=max_drawdown,
        sharpe=sharpe(returns, days_per_year),
        sortino=sortino(returns, days_per_year),
        exposure=exposed_bars / len(equity),
        fees=math.fsum(fees for _, fees, _ in trades),
        open_pnl=math.fsum(pnl for pnl, _, reason in trades if reason is ExitReason.OPEN),
        blocks=block_sums(returns),
    )


def sharpe(returns: list[float], days_per_year: int) -> float:
    """Mean over sample deviation, annualized; NaN with under two days or no variation at all."""
    n = len(returns)
    if n < 2 or all(value == returns[0] for value in returns):
        return math.nan
    mean = math.fsum(returns) / n
    variance = math.fsum((value - mean) ** 2 for value in returns) / (n - 1)
    return mean / math.sqrt(variance) * math.sqrt(days_per_year)


def sortino(returns: list[float], days_per_year: int) -> float:
    """Mean over the root mean square of the negative returns, over all days; NaN without a negative one."""
    if not any(value < 0 for value in returns):
        return math.nan
    n = len(returns)
    downside = math.sqrt(math.fsum(value**2 for value in returns if value < 0) / n)
    return math.fsum(returns) / n / downside * math.sqrt(days_per_year)


def block_sums(returns: list[float]) -> list[float]:
    """Sum of r for each of the 16 blocks of days, sum of r^2 for each, then total r^3 and r^4."""
    n = len(returns)
    blocks: list[list[float]] = [[] for _ in range(BLOCKS)]
    for day, value in enumerate(returns):
        blocks[day * BLOCKS // n].append(value)
    return [
        *(math.fsum(block) for block in blocks),
        *(math.fsum(value**2 for value in block) for block in blocks),
        math.fsum(value**3 for value in returns),
        math.fsum(value**4 for value in returns),
    ]
