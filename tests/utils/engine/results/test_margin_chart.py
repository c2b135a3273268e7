"""The chart of what positions tie up, in a whole backtest."""

from __future__ import annotations

from typing import Any

from AlgorithmImports import QCAlgorithm, Resolution, SecurityMarginModel

from utils.engine.testing import Backtest, LeanData


class Holds(QCAlgorithm):
    """Holds SPY from the second day to the fourth, for the whole account, at a leverage of two."""

    def initialize(self) -> None:
        self.set_start_date(2024, 1, 2)
        self.set_end_date(2024, 1, 9)
        self.set_cash(100_000)
        self.spy = self.add_equity("SPY", Resolution.DAILY)

    def on_data(self, _: Any) -> None:
        if self.time.day == 3:
            self.market_on_open_order("SPY", 900)
        elif self.time.day == 5:
            self.market_on_open_order("SPY", -900)


class FailsAtMidnight(SecurityMarginModel):
    """Cannot tell then what a position ties up."""

    def get_maintenance_margin(self, parameters: Any) -> Any:
        if parameters.security.local_time.hour == 0:
            raise ValueError("no margin tonight")
        return super().get_maintenance_margin(parameters)


def margins(outcome: Any) -> dict[str, list[float | None]]:
    chart = outcome.result.charts.get("Portfolio Margin")
    return (
        {}
        if chart is None
        else {name: [point.y for point in series.values] for name, series in chart.series.items()}
    )


def test_a_position_is_shown_while_it_is_held(backtest: Backtest, lean_data: LeanData) -> None:
    data = lean_data.daily("equity/usa/daily/spy", "2023-12-29", [100.0] * 12)
    outcome = backtest(Holds, data)
    assert outcome.completed, outcome.error
    shown = margins(outcome)
    assert list(shown) == ["SPY"]
    held = [value for value in shown["SPY"] if value is not None]
    assert held and all(abs(value - 45.0) < 0.1 for value in held)  # 900 x 100 / 2 of 100,000


def test_a_model_that_fails_leaves_the_chart_out(backtest: Backtest, lean_data: LeanData) -> None:
    class HoldsWithIt(Holds):
        def initialize(self) -> None:
            super().initialize()
            self.spy.set_buying_power_model(FailsAtMidnight(2.0))

    data = lean_data.daily("equity/usa/daily/spy", "2023-12-29", [100.0] * 12)
    outcome = backtest(HoldsWithIt, data)
    assert outcome.completed, outcome.error
    assert margins(outcome) == {}
    assert outcome.algorithm is not None
    assert any("no margin tonight" in message for message in outcome.algorithm.error_messages)
