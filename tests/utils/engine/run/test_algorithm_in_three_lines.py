"""What a user's own test of an algorithm looks like."""

from __future__ import annotations

from typing import Any

import pytest

from utils.engine.testing import Backtest, LeanData

SPY = "equity/usa/daily/spy"


def buy_and_hold() -> Any:
    from AlgorithmImports import QCAlgorithm, Resolution

    class BuyAndHold(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2020, 1, 2)
            self.set_end_date(2020, 1, 10)
            self.set_cash(10_000)
            self.spy = self.add_equity("SPY", Resolution.DAILY).symbol

        def on_data(self, slice: Any) -> None:
            if not self.portfolio.invested:
                self.market_order(self.spy, 10)

    return BuyAndHold


def test_an_order_on_daily_data_fills_at_the_next_open(backtest: Backtest, lean_data: LeanData) -> None:
    outcome = backtest(
        buy_and_hold(), lean_data.daily(SPY, "2020-01-02", [100, 101, 102, 103, 104, 105, 106])
    )
    assert outcome.completed, outcome.error
    (order,) = outcome.orders
    # Sent after Thursday's close at 100, filled at Friday's open, which is the close before; IB's least fee.
    assert (order.type.name, order.quantity, order.price) == ("MARKET_ON_OPEN", 10, 100)
    assert outcome.algorithm is not None
    assert outcome.algorithm.portfolio.cash == pytest.approx(10_000 - 1_000 - 1)
    assert outcome.statistics["Total Fees"] == "$1.00"


def test_pascal_case_is_the_same_algorithm(backtest: Backtest, lean_data: LeanData) -> None:
    from AlgorithmImports import QCAlgorithm, Resolution

    class Pascal(QCAlgorithm):
        def Initialize(self) -> None:
            self.SetStartDate(2020, 1, 2)  # type: ignore[attr-defined]
            self.SetEndDate(2020, 1, 10)  # type: ignore[attr-defined]
            self.SetCash(10_000)  # type: ignore[attr-defined]
            self.spy = self.AddEquity("SPY", Resolution.Daily).Symbol  # type: ignore[attr-defined]

        def OnData(self, data: Any) -> None:
            if not self.Portfolio.Invested:  # type: ignore[attr-defined]
                self.MarketOrder(self.spy, 10)  # type: ignore[attr-defined]

    data = lean_data.daily(SPY, "2020-01-02", [100, 101, 102, 103, 104, 105, 106])
    one, other = backtest(buy_and_hold(), data), backtest(Pascal, data)
    assert other.completed, other.error
    assert other.statistics == one.statistics


def test_results_are_written_under_the_name_of_the_algorithm(backtest: Backtest, lean_data: LeanData) -> None:
    outcome = backtest(buy_and_hold(), lean_data.daily(SPY, "2020-01-02", [100, 101, 102, 103, 104]))
    assert outcome.files["result"].name == "BuyAndHold.json"
    assert {"result", "summary", "order-events", "log"} == set(outcome.files)
