"""`warm_up_indicator`, and indicators that are warmed up when they are made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.utils.engine.algorithm.conftest import Asked
from utils.engine.testing import Backtest


@pytest.fixture
def subscribe() -> Callable[[Any], None]:
    """What the algorithm follows."""
    from AlgorithmImports import Resolution

    def follow(algorithm: Any) -> None:
        algorithm.spy = algorithm.add_equity("SPY", Resolution.DAILY).symbol
        algorithm.ibm = algorithm.add_equity("IBM", Resolution.DAILY).symbol
        algorithm.minutes = algorithm.add_equity("BAC", Resolution.MINUTE).symbol

    return follow


def closes(algorithm: Any, symbol: Any, count: int) -> list[float]:
    return list(algorithm.history(symbol, count)["close"])


def test_an_indicator_forgets_what_it_was_fed_with_before(asked: Asked) -> None:
    from AlgorithmImports import SimpleMovingAverage

    def question(algorithm: Any) -> Any:
        average = SimpleMovingAverage(3)
        average.update(algorithm.time - timedelta(days=100), 5000.0)
        for _ in range(2):
            algorithm.warm_up_indicator(algorithm.spy, average)
        return average, closes(algorithm, algorithm.spy, 3)

    average, expected = asked(question)
    assert average.samples == 3
    assert average.current.value == pytest.approx(sum(expected) / 3)


def test_an_algorithms_own_class(asked: Asked) -> None:
    class Last:
        warm_up_period = 4
        value = 0.0
        seen = 0

        @property
        def is_ready(self) -> bool:
            return self.seen >= 4

        def update(self, data: Any) -> bool:
            self.seen += 1
            self.value = data.close
            return self.is_ready

    def question(algorithm: Any) -> Any:
        last = Last()
        algorithm.warm_up_indicator(algorithm.ibm, last)
        return last, closes(algorithm, algorithm.ibm, 4)

    last, expected = asked(question)
    assert (last.seen, last.value) == (4, expected[-1])


def test_bars_of_a_length(asked: Asked) -> None:
    from AlgorithmImports import RateOfChange

    def question(algorithm: Any) -> Any:
        rate = RateOfChange(2)
        algorithm.warm_up_indicator(algorithm.minutes, rate, timedelta(minutes=5))
        return rate

    rate = asked(question)
    assert rate.is_ready
    assert rate.current.end_time.minute % 5 == 0


def test_one_that_does_not_say_what_it_needs_is_told_of(asked: Asked) -> None:
    class Endless:
        value, is_ready = 0.0, True

        def update(self, _data: Any) -> bool:
            raise AssertionError

    def question(algorithm: Any) -> Any:
        algorithm.warm_up_indicator("SPY", Endless())
        return list(algorithm.log_lines)

    assert any("is not warmed up" in line for line in asked(question))


def test_automatic_warm_up(asked: Asked) -> None:
    def question(algorithm: Any) -> Any:
        algorithm.settings.automatic_indicator_warm_up = True
        highest = algorithm.max(algorithm.spy, 5)
        beta = algorithm.b(algorithm.ibm, algorithm.spy, 10)
        assert highest.is_ready and beta.is_ready
        return highest.current.value, beta.current.value, list(algorithm.history(algorithm.spy, 5)["high"])

    highest, beta, highs = asked(question)
    assert highest == max(highs)
    assert beta != 0


def test_automatic_warm_up_of_an_options_indicator(backtest: Backtest, sample_data: Path) -> None:
    from AlgorithmImports import Market, OptionRight, OptionStyle, QCAlgorithm, Resolution, Symbol

    class Asks(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2021, 1, 5)
            self.set_end_date(2021, 1, 5)
            self.settings.automatic_indicator_warm_up = True
            index = self.add_index("SPX", Resolution.MINUTE).symbol
            option = Symbol.create_option(
                index, Market.USA, OptionStyle.EUROPEAN, OptionRight.CALL, 3800, datetime(2021, 1, 15)
            )
            self.add_option_contract(option, Resolution.MINUTE)
            self.volatility = self.iv(option)
            self.known = self.volatility.current.value

    outcome = backtest(Asks, sample_data / "lean")
    assert outcome.completed, outcome.error
    algorithm: Any = outcome.algorithm
    assert 0.1 < algorithm.known < 0.3
