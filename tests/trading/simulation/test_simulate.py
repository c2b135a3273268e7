"""The simulator against the plain-Python reference, on markets made to be difficult."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from tests.reference import simulation as reference
from tests.reference.agreement import assert_agrees
from tests.reference.scenario import EQUITY, TEN_THOUSAND, as_array, closes, event
from tests.reference.series import Case, cases, long_spans
from trading.events import EVENT_DTYPE
from trading.simulation import TRADE_DTYPE, Capital, ExitReason, Status, simulate


@settings(max_examples=500, deadline=None)
@given(cases())
def test_trades_equity_and_metrics_are_the_reference_s(case: Case) -> None:
    simulation = simulate(*case)
    assert_agrees(reference.simulate(*case), simulation.trades, simulation.equity, simulation.result)


@pytest.mark.parametrize("seed", range(60))
def test_positions_that_grow_old_are_the_reference_s(seed: int) -> None:
    case = long_spans(seed)
    simulation = simulate(*case)
    assert_agrees(reference.simulate(*case), simulation.trades, simulation.equity, simulation.result)


@settings(max_examples=100, deadline=None)
@given(cases())
def test_the_figures_are_consistent(case: Case) -> None:
    simulation = simulate(*case)
    trades, result = simulation.trades, simulation.result
    money = 1e-12 * max(np.abs(simulation.equity).max(), case.capital.initial_equity)
    assert trades.dtype == TRADE_DTYPE
    assert abs(trades["pnl"].sum() - result["pnl"]) <= money
    assert abs(trades["fees"].sum() - result["fees"]) <= money
    assert abs(simulation.equity[-1] - case.capital.initial_equity - result["pnl"]) <= money
    assert result["total_trades"] == (trades["reason"] != ExitReason.OPEN).sum()
    assert (trades["quantity"] > 0).all()
    assert (trades["signal_bar"] >= case.start).all()
    assert (trades["entry_bar"] <= trades["exit_bar"]).all()
    assert (trades["exit_bar"][:-1] <= trades["entry_bar"][1:]).all()
    assert result["max_drawdown"] >= 0


def test_no_events() -> None:
    simulation = simulate(closes(100, 101, 102), as_array([]), EQUITY, TEN_THOUSAND)
    assert len(simulation.trades) == 0
    assert simulation.equity.tolist() == [10_000.0] * 3
    assert simulation.result["status"] == Status.OK


def test_inputs_are_left_alone() -> None:
    bars, events = closes(100, 90, 110), as_array([event(0, 1, stop=95.0, trail=1.0), event(2, -1)])
    before = [column.copy() for column in (bars.open, bars.high, bars.low, bars.close, events)]
    simulate(bars, events, EQUITY, TEN_THOUSAND)
    for column, copy in zip((bars.open, bars.high, bars.low, bars.close, events), before, strict=True):
        assert (column == copy).all()


@pytest.mark.parametrize("start", [3, 4, -1])
def test_a_start_outside_the_bars_is_an_error(start: int) -> None:
    with pytest.raises(ValueError, match="bar"):
        simulate(closes(100, 101, 102), as_array([]), EQUITY, TEN_THOUSAND, start)


@pytest.mark.parametrize("bars", [[1, 0], [1, 1], [3], [-1]])
def test_events_out_of_order_or_outside_the_bars_are_an_error(bars: list[int]) -> None:
    events = np.zeros(len(bars), EVENT_DTYPE)
    events["bar"] = bars
    events["side"] = 1
    with pytest.raises(ValueError, match="event"):
        simulate(closes(100, 101, 102), events, EQUITY, TEN_THOUSAND)


def test_an_allocation_beyond_the_leverage_is_an_error() -> None:
    with pytest.raises(ValueError, match="leverage"):
        simulate(closes(100, 101), as_array([]), EQUITY, Capital(allocation=1.5))
