"""Questions to an algorithm that has begun."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from utils.engine.testing import Backtest

Question = Callable[[Any], Any]
Asked = Callable[[Question], Any]


@pytest.fixture
def asked(backtest: Backtest, sample_data: Path, subscribe: Callable[[Any], None]) -> Asked:
    """What a function answers that is given an algorithm at 2013-10-11 that `subscribe` made follow data."""
    from AlgorithmImports import QCAlgorithm

    def ask(question: Question) -> Any:
        answers: list[Any] = []

        class Asks(QCAlgorithm):
            def initialize(self) -> None:
                self.set_start_date(2013, 10, 11)
                self.set_end_date(2013, 10, 11)
                subscribe(self)
                answers.append(question(self))

        outcome = backtest(Asks, sample_data / "lean")
        assert outcome.completed, outcome.error
        return answers[0]

    return ask
