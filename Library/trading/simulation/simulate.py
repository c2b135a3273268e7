"""One combination, in full: its trades, its equity at every bar and its metrics."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trading.bars import Bars, Float64Array
from trading.simulation.account import run_account
from trading.simulation.instrument import Capital, Instrument
from trading.simulation.market import market
from trading.simulation.outcomes import outcomes
from trading.simulation.records import RESULT_DTYPE, TRADE_DTYPE
from trading.simulation.terms import terms


@dataclass(frozen=True, eq=False)
class Simulation:
    """What a simulation gives.

    Attributes:
        trades: `TRADE_DTYPE`, in order of entry; one still open at the end comes last.
        equity: equity at each bar's close from the first simulated bar on, money.
        result: one record of `RESULT_DTYPE`.
    """

    trades: NDArray[np.void]
    equity: Float64Array
    result: np.void


def simulate(
    bars: Bars, events: NDArray[np.void], instrument: Instrument, capital: Capital, start: int = 0
) -> Simulation:
    """Trade `events` over `bars` exactly as docs/strategies.md says.

    Args:
        bars: the market.
        events: `EVENT_DTYPE`, ascending by bar, at most one a bar.
        instrument, capital: the terms.
        start: first bar at which events count; the bars before it only warmed the strategy up.
    Raises:
        ValueError: no bar to simulate, events out of order, or too little leverage for the allocation.
    """
    if len(events) and (
        np.any(np.diff(events["bar"]) <= 0) or not 0 <= events["bar"][0] <= events["bar"][-1] < len(bars)
    ):
        raise ValueError("events: bars must ascend within the data")
    scene = market(bars, instrument, start)
    counted = events[np.searchsorted(events["bar"], start) :]
    columns = {
        name: np.ascontiguousarray(counted[name]) for name in ("bar", "side", "stop", "target", "trail")
    }
    table = outcomes(scene, instrument, **columns)
    rows = np.zeros(1, RESULT_DTYPE)
    trades = np.zeros(len(counted) + 1, TRADE_DTYPE)
    equity = np.empty(len(bars) - start)
    count = run_account(
        scene,
        terms(instrument, capital),
        columns["bar"],
        table,
        np.flatnonzero(counted["enter"]).astype(np.int32),
        rows[0],
        rows["blocks"][0],
        trades,
        equity,
    )
    return Simulation(trades[:count], equity, rows[0])
