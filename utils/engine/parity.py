"""Whether the simulator behind the sweep and the engine make the same trades.

Both get the same bars, the same strategy and the same parameters: the simulator as arrays, the engine through
the LEAN algorithm of the strategy. Then every trade is compared: side, quantity, times, prices and fees.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from trading.bars import Bars
from trading.indicators import IndicatorTable
from trading.simulation import Capital, ExitReason, Instrument, Simulation, simulate
from trading.simulation.terms import Terms, order_fee, terms
from trading.strategies.registry import get_strategy
from utils.data.lean.clock import DAY, EPOCH
from utils.data.lean.factor_files import Normalization
from utils.data.lean.market_hours import MarketHours, market_hours
from utils.data.lean.reader import read_bars
from utils.data.lean.series import LeanSeries
from utils.engine.dotnet.money import ZERO
from utils.engine.project_job import project_job
from utils.engine.run.backtest import run_backtest
from utils.errors import UserError
from utils.workspace import Project

# A price or an amount is equal to this relative tolerance: the simulator counts in floats, LEAN in decimals.
TOLERANCE = 1e-9


ALGORITHM_ZONE = ZoneInfo("America/New_York")


class Trade(NamedTuple):
    """One trade; times UTC, of the end of the bar it filled on; `exit_time` None while open."""

    side: int
    quantity: float
    entry_time: datetime
    entry_price: float
    exit_time: datetime | None
    exit_price: float | None
    fees: float


class Fill(NamedTuple):
    """One order event: UTC time, signed quantity, price, and the fee of this fill."""

    time: datetime
    quantity: Decimal
    price: float
    fee: float


@dataclass(frozen=True)
class ParityCase:
    """What is compared.

    Attributes:
        series: the bars, e.g. `equity/usa/minute/spy`.
        start, end: first and last day.
        parameters: of the project, over those of its config.json.
    """

    project: Project
    data_folder: Path
    series: LeanSeries
    instrument: Instrument
    capital: Capital
    start: date
    end: date
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class Parity:
    """What came of a comparison.

    Attributes:
        simulated, engine: closed trades of each.
        differences: one line each, none when all is equal.
    """

    simulated: tuple[Trade, ...]
    engine: tuple[Trade, ...]
    differences: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether every trade is the same."""
        return not self.differences


def compare(case: ParityCase) -> Parity:
    """Run both and compare.

    Raises:
        UserError: no data, parameters that make no sense, or an algorithm that does not finish.
    """
    simulated = tuple(simulated_trades(case))
    engine = tuple(engine_trades(case))
    return Parity(simulated, engine, tuple(_differences(simulated, engine)))


def simulated_trades(case: ParityCase) -> list[Trade]:
    """Closed trades of the simulator."""
    bars = _bars(case)
    given = _parameters(case)
    strategy = get_strategy(given.get("strategy", "money_line"))
    names = strategy.params_model.model_fields
    params = strategy.parse({name: given[name] for name in names if name in given})
    events = strategy.signals(bars, IndicatorTable(bars), params)
    hours = market_hours(case.data_folder, case.series)
    return trades_of_simulation(simulate(bars, events, case.instrument, case.capital), bars, hours)


def _bars(case: ParityCase) -> Bars:
    """The bars that the algorithm sees: its days begin at midnight in New York, wherever the market is."""
    after = case.end + timedelta(days=1)
    before = case.start - timedelta(days=1)  # a bar that ends at the first midnight is seen
    bars = read_bars(case.data_folder, case.series, before, after, Normalization.ADJUSTED, with_quotes=True)
    begin, end = (
        int(datetime(day.year, day.month, day.day, tzinfo=ALGORITHM_ZONE).timestamp()) * 10**9
        for day in (case.start, after)
    )
    ends = _ends(bars, market_hours(case.data_folder, case.series))
    seen = np.flatnonzero((ends >= begin) & (ends <= end))
    return bars[seen]


def _ends(bars: Bars, hours: MarketHours) -> NDArray[np.int64]:
    """When each bar shows, UTC ns: a daily bar at the close of its session, as in LEAN."""
    if bars.period < DAY or hours.always_open:
        return bars.time + bars.period
    sessions = (hours.session(EPOCH + timedelta(days=int(day))) for day in bars.day)
    return np.array([int(session[1].timestamp()) * 10**9 for session in sessions if session], np.int64)


