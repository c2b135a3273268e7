"""What a run gives the algorithm it makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from utils.engine.clock import Clock
from utils.engine.errors import AlgorithmError
from utils.engine.feed.data_folder import DataFolder


@dataclass
class Environment:
    """Data, parameters and sinks of one run.

    Attributes:
        object_store: folder of the Object Store.
        log: takes lines of the log as they come, with their time.
        securities: of the run's algorithm, once it is made.
    """

    data: DataFolder
    parameters: Mapping[str, str]
    object_store: Path
    log: Callable[[str], None]
    clock: Clock = field(default_factory=Clock)
    name: str = ""
    algorithm_id: str = ""
    securities: Any = None


_present: ContextVar[Environment | None] = ContextVar("environment", default=None)


def enter(environment: Environment) -> None:
    """Make algorithms created from now on part of this run."""
    _present.set(environment)


def present() -> Environment:
    """The run an algorithm is created in.

    Raises:
        AlgorithmError: none is under way.
    """
    environment = _present.get()
    if environment is None:
        raise AlgorithmError(
            "QCAlgorithm: no run is under way; use scripts/backtest.py, utils.engine.run_backtest or the "
            "fixtures of utils.engine.testing"
        )
    return environment
