"""Fixtures for testing algorithms without Docker.

Put `pytest_plugins = ["utils.engine.testing"]` in conftest.py.

Example:
    >>> def test_it_buys_once(backtest, lean_data):
    ...     data = lean_data.daily("equity/usa/daily/spy", "2020-01-02", closes=[100, 101, 102])
    ...     outcome = backtest("algorithms/buy_and_hold", data)
    ...     assert outcome.completed and len(outcome.orders) == 1
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trading.bars import always_open_bars
from utils.data.lean.clock import DAY
from utils.data.lean.market_hours import market_hours
from utils.data.lean.series import LeanSeries, Resolution
from utils.data.lean.writer import write_bars
from utils.engine.imports.finder import install
from utils.engine.job import BacktestJob, BacktestOutcome
from utils.engine.made_up_data import prepare_folder
from utils.engine.project_job import project_job
from utils.engine.run.backtest import run_backtest
from utils.errors import UserError
from utils.workspace import find_project

install()  # so that a test may import `AlgorithmImports` itself


class Backtest:
    """Runs an algorithm: a project's folder, a file, or a class."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, algorithm: Any, data_folder: Path, **parameters: Any) -> BacktestOutcome:
        """Run over a data folder; keywords are parameters of the algorithm.

        Raises:
            UserError: no such algorithm.
        """
        given = {name: str(value) for name, value in parameters.items()}
        output = self._folder / "results"
        if isinstance(algorithm, type):
            job = BacktestJob(Path(f"{algorithm.__name__}.py"), data_folder, given, output=output)
            return run_backtest(job, algorithm_class=algorithm)
        path = Path(algorithm)
        if path.is_dir():
            return run_backtest(project_job(find_project(path), data_folder, given, output))
        return run_backtest(BacktestJob(path, data_folder, given, output=output))


class LeanData:
    """Writes a LEAN data folder with made-up prices."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def daily(
        self, series: str, start: str, closes: Sequence[float], spread: float = 0.0, volume: float = 1_000.0
    ) -> Path:
        """Daily bars from a day on, one a session; the open of each is the close before.

        Args:
            series: e.g. `equity/usa/daily/spy`.
            spread: how far high and low are beyond open and close.

        Returns:
            The data folder.
        """
        parsed = LeanSeries.parse(series)
        if parsed.resolution is not Resolution.DAILY:
            raise UserError(f"{series}: not a daily series")
        prepare_folder(self.folder, parsed)
        hours = market_hours(self.folder, parsed)
        day = date.fromisoformat(start)
        days: list[date] = []
        while len(days) < len(closes):
            if hours.segments(day):
                days.append(day)
            day += timedelta(days=1)
        numbers = np.array([(one - date(1970, 1, 1)).days for one in days], np.int32)
        time = hours.daily_time(numbers)
        return self._write(parsed, time, closes, spread, volume, DAY)

    def minutes(
        self, series: str, start: str, closes: Sequence[float], spread: float = 0.0, volume: float = 1_000.0
    ) -> Path:
        """Bars of a minute from a UTC time on, one after the other.

        Args:
            series: e.g. `crypto/coinbase/minute/btcusd`.
            start: e.g. `2024-01-02T14:30`.

        Returns:
            The data folder.
        """
        parsed = LeanSeries.parse(series)
        if parsed.resolution is not Resolution.MINUTE:
            raise UserError(f"{series}: not a series of minutes")
        prepare_folder(self.folder, parsed)
        minute = 60_000_000_000
        first = int(np.datetime64(start, "ns").astype(np.int64))
        time = first + np.arange(len(closes), dtype=np.int64) * minute
        return self._write(parsed, time, closes, spread, volume, minute)

    def _write(
        self,
        series: LeanSeries,
        time: Any,
        closes: Sequence[float],
        spread: float,
        volume: float,
        period: int,
    ) -> Path:
        close = np.array(closes, np.float64)
        open_ = np.concatenate([close[:1], close[:-1]])
        high, low = np.maximum(open_, close) + spread, np.minimum(open_, close) - spread
        bars = always_open_bars(
            time, open_, high, low, close, np.full(len(close), volume), period, series.symbol
        )
        write_bars(self.folder, series, bars, round_prices=True)
        return self.folder


@pytest.fixture
def backtest(tmp_path: Path) -> Backtest:
    """Runs an algorithm."""
    return Backtest(tmp_path)


@pytest.fixture
def lean_data(tmp_path: Path) -> LeanData:
    """Writes made-up market data."""
    return LeanData(tmp_path / "data")
