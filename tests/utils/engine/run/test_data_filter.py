"""A security's filter of data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from utils.engine.testing import Backtest, LeanData

PRICES = [100, 101, 999, 103, 104, 105, 106]


def closes_through(backtest: Backtest, data: Path, passes: Any) -> tuple[list[float], Any]:
    """What an algorithm sees through a filter, and the outcome."""
    from AlgorithmImports import QCAlgorithm, Resolution, SecurityDataFilter

    class Filter(SecurityDataFilter):
        def filter(self, _vehicle: Any, data: Any) -> bool:
            return bool(passes(data))

    class Filtered(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2020, 1, 2)
            self.set_end_date(2020, 1, 10)
            spy = self.add_equity("SPY", Resolution.DAILY)
            spy.set_data_filter(Filter())
            self.average = self.sma("SPY", 3)
            self.seen: list[float] = []

        def on_data(self, data: Any) -> None:
            self.seen += [bar.close for bar in data.bars.values()]

    outcome = backtest(Filtered, data)
    assert outcome.completed, outcome.error
    algorithm: Any = outcome.algorithm
    return algorithm.seen, outcome


def test_a_bad_bar_is_seen_by_nobody(backtest: Backtest, lean_data: LeanData) -> None:
    data = lean_data.daily("equity/usa/daily/spy", "2020-01-02", PRICES)
    seen, outcome = closes_through(backtest, data, lambda bar: bar.close < 500)
    assert seen == [100, 101, 103, 104, 105, 106]
    assert outcome.algorithm.average.samples == 6
    assert outcome.algorithm.average.current.value == 105


def test_a_filter_that_raises_lets_nothing_through(backtest: Backtest, lean_data: LeanData) -> None:
    data = lean_data.daily("equity/usa/daily/spy", "2020-01-02", PRICES)
    seen, outcome = closes_through(backtest, data, lambda bar: 1 / (bar.close - 103))
    assert seen == [100, 101, 999, 104, 105, 106]
    assert any("ZeroDivisionError" in message for message in outcome.algorithm.error_messages)
