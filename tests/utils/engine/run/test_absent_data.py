"""A run says what the data folder has nothing of."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from utils.engine.testing import Backtest, LeanData


def said(outcome: Any) -> list[str]:
    return [line for line in outcome.log if "no data was found" in line]


def test_a_security_without_data_is_told_of_with_its_file(backtest: Backtest, tmp_path: Path) -> None:
    from AlgorithmImports import QCAlgorithm, Resolution

    class Misspelt(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2020, 1, 2)
            self.set_end_date(2020, 1, 7)
            for ticker in ("SPY", "SPYX"):
                self.add_equity(ticker, Resolution.DAILY)
            self.add_equity("AAPL", Resolution.MINUTE)

    LeanData(tmp_path / "data").daily("equity/usa/daily/spy", "2020-01-02", [100, 101, 102, 103])
    outcome = backtest(Misspelt, tmp_path / "data")
    assert outcome.completed, outcome.error
    assert set(outcome.absent_data) == {
        "SPYX (daily): equity/usa/daily/spyx.zip is not there",
        "AAPL (minute): equity/usa/minute/aapl/20200102_trade.zip is not there",
    }
    (line,) = said(outcome)
    assert all(what in line for what in outcome.absent_data)


def test_an_option_needs_quotes(backtest: Backtest, sample_data: Path) -> None:
    from AlgorithmImports import Market, OptionRight, OptionStyle, QCAlgorithm, Resolution, Symbol

    class Contract(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2014, 6, 6)
            self.set_end_date(2014, 6, 6)
            option = Symbol.create_option(
                "AAPL", Market.USA, OptionStyle.AMERICAN, OptionRight.CALL, 640, datetime(2014, 6, 6)
            )
            self.add_option_contract(option, Resolution.MINUTE)

    outcome = backtest(Contract, sample_data / "lean")
    assert outcome.completed, outcome.error
    assert all(what.startswith("quotes of AAPL") for what in outcome.absent_data)


def test_nothing_is_said_where_there_are_data(backtest: Backtest, sample_data: Path) -> None:
    from AlgorithmImports import QCAlgorithm, Resolution

    class Trades(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2013, 10, 7)
            self.set_end_date(2013, 10, 8)
            self.add_equity("SPY", Resolution.MINUTE)

    outcome = backtest(Trades, sample_data / "lean")
    assert outcome.completed and not outcome.absent_data and not said(outcome)
