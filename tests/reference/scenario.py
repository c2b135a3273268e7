"""Small markets written out by hand, and one way to run both simulators over them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from tests.reference import simulation as reference
from tests.reference.metrics import Metrics
from tests.reference.simulation import Outcome, Trade
from trading.bars import Bars
from trading.events import EVENT_DTYPE, Event
from trading.simulation import Capital, ExitReason, Instrument, SecurityType, Status, simulate

Simulator = Callable[[Bars, NDArray[np.void], Instrument, Capital, int], Outcome]

FLAT = (100.0, 100.0, 100.0, 100.0)
EQUITY = Instrument(security_type=SecurityType.EQUITY)
CRYPTO = Instrument(security_type=SecurityType.CRYPTO)
TEN_THOUSAND = Capital(initial_equity=10_000.0, allocation=1.0)
"""Buys 100 units at 100."""


def market(
    *rows: tuple[float, float, float, float],
    days: Sequence[int] | None = None,
    next_open: Sequence[int] = (),
    bid: Sequence[float] | None = None,
    ask: Sequence[float] | None = None,
) -> Bars:
    """Bars of (open, high, low, close); `next_open` numbers the bars whose orders fill at the next open."""
    n = len(rows)
    columns = np.array(rows, dtype=np.float64).reshape(n, 4).T.copy()
    fills_next_open = np.zeros(n, np.bool_)
    fills_next_open[list(next_open)] = True
    return Bars(
        time=np.arange(n, dtype=np.int64) * 60_000_000_000,
        open=columns[0],
        high=columns[1],
        low=columns[2],
        close=columns[3],
        volume=np.ones(n),
        day=np.array(days if days is not None else [0] * n, dtype=np.int32),
        fills_next_open=fills_next_open,
        period=60_000_000_000,
        bid_close=None if bid is None else np.array(bid, dtype=np.float64),
        ask_close=None if ask is None else np.array(ask, dtype=np.float64),
    )


def closes(*prices: float, days: Sequence[int] | None = None) -> Bars:
    """Bars that do not move inside: open, high, low and close are one price."""
    return market(*((price,) * 4 for price in prices), days=days)


def event(
    bar: int, side: int, *, enter: bool = True, stop: float = 0.0, target: float = 0.0, trail: float = 0.0
) -> Event:
    """An event that enters unless told otherwise."""
    return Event(bar, side, enter, stop, target, trail)


def as_array(events: Sequence[Event]) -> NDArray[np.void]:
    """Events as simulators take them."""
    return np.array([tuple(one) for one in events], dtype=EVENT_DTYPE)


def compiled(
    bars: Bars, events: NDArray[np.void], instrument: Instrument, capital: Capital, start: int = 0
) -> Outcome:
    """What `trading.simulation.simulate` gives, in the reference's types."""
    simulation = simulate(bars, events, instrument, capital, start)
    trades = []
    for row in simulation.trades:
        values = {field.name: row[field.name].item() for field in fields(Trade)}
        trades.append(Trade(**values | {"reason": ExitReason(values["reason"])}))
    figures = {field.name: simulation.result[field.name].tolist() for field in fields(Metrics)}
    metrics = Metrics(**figures | {"status": Status(figures["status"])})
    return Outcome(trades, simulation.equity.tolist(), metrics)


SIMULATORS: dict[str, Simulator] = {"compiled": compiled, "reference": reference.simulate}
