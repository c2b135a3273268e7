"""Universes that a function of the algorithm's selects."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from utils.engine.testing import Backtest, LeanData

PRICES = [100, 101, 102, 103, 104, 105, 106]


@pytest.fixture
def data(lean_data: LeanData) -> Path:
    """SPY and IBM from Thursday 2020-01-02 to Friday 2020-01-10."""
    for ticker in ("spy", "ibm"):
        folder = lean_data.daily(f"equity/usa/daily/{ticker}", "2020-01-02", PRICES)
    return folder


def algorithm(begin: Any, **callbacks: Any) -> Any:
    """An algorithm of daily bars that notes what comes and goes."""
    from AlgorithmImports import QCAlgorithm, Resolution

    class Follows(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2020, 1, 2)
            self.set_end_date(2020, 1, 10)
            self.universe_settings.resolution = Resolution.DAILY
            self.set_benchmark(lambda _time: 1)
            self.changes: list[tuple[int, list[str], list[str]]] = []
            self.ended: list[tuple[int, str]] = []
            begin(self)

        def on_securities_changed(self, changes: Any) -> None:
            added, removed = (
                [security.symbol.value for security in part]
                for part in (changes.added_securities, changes.removed_securities)
            )
            self.changes.append((self.time.day, added, removed))

    return type("Follows", (Follows,), callbacks)


def run(backtest: Backtest, kind: Any, data: Path) -> Any:
    outcome = backtest(kind, data)
    assert outcome.completed, outcome.error
    return outcome.algorithm


def test_tickers_by_day(backtest: Backtest, data: Path) -> None:
    asked: list[datetime] = []

    def select(time: datetime) -> list[str]:
        asked.append(time)
        return ["IBM", "SPY"] if time.day in (6, 7) else ["SPY"]

    done = run(backtest, algorithm(lambda self: self.add_universe("mine", select)), data)
    assert asked == [datetime(2020, 1, day) for day in (2, 3, 6, 7, 8, 9, 10)]  # each day of trading
    assert done.changes == [(2, ["SPY"], []), (6, ["IBM"], []), (8, [], ["IBM"])]


def test_unchanged_and_other_kinds(backtest: Backtest, data: Path) -> None:
    from AlgorithmImports import Market, Resolution, SecurityType, Universe

    def select(time: datetime) -> Any:
        return ["SPY"] if time.day == 2 else Universe.UNCHANGED

    def begin(self: Any) -> None:
        settings = self.universe_settings
        terms = (SecurityType.EQUITY, "mine", Resolution.DAILY, Market.USA, settings, select)
        self.universe = self.add_universe(*terms)

    done = run(backtest, algorithm(begin), data)
    assert done.changes == [(2, ["SPY"], [])]
    assert [symbol.value for symbol in done.universe.members] == ["SPY"]


def test_on_a_schedule(backtest: Backtest, data: Path) -> None:
    from AlgorithmImports import Market, ScheduledUniverse, SecurityType, Symbol

    def begin(self: Any) -> None:
        spy = Symbol.create("SPY", SecurityType.EQUITY, Market.USA)
        rules = self.date_rules.on(datetime(2020, 1, 7)), self.time_rules.at(10, 0)
        self.add_universe(ScheduledUniverse(*rules, lambda _time: [spy]))

    done = run(backtest, algorithm(begin), data)
    assert done.changes == [(7, ["SPY"], [])]


def test_universes_by_fundamentals_are_refused(backtest: Backtest, data: Path) -> None:
    outcome = backtest(algorithm(lambda self: self.add_universe(lambda _fundamentals: [])), data)
    assert "NotSupportedByEngine: add_universe" in str(outcome.error)


def test_the_end_of_the_day_is_that_of_what_is_followed(backtest: Backtest, data: Path) -> None:
    def note(self: Any, symbol: Any) -> None:
        self.ended.append((self.time.day, symbol.value))

    kind = algorithm(
        lambda self: self.add_universe("mine", lambda time: ["IBM"] if time.day == 6 else ["SPY"]),
        on_end_of_day=note,
    )
    ended = run(backtest, kind, data).ended
    assert [day for day, ticker in ended if ticker == "IBM"] == [6]
    assert [day for day, ticker in ended if ticker == "SPY"] == [2, 3, 7, 8, 9, 10]


def test_the_initializer_runs_again_for_what_comes_again(backtest: Backtest, data: Path) -> None:
    initialized: list[str] = []

    def begin(self: Any) -> None:
        self.set_security_initializer(lambda security: initialized.append(security.symbol.value))
        self.add_universe("mine", lambda time: ["IBM"] if time.day in (3, 8) else [])

    run(backtest, algorithm(begin), data)
    assert initialized.count("IBM") == 2


def test_prices_before_the_first_bar(backtest: Backtest, data: Path) -> None:
    def begin(self: Any) -> None:
        self.settings.seed_initial_prices = True
        self.set_start_date(2020, 1, 7)
        self.known = self.add_equity("SPY").price
        self.add_universe("mine", lambda _time: ["IBM"])

    def note(self: Any, changes: Any) -> None:
        self.ended += [(security.price, security.symbol.value) for security in changes.added_securities]

    done = run(backtest, algorithm(begin, on_securities_changed=note), data)
    assert done.known == 102.0
    assert (102.0, "IBM") in done.ended
