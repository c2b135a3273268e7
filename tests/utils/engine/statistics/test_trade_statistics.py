"""Statistics of trades; the figures are LEAN's for the same trades."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from utils.engine.dotnet.money import use_money_context
from utils.engine.statistics.trade import Trade, TradeDirection
from utils.engine.statistics.trade_statistics import TradeStatistics

START = datetime(2015, 8, 6, 15, 30)


@pytest.fixture(autouse=True)
def _money() -> None:
    use_money_context()


def trade(
    enter: int, leave: int, profit: int, mae: int, mfe: int, drawdown: int, *, win: bool = False
) -> Trade:
    made = Trade(
        "EURUSD",
        START + timedelta(minutes=enter),
        Decimal("1.07"),
        TradeDirection.LONG,
        Decimal(1),
        Decimal(2),
        [1],
    )
    made.exit_time = START + timedelta(minutes=leave)
    made.profit_loss, made.mae, made.mfe, made.end_trade_drawdown = profit, mae, mfe, drawdown
    made.is_win = win or profit > 0
    return made


def test_no_trades_give_zeros() -> None:
    statistics = TradeStatistics()
    assert statistics.start_date_time is None
    assert (statistics.total_number_of_trades, statistics.win_rate, statistics.profit_factor) == (0, 0, 0)
    assert statistics.average_trade_duration == timedelta(0)


def test_three_winners() -> None:
    s = TradeStatistics(
        [trade(0, 20, 20, -5, 30, 10), trade(10, 40, 20, -30, 40, 20), trade(30, 40, 10, -15, 30, 20)]
    )
    assert (s.start_date_time, s.end_date_time) == (START, START + timedelta(minutes=40))
    assert (s.total_profit_loss, s.largest_profit, s.largest_loss, s.total_fees) == (50, 20, 0, 6)
    assert (s.average_mae, s.average_mfe) == (pytest.approx(-16.6666667), pytest.approx(33.3333333))
    assert (s.largest_mae, s.largest_mfe, s.maximum_intra_trade_drawdown) == (-30, 40, -70)
    assert s.exact_profit_loss_standard_deviation == Decimal("5.77350269189626")
    assert (s.profit_factor, s.win_loss_ratio, s.profit_to_max_drawdown_ratio) == (10, 10, 10)
    assert s.sharpe_ratio == pytest.approx(2.8867513459481)
    assert s.average_trade_duration == s.median_trade_duration == timedelta(minutes=20)
    assert (s.max_consecutive_winning_trades, s.max_consecutive_losing_trades) == (3, 0)
    assert (s.maximum_end_trade_drawdown, s.average_end_trade_drawdown) == (20, pytest.approx(-16.6666667))


def test_three_losers() -> None:
    losers = [trade(0, 20, -20, -30, 5, 25), trade(10, 40, -20, -40, 30, 50), trade(30, 40, -10, -30, 15, 25)]
    s = TradeStatistics(losers)
    assert (s.total_loss, s.largest_loss, s.average_loss) == (-50, -20, pytest.approx(-16.6666667))
    assert (s.maximum_closed_trade_drawdown, s.maximum_intra_trade_drawdown) == (-50, -80)
    assert s.exact_profit_loss_downside_deviation == Decimal("5.77350269189626")
    assert s.sharpe_ratio == s.sortino_ratio == pytest.approx(-2.8867513459481)
    assert (s.profit_factor, s.profit_to_max_drawdown_ratio, s.loss_rate) == (0, -1, 1)


def test_a_losing_trade_may_win() -> None:
    s = TradeStatistics([trade(0, 20, -20, -30, 5, 25, win=True), trade(30, 40, 10, -1, 15, 5)])
    assert (s.number_of_winning_trades, s.number_of_losing_trades) == (2, 0)
    assert (s.max_consecutive_winning_trades, s.total_loss) == (2, -20)


def test_drawdown_lasts_from_the_last_peak_to_the_next() -> None:
    s = TradeStatistics(
        [
            trade(0, 10, 10, 0, 10, 0),
            trade(10, 20, -5, -5, 0, 5),
            trade(20, 30, 2, 0, 2, 0),
            trade(30, 50, 9, 0, 9, 0),
        ]
    )
    assert s.maximum_drawdown_duration == timedelta(minutes=40)
    assert s.maximum_closed_trade_drawdown == -5
