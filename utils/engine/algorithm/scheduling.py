"""`self.schedule`, `self.date_rules`, `self.time_rules`, `self.train`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from utils.engine.algorithm.base import AlgorithmBase


class Scheduling(AlgorithmBase):
    """Things to do at set times."""

    schedule: Any
    date_rules: Any
    time_rules: Any

    def train(self, *terms: Any) -> Any:
        """Train now, or by date and time rules; in a backtest a training is a plain call."""
        if len(terms) == 1:
            code: Callable[[], None] = terms[0]
            return self.schedule.training_now(code)
        return self.schedule.training(*terms)
