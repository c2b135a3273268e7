"""What an algorithm is compared with."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from utils.engine.testing import Backtest, LeanData

DAYS = [datetime(2020, 1, 2) + timedelta(days=day) for day in (0, 1, 4, 5, 6, 7, 8)]


def test_custom_data_can_be_the_benchmark(backtest: Backtest, lean_data: LeanData, tmp_path: Path) -> None:
    from AlgorithmImports import (
        PythonData,
        QCAlgorithm,
        Resolution,
        SubscriptionDataSource,
        SubscriptionTransportMedium,
    )

    path = tmp_path / "index.csv"
    path.write_text("\n".join(f"{day:%Y-%m-%d},{100 + i}" for i, day in enumerate(DAYS)) + "\n")

    class Index(PythonData):
        def get_source(self, _config: Any, _date: Any, _is_live_mode: bool) -> Any:
            return SubscriptionDataSource(str(path), SubscriptionTransportMedium.LOCAL_FILE)

        def reader(self, config: Any, line: Any, _date: Any, _is_live_mode: bool) -> Any:
            point = Index()
            point.symbol = config.symbol
            day, value = line.split(",")
            point.time = datetime.fromisoformat(day)
            point.end_time = point.time + timedelta(hours=16)
            point.value = float(value)
            return point

    class Compared(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2020, 1, 2)
            self.set_end_date(2020, 1, 10)
            self.add_equity("SPY", Resolution.DAILY)
            self.set_benchmark(self.add_data(Index, "INDEX", Resolution.HOUR).symbol)
            self.seen: list[float] = []

        def on_data(self, _data: Any) -> None:
            if not self.portfolio.invested:
                self.set_holdings("SPY", 1)
            benchmark: Any = self.benchmark
            self.seen.append(benchmark.security.price)

    data = lean_data.daily("equity/usa/daily/spy", "2020-01-02", [100, 101, 102, 103, 104, 105, 106])
    outcome = backtest(Compared, data)
    assert outcome.completed, outcome.error
    algorithm: Any = outcome.algorithm
    assert max(algorithm.seen) == 106.0
    assert algorithm.benchmark.evaluate(algorithm.utc_time) == 106.0


def test_a_benchmark_is_had_as_lean_gives_it(backtest: Backtest, lean_data: LeanData) -> None:
    from AlgorithmImports import FuncBenchmark, QCAlgorithm, Resolution, SecurityBenchmark

    class Default(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2020, 1, 2)
            self.set_end_date(2020, 1, 10)
            self.add_equity("SPY", Resolution.DAILY)

    class OfTime(Default):
        def initialize(self) -> None:
            super().initialize()
            self.set_benchmark(lambda time: time.day)

    data = lean_data.daily("equity/usa/daily/spy", "2020-01-02", [100, 101, 102, 103, 104, 105, 106])
    spy: Any = backtest(Default, data).algorithm
    assert isinstance(spy.benchmark, SecurityBenchmark)
    assert spy.benchmark.security.symbol == spy.securities["SPY"].symbol
    of_time: Any = backtest(OfTime, data).algorithm
    assert isinstance(of_time.benchmark, FuncBenchmark)
    assert of_time.benchmark.evaluate(datetime(2020, 1, 9)) == 9
