"""Custom data with the hours of US equities."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from utils.engine.testing import Backtest


def test_bars_of_custom_data_are_counted_by_the_hours_given(
    backtest: Backtest, sample_data: Path, tmp_path: Path
) -> None:
    from AlgorithmImports import EquityExchange, PythonData, QCAlgorithm, Resolution, SubscriptionDataSource

    path = tmp_path / "index.csv"
    days = [datetime(2013, 9, 1) + timedelta(days=day) for day in range(40)]
    path.write_text("".join(f"{day:%Y-%m-%d},{day.day}\n" for day in days if day.weekday() < 5))

    class Index(PythonData):
        def get_source(self, _config: Any, _date: Any, _is_live_mode: bool) -> Any:
            return SubscriptionDataSource(str(path))

        def reader(self, config: Any, line: Any, _date: Any, _is_live_mode: bool) -> Any:
            point = Index()
            point.symbol = config.symbol
            day, value = line.split(",")
            point.time, point.value = datetime.fromisoformat(day), float(value)
            point.end_time = point.time + timedelta(days=1)
            return point

    class Counts(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2013, 10, 8)
            self.set_end_date(2013, 10, 8)
            index: Any = self.add_data(Index, "INDEX", Resolution.DAILY)
            index.exchange = EquityExchange()
            self.found = self.history(Index, index.symbol, 10)

    outcome = backtest(Counts, sample_data / "lean")
    assert outcome.completed, outcome.error
    algorithm: Any = outcome.algorithm
    assert len(algorithm.found) == 10
