"""Years of an equity curve, figured out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from trading.bars import Bars, always_open_bars
from trading.simulation import RESULT_DTYPE, TRADE_DTYPE, ExitReason, Simulation
from utils.sweep.detail import yearly

DAY = 86_400_000_000_000


def daily_bars(first: str, days: int) -> Bars:
    time = (np.datetime64(first, "D").astype(int) + np.arange(days)) * DAY
    price = np.full(days, 10.0)
    return always_open_bars(time, price, price, price, price, price, DAY)


def simulation(equity: list[float], exits: dict[int, ExitReason]) -> Simulation:
    trades = np.zeros(len(exits), TRADE_DTYPE)
    trades["exit_bar"], trades["reason"] = list(exits), list(exits.values())
    return Simulation(trades, np.array(equity), np.zeros(1, RESULT_DTYPE)[0])


def test_years_begin_with_the_equity_that_the_last_one_left() -> None:
    bars = daily_bars("2023-12-30", 5)
    run = simulation([100, 90, 99, 108, 54], {1: ExitReason.STOP, 2: ExitReason.EVENT, 4: ExitReason.OPEN})
    first, second = yearly(bars, run, 100.0, 365)
    assert (first.year, first.profit, first.trades) == (2023, -10, 1)
    assert (second.year, second.profit, second.trades) == (2024, -36, 1)
    assert first.growth == pytest.approx(-0.1)
    assert second.growth == pytest.approx(-0.4)
    assert first.max_drawdown == pytest.approx(0.1)
    assert second.max_drawdown == pytest.approx(0.5)
    returns = np.array([99 / 90, 108 / 99, 54 / 108]) - 1
    assert second.sharpe == pytest.approx(returns.mean() / returns.std(ddof=1) * 365**0.5)
    assert first.sharpe == pytest.approx(np.array([0, -0.1]).mean() / np.std([0, -0.1], ddof=1) * 365**0.5)


def test_figures_that_a_year_does_not_have() -> None:
    bars = daily_bars("2023-12-31", 3)
    alone, flat = yearly(bars, simulation([100, 100, 100], {}), 100.0, 252)
    assert (alone.sharpe, alone.max_drawdown) == (None, 0.0)
    assert flat.sharpe is None
    bust, after = yearly(bars, simulation([-1, -1, -1], {0: ExitReason.BUST}), 100.0, 252)
    assert (bust.growth, bust.max_drawdown, bust.sharpe, bust.trades) == (-1.01, None, None, 1)
    assert (after.profit, after.growth, after.max_drawdown) == (0, None, None)


def test_intraday_bars_count_days_once() -> None:
    time = np.datetime64("2024-01-01", "D").astype(int) * DAY + np.arange(6) * (DAY // 2)
    price = np.full(6, 10.0)
    bars = always_open_bars(time, price, price, price, price, price, DAY // 2)
    (year,) = yearly(bars, simulation([50, 110, 70, 99, 10, 120], {}), 100.0, 365)
    returns = np.array([110 / 100, 99 / 110, 120 / 99]) - 1
    assert year.sharpe == pytest.approx(returns.mean() / returns.std(ddof=1) * 365**0.5)
    assert year.max_drawdown == pytest.approx(100 / 110)
