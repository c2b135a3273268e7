# ruff: noqa: ARG002 - a strategy that says nothing needs no arguments
"""A small strategy, results that need no market, and a way to compare stores."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import Field

from trading.bars import Bar, Bars
from trading.events import Event
from trading.indicators.spec import IndicatorSpec
from trading.simulation.records import BLOCK_SUMS, RESULT_DTYPE, Status
from trading.strategies.contract import Brackets, Indicators, Stepper, Strategy, StrategyParams, Turns
from utils.sweep.grid import Grid
from utils.sweep.store import SweepRecord


class ToyParams(StrategyParams):
    line: int = Field(default=1, ge=0)
    exit: float = Field(default=1.0, ge=0)
    entry: int = Field(default=1, ge=0)


class Silent(Stepper):
    def update(self, bar: Bar) -> Event | None:
        return None


class Toy(Strategy[ToyParams]):
    name: ClassVar[str] = "toy"
    params_model = ToyParams
    ENTRY_FIELDS: ClassVar[tuple[str, ...]] = ("entry",)
    EXIT_FIELDS: ClassVar[tuple[str, ...]] = ("exit",)

    def requires(self, params: ToyParams) -> tuple[IndicatorSpec, ...]:
        return ()

    def turns(self, bars: Bars, indicators: Indicators, params: ToyParams) -> Turns:
        return Turns(np.zeros(0, np.int64), np.zeros(0, np.int64))

    def enters(
        self, bars: Bars, indicators: Indicators, params: ToyParams, turns: Turns
    ) -> NDArray[np.bool_]:
        return np.zeros(0, np.bool_)

    def brackets(self, bars: Bars, indicators: Indicators, params: ToyParams, turns: Turns) -> Brackets:
        return Brackets(np.zeros(0), np.zeros(0), np.zeros(0))

    def stepper(self, params: ToyParams) -> Stepper:
        return Silent()


def toy_rows(start: int, end: int) -> NDArray[np.void]:
    """A result of each combination that depends on its number alone."""
    combo = np.arange(start, end)
    rows = np.zeros(end - start, RESULT_DTYPE)
    for place, name in enumerate(name for name in RESULT_DTYPE.names or () if RESULT_DTYPE[name].kind == "f"):
        rows[name] = np.sqrt(combo + place) * (-1.0) ** combo
    rows["profit_factor"][combo % 5 == 0] = np.nan
    rows["status"] = np.where(
        combo % 7 == 3, Status.INVALID, np.where(combo % 11 == 5, Status.BUST, Status.OK)
    )
    rows["total_trades"] = combo % 50
    rows["trades_hash"] = combo.astype(np.uint64) // np.uint64(2) * np.uint64(0x9E3779B97F4A7C15)
    rows["blocks"] = combo[:, None] + np.arange(BLOCK_SUMS) / 3.0
    return rows


@pytest.fixture
def toy_grid() -> Grid:
    return Grid(Toy(), {}, {"entry": list(range(10)), "exit": [0.5, 1, 2, 4], "line": list(range(5))})


@pytest.fixture
def rows_of() -> Callable[[int, int], NDArray[np.void]]:
    return toy_rows


@pytest.fixture
def record_of() -> Callable[..., SweepRecord]:
    def make(combos: int = 200, chunk_size: int = 16, name: str = "toy", symbol: str = "") -> SweepRecord:
        return SweepRecord(
            id=f"{name}:{symbol}" if symbol else name,
            name=name,
            strategy="toy",
            symbol=symbol,
            identity="1",
            spec={"digests": {}},
            bars=100,
            first_time=0,
            last_time=99,
            days=32,
            block_days=(2,) * 16,
            combos=combos,
            chunk_size=chunk_size,
            buy_and_hold=0.25,
        )

    return make


@pytest.fixture
def content_of() -> Callable[[Path], dict[str, list[tuple[Any, ...]]]]:
    """All that a store says, without timestamps, worker names and how it was cut into chunks."""

    def content(path: Path, whole: bool = True) -> dict[str, list[tuple[Any, ...]]]:
        columns = {
            "sweeps": "id, name, strategy, symbol, identity, bars, first_time, last_time, days, block_days,"
            " combos, buy_and_hold",
            "strategies": "id, sweep, combo, trial, params, status, pnl, win_rate, profit_factor,"
            " max_drawdown, total_trades, sharpe, sortino, exposure, fees, open_pnl, buy_and_hold,"
            " trades_hash, blocks",
        }
        if whole:
            columns["sweeps"] += ", spec, chunk_size"
            columns["strategies"] += ", chunk_id"
            columns["chunks"] = "id, sweep, start_combo, end_combo, status"
        connection = sqlite3.connect(path)
        try:
            return {
                table: connection.execute(f"SELECT {names} FROM {table} ORDER BY id").fetchall()
                for table, names in columns.items()
            }
        finally:
            connection.close()

    return content
