"""The executor's trades against the simulator's, on markets made to be difficult."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray

from tests.reference.scenario import as_array, event, market
from tests.reference.series import Case, cases, long_spans
from tests.trading.execution.lean_double import Lean, Quote
from trading.bars import Bars
from trading.events import Event
from trading.execution.account import Terms
from trading.simulation import Capital, ExitReason, Instrument, SecurityType, Status, simulate
from trading.simulation.terms import order_fee, terms

# No round numbers: a quantity at the edge of a lot would hang on the last bit of equity.
CAPITAL = Capital(initial_equity=98_765.4321, allocation=0.93717)
REASONS = {"entry": ExitReason.EVENT, "close": ExitReason.EVENT, "stop": ExitReason.STOP}


@dataclass(frozen=True)
class Trade:
    entry_bar: int
    exit_bar: int
    side: int
    lots: int
    entry_price: float
    exit_price: float
    reason: ExitReason


def quotes(bars: Bars) -> list[Quote]:
    bid = bars.close if bars.bid_close is None else bars.bid_close
    ask = bars.close if bars.ask_close is None else bars.ask_close
    columns = (bars.open, bars.high, bars.low, bars.close, bid, ask, ~bars.fills_next_open)
    return [Quote(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def run_lean(
    bars: Bars,
    events: NDArray[np.void],
    instrument: Instrument,
    capital: Capital,
    start: int,
    asks_executor: bool = True,
) -> Lean:
    money = terms(instrument, capital)

    def fee(quantity: float, price: float) -> float:
        return float(order_fee(money, abs(quantity), price))

    lean = Lean(
        lot_size=instrument.lot_size,
        cash=capital.initial_equity,
        gap_fills=instrument.gap_fills,
        slippage=instrument.slippage,
        fee=fee,
        asks_executor=asks_executor,
    )
    executor = lean.attach(
        "test",
        Terms(
            lot_size=instrument.lot_size,
            tick_size=instrument.tick_size,
            can_short=instrument.can_short,
            fee=fee,
            slippage=instrument.slippage,
            allocation=capital.allocation,
        ),
    )
    by_bar = {int(row["bar"]): Event(*row.tolist()) for row in events}
    for bar, (quote, row) in enumerate(zip(quotes(bars), bars.rows(), strict=True)):
        lean.next_bar(quote)
        if bar >= start:
            executor.on_bar(row, by_bar.get(bar))
        lean.end_step()
    return lean


def lean_trades(lean: Lean, bars: Bars) -> list[Trade]:
    """Fills paired into trades; a fill beyond flat closes one and opens the next."""
    trades: list[Trade] = []
    held, entry_bar, entry_price = 0, 0, 0.0
    for fill in lean.fills:
        bar = fill.time - 1
        lots = fill.lots
        if held * lots < 0:
            assert abs(lots) >= abs(held), "exits close the whole position"
            reason = REASONS.get(fill.role, ExitReason.TARGET)
            side = 1 if held > 0 else -1
            trades.append(Trade(entry_bar, bar, side, abs(held), entry_price, fill.price, reason))
            held, lots = 0, held + lots
        if lots:
            assert held == 0, "no pyramiding"
            held, entry_bar, entry_price = lots, bar, fill.price
    if held:
        side = 1 if held > 0 else -1
        last = len(bars) - 1
        close = float(bars.close[-1])
        trades.append(Trade(entry_bar, last, side, abs(held), entry_price, close, ExitReason.OPEN))
    return trades


def assert_same(trades: list[Trade], expected: list[Trade]) -> None:
    """Equal but for the rounding of money: a quantity of 10^12 lots may be a few lots off."""
    assert [replace(trade, lots=0) for trade in trades] == [replace(trade, lots=0) for trade in expected]
    for one, other in zip(trades, expected, strict=True):
        assert abs(one.lots - other.lots) <= 1e-9 * other.lots


def simulated_trades(case: Case) -> tuple[list[Trade], Status]:
    simulation = simulate(*case)
    lot = case.instrument.lot_size
    trades = [
        Trade(
            int(row["entry_bar"]),
            int(row["exit_bar"]),
            int(row["side"]),
            round(row["quantity"] / lot),
            float(row["entry_price"]),
            float(row["exit_price"]),
            ExitReason(row["reason"]),
        )
        for row in simulation.trades
    ]
    return trades, Status(simulation.result["status"])


def with_countable_lots(case: Case) -> Instrument:
    """The instrument with lots so large that a position's number of them is exact in a float's digits."""
    smallest = CAPITAL.initial_equity / float(case.bars.low.min()) / 1e12
    return case.instrument.model_copy(update={"lot_size": max(case.instrument.lot_size, smallest)})


@settings(max_examples=200, deadline=None)
@given(cases())
def test_the_executor_trades_as_the_simulator_does(case: Case) -> None:
    case = case._replace(capital=CAPITAL, instrument=with_countable_lots(case))
    lean = run_lean(*case)
    expected, status = simulated_trades(case)
    trades = lean_trades(lean, case.bars)
    if status is Status.BUST:  # the last trade closes at once there, at the next open here
        assert_same(trades[: len(expected) - 1], expected[:-1])
    else:
        assert_same(trades, expected)


@pytest.mark.parametrize("seed", range(12))
def test_positions_that_grow_old_are_the_simulator_s(seed: int) -> None:
    case = long_spans(seed)._replace(capital=CAPITAL)
    case = case._replace(bars=case.bars[:4000], events=case.events[case.events["bar"] < 4000])
    expected, status = simulated_trades(case)
    trades = lean_trades(run_lean(*case), case.bars)
    assert len(expected) > 3
    assert status is Status.OK
    assert_same(trades, expected)


def test_an_exit_leaves_its_sibling_unfilled() -> None:
    """LEAN itself would fill the target on the bar whose low filled the stop: it cancels later."""
    calm = (100.0, 100.0, 100.0, 100.0)
    wild = (100.0, 130.0, 70.0, 100.0)
    bars = market(calm, calm, wild, calm)
    events = as_array([event(1, 1, stop=90.0, target=110.0)])
    instrument = Instrument(security_type=SecurityType.EQUITY)

    def roles(*, asks_executor: bool) -> list[str]:
        return [fill.role for fill in run_lean(bars, events, instrument, CAPITAL, 0, asks_executor).fills]

    assert roles(asks_executor=True) == ["entry", "stop"]
    assert roles(asks_executor=False)[:3] == ["entry", "stop", "target"]


def test_a_moved_stop_waits_for_the_next_bar() -> None:
    """LEAN would test it against the bar that moved it."""
    bars = market(
        (100.0, 100.0, 100.0, 100.0),
        (100.0, 120.0, 100.0, 118.0),  # moves the stop to 115, above its own low
        (118.0, 119.0, 114.0, 118.0),
    )
    events = as_array([event(0, 1, trail=5.0)])
    instrument = Instrument(security_type=SecurityType.EQUITY)
    with_model = run_lean(bars, events, instrument, CAPITAL, 0)
    assert [(fill.time - 1, fill.role, fill.price) for fill in with_model.fills] == [
        (0, "entry", 100.0),
        (2, "stop", 115.0),
    ]
    without = run_lean(bars, events, instrument, CAPITAL, 0, asks_executor=False)
    assert [fill.time - 1 for fill in without.fills] == [0, 1]
