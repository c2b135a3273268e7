"""The stepper fed bar by bar and the array form: same events, same trades, on a year of real candles."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.trading.strategies.agreement import assert_equal_events, stepped
from tests.trading.strategies.samples import bitcoin
from trading.bars import Bar, Bars
from trading.indicators import IndicatorTable
from trading.simulation.instrument import Capital, Fees, Instrument, SecurityType
from trading.simulation.simulate import simulate
from trading.strategies.contract import StrategyParams
from trading.strategies.ma_crossover import MaCrossoverParams
from trading.strategies.mining import random_rules
from trading.strategies.money_line import MoneyLineParams
from trading.strategies.registry import get_strategy

Draw = Callable[[np.random.Generator], StrategyParams]

BITCOIN = Instrument(
    security_type=SecurityType.CRYPTO, lot_size=1e-6, fees=Fees(rate=0.0004), slippage=0.0001
)


def random_money_line(rng: np.random.Generator) -> MoneyLineParams:
    fast = int(rng.integers(2, 60))
    return MoneyLineParams(
        atr_period=int(rng.integers(2, 60)),
        multiplier=rng.uniform(0.5, 6.0),
        ma_fast=fast,
        ma_slow=fast + int(rng.integers(1, 300)),
        ma_gap_min=rng.choice([-1.0, rng.uniform(-0.01, 0.01)]),
        adx_min=rng.uniform(0.0, 40.0),
        volume_min=rng.uniform(0.0, 1.5),
        target_atr=rng.choice([0.0, rng.uniform(0.5, 15.0)]),
        stop_atr=rng.choice([0.0, rng.uniform(0.5, 8.0)]),
    )


def random_ma_crossover(rng: np.random.Generator) -> MaCrossoverParams:
    fast = int(rng.integers(2, 60))
    return MaCrossoverParams(
        kind=rng.choice(["ema", "sma", "wma"]),
        fast=fast,
        slow=fast + int(rng.integers(1, 300)),
        ma_gap_min=rng.uniform(0.0, 0.0005),
        adx_min=rng.uniform(0.0, 40.0),
        volume_min=rng.uniform(0.0, 1.5),
        atr_period=int(rng.integers(2, 60)),
        target_atr=rng.choice([0.0, rng.uniform(0.5, 15.0)]),
        stop_atr=rng.choice([0.0, rng.uniform(0.5, 8.0)]),
        trail_atr=rng.choice([0.0, rng.uniform(0.5, 8.0)]),
    )


@pytest.fixture(scope="module")
def bars(sample_data: Path) -> Bars:
    return bitcoin(sample_data)


@pytest.fixture(scope="module")
def rows(bars: Bars) -> list[Bar]:
    return list(bars.rows())


@pytest.mark.parametrize(
    ("name", "draw", "count"),
    [
        ("money_line", random_money_line, 200),
        ("ma_crossover", random_ma_crossover, 100),
        ("rules", random_rules, 100),
    ],
)
def test_same_events_and_same_trades(name: str, draw: Draw, count: int, bars: Bars, rows: list[Bar]) -> None:
    assert len(bars) == 59_206
    strategy = get_strategy(name)
    rng = np.random.default_rng(20_250_701)
    traded = 0
    for _ in range(count):
        params = draw(rng)
        table = IndicatorTable(bars)
        whole, streamed = strategy.signals(bars, table, params), stepped(strategy, params, rows)
        assert_equal_events(whole, streamed)
        one, other = (simulate(bars, events, BITCOIN, Capital()) for events in (whole, streamed))
        assert one.trades.tobytes() == other.trades.tobytes()
        assert one.result["trades_hash"] == other.result["trades_hash"]
        traded += len(one.trades) > 0
    assert traded > 0.8 * count
