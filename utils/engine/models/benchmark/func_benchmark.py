"""A benchmark computed from the time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from utils.engine.dotnet.naming import DotNet


class FuncBenchmark(DotNet):
    """The values of a function of UTC time."""

    def __init__(self, benchmark: Callable[[datetime], Any]) -> None:
        self._benchmark = benchmark

    def evaluate(self, time: datetime) -> Any:
        """Value at a UTC time."""
        return self._benchmark(time)
