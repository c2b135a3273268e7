"""Made-up custom data, and algorithms that follow it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from utils.engine.algorithm.qc_algorithm import QCAlgorithm
from utils.engine.data.python_data import PythonData
from utils.engine.data.subscription_data_source import (
    SubscriptionDataSource,
    SubscriptionTransportMedium,
)
from utils.engine.enums import Resolution
from utils.engine.job import BacktestOutcome

MINUTE, HOUR, DAILY = Resolution.MINUTE, Resolution.HOUR, Resolution.DAILY
LOCAL = SubscriptionTransportMedium.LOCAL_FILE


class Weather(PythonData):
    """Lines `time[,end],value`; where from is set by each test."""

    asked: ClassVar[list[datetime]] = []
    source: ClassVar[Any] = None

    def get_source(self, _config: Any, date: datetime, _is_live_mode: bool) -> Any:
        Weather.asked.append(date)
        return Weather.source(date)

    def reader(self, config: Any, line: Any, _date: datetime, _is_live_mode: bool) -> Any:
        if not line.strip():
            return None
        time, *end, value = line.split(",")
        point = Weather()
        point.symbol = config.symbol
        point.time = datetime.fromisoformat(time)
        if end:
            point.end_time = datetime.fromisoformat(end[0])
        point.value = float(value)
        point["Degrees"] = float(value) + 0.5
        return point


def one_file(path: Path, lines: list[str]) -> None:
    """Let the data come from a file with these lines."""
    path.write_text("\n".join(lines) + "\n")
    Weather.source = lambda _date: SubscriptionDataSource(str(path), LOCAL)


def algorithm_of(outcome: BacktestOutcome) -> Any:
    assert outcome.completed, outcome.error
    return outcome.algorithm


def follows(resolution: Resolution = HOUR, days: int = 2, **terms: Any) -> Any:
    """An algorithm that follows `Weather` and notes what it sees."""

    class Follows(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2020, 1, 2)
            self.set_end_date(datetime(2020, 1, 1) + timedelta(days=days))
            self.seen: list[tuple[datetime, float]] = []
            self.security = self.add_data(Weather, "OSLO", resolution, **terms)
            self.set_benchmark(lambda _time: 0)
            self.prepare()

        def prepare(self) -> None:
            """For subclasses."""

        def on_data(self, data: Any) -> None:
            found = data.get(Weather)
            if self.security.symbol in found:
                self.seen.append((self.time, found[self.security.symbol].value))

    return Follows
