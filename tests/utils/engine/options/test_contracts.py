"""Contracts added one by one: their terms, their data, their end."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from utils.engine.testing import Backtest

Rows = list[tuple[Any, ...]]


def american_call(underlying: Any, strike: float, expiry: datetime) -> Any:
    from AlgorithmImports import OptionRight, OptionStyle, Symbol

    return Symbol.create_option(underlying, "usa", OptionStyle.AMERICAN, OptionRight.CALL, strike, expiry)


def run(backtest: Backtest, kind: type, sample_data: Path) -> Any:
    """The algorithm after a run that went through."""
    outcome = backtest(kind, sample_data / "lean")
    assert outcome.completed, outcome.error
    return outcome.algorithm


def test_a_contract_has_quotes_trades_and_open_interest(backtest: Backtest, sample_data: Path) -> None:
    from AlgorithmImports import OptionRight, OptionStyle, QCAlgorithm

    rows: Rows = []

    class Contract(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2015, 12, 24)
            self.set_end_date(2015, 12, 24)
            goog = self.add_equity("GOOG").symbol
            symbol = american_call(goog, 747.5, datetime(2015, 12, 24))
            self.option = self.add_option_contract(symbol)

        def on_data(self, slice: Any) -> None:  # noqa: A002 - LEAN's name
            option = self.option
            if slice.quote_bars.contains_key(option.symbol):
                bid, ask = option.bid_price, option.ask_price
                rows.append((self.time, option.price, bid, ask, option.open_interest))

    algorithm = run(backtest, Contract, sample_data)
    option = algorithm.option
    assert (option.strike_price, option.expiry) == (747.5, datetime(2015, 12, 24))
    assert (option.right, option.style) == (OptionRight.CALL, OptionStyle.AMERICAN)
    assert option.contract_multiplier == option.contract_unit_of_trade == 100
    assert option.underlying is algorithm.securities["GOOG"]
    assert option.get_intrinsic_value(750.0) == 2.5
    assert option.get_pay_off(740.0) == -7.5
    # As the files have it: 34200000,23000,...,40000 and, before the market opens, 23400000,483.
    assert rows[0] == (datetime(2015, 12, 24, 9, 31), 3.15, 2.3, 4.0, 483)
    assert rows[-1][0] == datetime(2015, 12, 24, 13)  # the early close


def test_the_underlying_is_added_with_raw_prices_and_the_user_is_told(
    backtest: Backtest, sample_data: Path
) -> None:
    from AlgorithmImports import QCAlgorithm, Resolution

    class Alone(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2014, 6, 6)
            self.set_end_date(2014, 6, 6)
            adjusted = self.add_equity("AAPL", Resolution.MINUTE)
            self.before = str(adjusted.data_normalization_mode)
            symbol = american_call(adjusted.symbol, 650, datetime(2014, 6, 21))
            self.option = self.add_option_contract(symbol, Resolution.MINUTE)

    algorithm = run(backtest, Alone, sample_data)
    underlying = algorithm.securities["AAPL"]
    assert (algorithm.before, str(underlying.data_normalization_mode)) == ("Adjusted", "Raw")
    assert underlying.price > 600  # before the split of June 9th
    assert any("raw price normalization mode" in line for line in algorithm.log_lines)


def test_a_contract_is_delisted_when_its_last_day_is_over(backtest: Backtest, sample_data: Path) -> None:
    from AlgorithmImports import QCAlgorithm, Resolution

    told: Rows = []

    class Expires(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2015, 12, 23)
            self.set_end_date(2015, 12, 28)
            goog = self.add_equity("GOOG", Resolution.MINUTE).symbol
            symbol = american_call(goog, 747.5, datetime(2015, 12, 24))
            self.option = self.add_option_contract(symbol, Resolution.MINUTE)

        def on_delistings(self, delistings: Any) -> None:
            told.extend((self.time, str(pair.value.type)) for pair in delistings)

    algorithm = run(backtest, Expires, sample_data)
    assert told == [(datetime(2015, 12, 24), "Warning"), (datetime(2015, 12, 25), "Delisted")]
    assert algorithm.option.is_delisted
    assert not algorithm.option.is_tradable


def test_an_index_option_settles_in_money(backtest: Backtest, sample_data: Path) -> None:
    from AlgorithmImports import Market, OptionRight, OptionStyle, QCAlgorithm, SettlementType, Symbol

    seen: Rows = []

    class OnIndex(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2021, 1, 4)
            self.set_end_date(2021, 1, 4)
            spx = self.add_index("SPX").symbol
            symbol = Symbol.create_option(
                spx, Market.USA, OptionStyle.EUROPEAN, OptionRight.CALL, 3700, datetime(2021, 1, 15)
            )
            self.option = self.add_index_option_contract(symbol)

        def on_data(self, slice: Any) -> None:  # noqa: A002 - LEAN's name
            if self.option.symbol in slice.quote_bars:
                seen.append((self.time, self.option.bid_price, self.option.ask_price))

    algorithm = run(backtest, OnIndex, sample_data)
    assert algorithm.option.exercise_settlement == SettlementType.CASH
    assert len(seen) > 300
    assert all(0 < bid < ask for _, bid, ask in seen)


def test_a_symbol_that_is_no_contract_is_refused(backtest: Backtest, sample_data: Path) -> None:
    from AlgorithmImports import QCAlgorithm

    class Wrong(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2014, 6, 6)
            self.add_option_contract(self.add_equity("AAPL").symbol)

    outcome = backtest(Wrong, sample_data / "lean")
    assert not outcome.completed
    assert "Unexpected option symbol" in str(outcome.error)
