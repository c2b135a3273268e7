"""The sweep's rows are those of a one-combination-at-a-time implementation in NumPy and pandas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from tests.reference.naive_money_line import Backtest, backtest, flips, passing, true_range, wilder
from trading.bars import Bars, always_open_bars
from trading.events import EVENT_DTYPE
from trading.simulation import Account, Capital, ExitReason, Fees, Instrument, SecurityType, simulate
from trading.strategies.registry import get_strategy
from utils.sweep.evaluation import Evaluator
from utils.sweep.grid import Grid

CAPITAL = Capital()
COIN = Instrument(
    security_type=SecurityType.CRYPTO,
    lot_size=1e-8,
    tick_size=0.01,
    fees=Fees(rate=0.0002),
    slippage=0.0001,
)
PARAMS: list[dict[str, float]] = [
    {"atr_period": 10, "multiplier": 3.0, "ma_slow": 50, "target_atr": 4.0, "stop_atr": 2.0},
    {"atr_period": 7, "multiplier": 1.0, "ma_slow": 100, "target_atr": 0.5, "stop_atr": 0.5},
    {"atr_period": 21, "multiplier": 2.0, "ma_slow": 60, "target_atr": 0.0, "stop_atr": 1.0},
    {"atr_period": 14, "multiplier": 1.5, "ma_slow": 200, "target_atr": 2.0, "stop_atr": 0.0},
    {"atr_period": 10, "multiplier": 2.5, "ma_slow": 30, "target_atr": 0.0, "stop_atr": 0.0},
]
LOOSE = {"ma_fast": 20, "ma_gap_min": -0.01, "adx_min": 5.0, "volume_min": 0.2}
TIGHT = {"ma_fast": 20, "ma_gap_min": 0.0005, "adx_min": 20.0, "volume_min": 1.0}
FIGURES = (
    "pnl",
    "win_rate",
    "profit_factor",
    "max_drawdown",
    "sharpe",
    "sortino",
    "exposure",
    "fees",
    "open_pnl",
)


def random_walk(n: int = 12_000, seed: int = 11) -> Bars:
    """Five-minute bars of whole cents around 30,000."""
    random = np.random.default_rng(seed)
    close = np.round(30_000 * np.exp(np.cumsum(random.normal(0, 0.001, n))), 2)
    opened = np.append(close[0], close[:-1])
    high = np.round(np.maximum(opened, close) * (1 + random.exponential(0.0004, n)), 2)
    low = np.round(np.minimum(opened, close) * (1 - random.exponential(0.0004, n)), 2)
    period = 300_000_000_000
    time = 1_700_000_000_000_000_000 + np.arange(n, dtype=np.int64) * period
    return always_open_bars(time, opened, high, low, close, random.exponential(5.0, n), period)


def real_bars(folder: Path) -> Bars:
    frame = pd.read_csv(folder / "bars" / "BTC-USD_5m.csv", parse_dates=["timestamp"])
    time = frame["timestamp"].to_numpy().astype("datetime64[ns]").astype(np.int64)
    opened, high, low, close, volume = (
        frame[name].to_numpy(np.float64) for name in ("open", "high", "low", "close", "volume")
    )
    return always_open_bars(time, opened, high, low, close, volume, 300_000_000_000)


def events(bars: Bars, params: dict[str, float]) -> NDArray[np.void]:
    """The naive strategy's events, its levels not rounded yet."""
    atr = wilder(true_range(bars), int(params["atr_period"]))
    bar, side = flips(bars, atr, params["multiplier"])
    found = np.zeros(len(bar), EVENT_DTYPE)
    found["bar"], found["side"] = bar, side
    found["enter"] = passing(bars, bar, side, params)
    for name, sign in (("stop", -1), ("target", 1)):
        distance = params[f"{name}_atr"] * atr[bar]
        found[name] = np.where(distance > 0, bars.close[bar] + sign * side * distance, 0.0)
    return found


def assert_same_figures(naive: Backtest, row: np.void, case: object) -> None:
    assert row["total_trades"] == naive.total_trades, case
    for name in FIGURES:
        want = getattr(naive, name)
        assert row[name] == pytest.approx(want, rel=1e-9, abs=1e-7, nan_ok=True), (case, name)


@pytest.mark.parametrize("filters", [LOOSE, TIGHT])
@pytest.mark.parametrize("params", PARAMS)
@pytest.mark.parametrize(
    ("instrument", "start"),
    [
        (COIN, 0),
        (COIN.model_copy(update={"account": Account.CASH, "lot_size": 0.001, "tick_size": 5.0}), 3_000),
    ],
)
def test_its_trades_are_the_simulator_s(
    params: dict[str, float], filters: dict[str, float], instrument: Instrument, start: int
) -> None:
    bars, params = random_walk(), params | filters
    naive = backtest(bars, params, instrument, CAPITAL, start)
    simulation = simulate(bars, events(bars, params), instrument, CAPITAL, start)
    assert len(naive.trades) == len(simulation.trades)
    for name in ("side", "entry_bar", "entry_price", "exit_bar", "exit_price", "reason"):
        assert simulation.trades[name].tolist() == [getattr(trade, name) for trade in naive.trades], name
    # A lot more or less may hang on the last bit of the equity that a position is sized by.
    quantities = [trade.quantity for trade in naive.trades]
    assert simulation.trades["quantity"] == pytest.approx(quantities, rel=1e-9, abs=2e-8)
    assert_same_figures(naive, simulation.result, params)


def test_both_kinds_of_exits_and_entries_occur() -> None:
    reasons = {trade.reason for trade in backtest(random_walk(), PARAMS[0] | LOOSE, COIN, CAPITAL).trades}
    assert {ExitReason.EVENT, ExitReason.STOP, ExitReason.TARGET} <= reasons


AXES: dict[str, list[Any]] = {
    "atr_period": [7, 14],
    "multiplier": [1.5, 3.0],
    "ma_slow": [50, 120],
    "ma_gap_min": [-0.01, 0.0],
    "adx_min": [10.0, 25.0],
    "volume_min": [0.0, 1.0],
    "target_atr": [0.0, 3.0],
    "stop_atr": [0.0, 1.5],
}


def assert_sweep_agrees(bars: Bars, start: int, step: int) -> None:
    strategy = get_strategy("money_line")
    grid = Grid(strategy, {"ma_fast": 20}, AXES)
    rows = Evaluator(strategy, grid, bars, COIN, CAPITAL, start).rows(0, len(grid))
    for combination in range(0, len(grid), step):
        params = grid.values(combination)
        assert_same_figures(backtest(bars, params, COIN, CAPITAL, start), rows[combination], params)


def test_sweep_over_a_random_walk() -> None:
    assert_sweep_agrees(random_walk(6_000), start=500, step=3)


def test_sweep_over_real_bars(sample_data: Path) -> None:
    assert_sweep_agrees(real_bars(sample_data), start=0, step=17)