def trades_of_simulation(simulation: Simulation, bars: Bars, hours: MarketHours) -> list[Trade]:
    """Closed trades of a simulation over `bars`."""
    ends = _ends(bars, hours)
    trades = []
    for row in simulation.trades:
        if row["reason"] == ExitReason.OPEN:
            continue
        trades.append(
            Trade(
                int(row["side"]),
                float(row["quantity"]),
                _utc(int(ends[row["entry_bar"]])),
                float(row["entry_price"]),
                _utc(int(ends[row["exit_bar"]])),
                float(row["exit_price"]),
                float(row["fees"]),
            )
        )
    return trades


def _utc(ns: int) -> datetime:
    return datetime(1970, 1, 1) + timedelta(microseconds=ns // 1000)


def engine_trades(case: ParityCase) -> list[Trade]:
    """Closed trades of the engine, made of the fills of its orders."""
    with tempfile.TemporaryDirectory(prefix="parity-") as output:
        job = project_job(case.project, case.data_folder, algorithm_parameters(case), Path(output))
        outcome = run_backtest(job)
    if not outcome.completed:
        raise UserError(f"{case.project.main}: {outcome.error}")
    fills = (
        Fill(event.utc_time, event.exact_fill_quantity, event.fill_price, event.order_fee.value.amount)
        for event in outcome.order_events
    )
    return list(trades_of_fills(fills, terms(case.instrument, case.capital)))


def algorithm_parameters(case: ParityCase) -> dict[str, str]:
    """Parameters of the project that make it trade the case."""
    series = case.series
    return {
        **case.parameters,
        "symbol": series.symbol,
        "security_type": series.security_type.value,
        "market": series.market,
        "resolution": series.resolution.value,
        "start_date": case.start.isoformat(),
        "end_date": case.end.isoformat(),
        "cash": str(case.capital.initial_equity),
        "account": case.instrument.account.value,
        "allocation": str(case.capital.allocation),
        "slippage": str(case.instrument.slippage),
    }


def _parameters(case: ParityCase) -> dict[str, str]:
    return {**case.project.config.parameters, **case.parameters}


def trades_of_fills(fills: Iterable[Fill], money: Terms) -> Iterable[Trade]:
    """Trades out of fills; order events that fill nothing are passed over.

    A fill closes first and opens with the rest. Of its fee the close bears what it would have cost alone, the
    opening the rest: the simulator's rule.
    """
    held, entry_price, entry_time, entry_fees = ZERO, 0.0, datetime.min, 0.0
    for time, quantity, price, fee in fills:
        if not quantity:
            continue
        opened, opening_fee = quantity, fee
        if held and (held > 0) != (quantity > 0):
            closed = min(abs(held), abs(quantity))
            share = fee if closed == abs(quantity) else order_fee(money, float(closed), price)
            side = 1 if held > 0 else -1
            yield Trade(side, float(closed), entry_time, entry_price, time, price, entry_fees + share)
            opened = quantity + side * closed
            opening_fee = fee - share
            entry_fees = 0.0
        held += quantity
        if opened:
            entry_price, entry_time = price, time
            entry_fees += opening_fee


def _differences(simulated: Sequence[Trade], engine: Sequence[Trade]) -> Iterable[str]:
    if len(simulated) != len(engine):
        yield f"{len(simulated)} trades in the simulation, {len(engine)} in the engine"
    for number, (one, other) in enumerate(zip(simulated, engine, strict=False), start=1):
        for field in different_fields(one, other):
            mine, theirs = getattr(one, field), getattr(other, field)
            yield f"trade {number}: {field} {mine} in the simulation, {theirs} in the engine"


def different_fields(one: Trade, other: Trade) -> list[str]:
    """Fields in which two trades are not the same; prices and amounts to `TOLERANCE`."""
    return [field for field in Trade._fields if not _equal(getattr(one, field), getattr(other, field))]


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return bool(np.isclose(one, other, rtol=TOLERANCE, atol=1e-9))
    return bool(one == other)
