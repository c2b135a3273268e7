"""Statistics of closed trades."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from utils.engine.dotnet.money import ZERO, exact
from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.surface import float_of
from utils.engine.statistics.trade import Trade

TICKS_PER_SECOND: Final = 10_000_000

# LEAN's figure for a ratio whose denominator is nothing lost.
_NOTHING_LOST: Final = Decimal(10)


def _span(name: str) -> Any:
    def read(self: object) -> timedelta:
        return timedelta(microseconds=getattr(self, name) // 10)

    return property(read)


class TradeStatistics(DotNet):
    """Counts, sums and averages over trades; money in the account's currency.

    Averages run with the trades, as LEAN's do, so that their last digits are the same. Durations are kept in
    ticks of 100 ns and shown as timedelta.
    """

    start_date_time: datetime | None
    end_date_time: datetime | None
    total_number_of_trades: int
    number_of_winning_trades: int
    number_of_losing_trades: int
    max_consecutive_winning_trades: int
    max_consecutive_losing_trades: int

    total_profit_loss = float_of("exact_total_profit_loss")
    total_profit = float_of("exact_total_profit")
    total_loss = float_of("exact_total_loss")
    largest_profit = float_of("exact_largest_profit")
    largest_loss = float_of("exact_largest_loss")
    average_profit_loss = float_of("exact_average_profit_loss")
    average_profit = float_of("exact_average_profit")
    average_loss = float_of("exact_average_loss")
    profit_loss_ratio = float_of("exact_profit_loss_ratio")
    win_loss_ratio = float_of("exact_win_loss_ratio")
    win_rate = float_of("exact_win_rate")
    loss_rate = float_of("exact_loss_rate")
    average_mae = AverageMAE = float_of("exact_average_mae")
    average_mfe = AverageMFE = float_of("exact_average_mfe")
    largest_mae = LargestMAE = float_of("exact_largest_mae")
    largest_mfe = LargestMFE = float_of("exact_largest_mfe")
    maximum_closed_trade_drawdown = float_of("exact_maximum_closed_trade_drawdown")
    maximum_intra_trade_drawdown = float_of("exact_maximum_intra_trade_drawdown")
    profit_loss_standard_deviation = float_of("exact_profit_loss_standard_deviation")
    profit_loss_downside_deviation = float_of("exact_profit_loss_downside_deviation")
    profit_factor = float_of("exact_profit_factor")
    sharpe_ratio = float_of("exact_sharpe_ratio")
    sortino_ratio = float_of("exact_sortino_ratio")
    profit_to_max_drawdown_ratio = float_of("exact_profit_to_max_drawdown_ratio")
    maximum_end_trade_drawdown = float_of("exact_maximum_end_trade_drawdown")
    average_end_trade_drawdown = float_of("exact_average_end_trade_drawdown")
    total_fees = float_of("exact_total_fees")

    average_trade_duration = _span("average_trade_ticks")
    average_winning_trade_duration = _span("average_winning_trade_ticks")
    average_losing_trade_duration = _span("average_losing_trade_ticks")
    median_trade_duration = _span("median_trade_ticks")
    median_winning_trade_duration = _span("median_winning_trade_ticks")
    median_losing_trade_duration = _span("median_losing_trade_ticks")
    maximum_drawdown_duration = _span("maximum_drawdown_ticks")

    def __init__(self, trades: Iterable[Trade] = ()) -> None:
        trades = list(trades)
        winners = [trade for trade in trades if trade.exact_profit_loss > 0]
        losers = [trade for trade in trades if trade.exact_profit_loss <= 0]
        self.start_date_time = min((trade.entry_time for trade in trades), default=None)
        self.end_date_time = max((trade.exit_time for trade in trades), default=None)
        self._count(trades, winners, losers)
        self._sum(trades, winners, losers)
        self._excursions(trades)
        self._drawdowns(trades)
        self._durations(trades, winners, losers)
        self._ratios()

    def _count(self, trades: list[Trade], winners: list[Trade], losers: list[Trade]) -> None:
        # An option exercised in the money wins although its premium is lost.
        rescued = sum(trade.is_win for trade in losers)
        self.total_number_of_trades = len(trades)
        self.number_of_winning_trades = len(winners) + rescued
        self.number_of_losing_trades = len(losers) - rescued
        self.max_consecutive_winning_trades, self.max_consecutive_losing_trades = _longest_runs(trades)

    def _sum(self, trades: list[Trade], winners: list[Trade], losers: list[Trade]) -> None:
        profits = [trade.exact_profit_loss for trade in winners]
        losses = [trade.exact_profit_loss for trade in losers]
        everything = [trade.exact_profit_loss for trade in trades]
        self.exact_total_profit_loss = sum(everything, ZERO)
        self.exact_total_profit, self.exact_total_loss = sum(profits, ZERO), sum(losses, ZERO)
        self.exact_largest_profit = max(profits, default=ZERO)
        self.exact_largest_loss = min((loss for loss in losses if loss < 0), default=ZERO)
        self.exact_average_profit, _ = _running(profits)
        self.exact_average_loss, self.exact_profit_loss_downside_deviation = _running(losses)
        self.exact_average_profit_loss, self.exact_profit_loss_standard_deviation = _running(everything)
        self.exact_total_fees = sum((trade.exact_total_fees for trade in trades), ZERO)

    def _excursions(self, trades: list[Trade]) -> None:
        self.exact_average_mae, _ = _running([trade.exact_mae for trade in trades])
        self.exact_average_mfe, _ = _running([trade.exact_mfe for trade in trades])
        self.exact_largest_mae = min([ZERO, *(trade.exact_mae for trade in trades)])
        self.exact_largest_mfe = max([ZERO, *(trade.exact_mfe for trade in trades)])
        self.exact_maximum_end_trade_drawdown = max([ZERO, *(t.exact_end_trade_drawdown for t in trades)])
        self.exact_average_end_trade_drawdown = self.exact_average_profit_loss - self.exact_average_mfe

    def _drawdowns(self, trades: list[Trade]) -> None:
        total = peak = peak_inside = closed = inside = ZERO
        longest = 0
        peak_time = trades[0].entry_time if trades else datetime.min
        falling = False
        for trade in trades:
            peak_inside = max(peak_inside, total + trade.exact_mfe)
            inside = min(inside, total + trade.exact_mae - peak_inside)
            total += trade.exact_profit_loss
            if trade.exact_profit_loss <= 0:
                closed = min(closed, total - peak)
                falling = True
            elif total > peak:
                peak = total
                if falling:
                    longest = max(longest, _ticks(trade.exit_time - peak_time))
                peak_time, falling = trade.exit_time, False
        self.exact_maximum_closed_trade_drawdown = closed
        self.exact_maximum_intra_trade_drawdown = inside
        self.maximum_drawdown_ticks = longest

    def _durations(self, trades: list[Trade], winners: list[Trade], losers: list[Trade]) -> None:
        every, won, lost = ([_ticks(t.duration) for t in group] for group in (trades, winners, losers))
        self.average_trade_ticks, self.median_trade_ticks = _average_ticks(every), _median(every)
        self.average_winning_trade_ticks, self.median_winning_trade_ticks = _average_ticks(won), _median(won)
        self.average_losing_trade_ticks, self.median_losing_trade_ticks = _average_ticks(lost), _median(lost)

    def _ratios(self) -> None:
        count, won, lost = (
            self.total_number_of_trades,
            self.number_of_winning_trades,
            self.number_of_losing_trades,
        )
        average, drawdown = self.exact_average_profit_loss, self.exact_maximum_closed_trade_drawdown
        self.exact_profit_loss_ratio = _per(self.exact_average_profit, abs(self.exact_average_loss))
        self.exact_win_loss_ratio = (Decimal(won) / lost if lost else _NOTHING_LOST) if count else ZERO
        self.exact_win_rate = Decimal(won) / count if count else ZERO
        self.exact_loss_rate = 1 - self.exact_win_rate if count else ZERO
        self.exact_profit_factor = _per_loss(self.exact_total_profit, self.exact_total_loss)
        self.exact_sharpe_ratio = _per(average, self.exact_profit_loss_standard_deviation)
        self.exact_sortino_ratio = _per(average, self.exact_profit_loss_downside_deviation)
        self.exact_profit_to_max_drawdown_ratio = _per_loss(self.exact_total_profit_loss, drawdown)


def _running(values: list[Decimal]) -> tuple[Decimal, Decimal]:
    """Mean and sample standard deviation, updated value by value."""
    average = spread = ZERO
    for count, value in enumerate(values, 1):
        before = average
        average += (value - average) / count
        spread += (value - before) * (value - average)
    variance = spread / (len(values) - 1) if len(values) > 1 else ZERO
    return average, exact(math.sqrt(float(variance)))


def _longest_runs(trades: list[Trade]) -> tuple[int, int]:
    longest, run = {True: 0, False: 0}, 0
    last: bool | None = None
    for trade in trades:
        won = trade.exact_profit_loss > 0 or trade.is_win
        run = run + 1 if won is last else 1
        last = won
        longest[won] = max(longest[won], run)
    return longest[True], longest[False]


def _average_ticks(ticks: list[int]) -> int:
    average = 0
    for count, value in enumerate(ticks, 1):
        step = (value / TICKS_PER_SECOND - average / TICKS_PER_SECOND) / count
        average += int(step * TICKS_PER_SECOND)
    return average


def _median(ticks: list[int]) -> int:
    """The upper one of two middle values."""
    return sorted(ticks)[len(ticks) // 2] if ticks else 0


def _ticks(span: timedelta) -> int:
    return span // timedelta(microseconds=1) * 10


def _per(amount: Decimal, base: Decimal) -> Decimal:
    return amount / base if base > 0 else ZERO


def _per_loss(amount: Decimal, loss: Decimal) -> Decimal:
    if not amount:
        return ZERO
    return amount / -loss if loss < 0 else _NOTHING_LOST
