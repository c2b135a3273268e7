"""What the parts of `QCAlgorithm` have in common."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Any

from utils.engine.algorithm.environment import Environment
from utils.engine.algorithm.settings import AlgorithmSettings, UniverseSettings
from utils.engine.clock import Clock
from utils.engine.dotnet.naming import DotNet
from utils.engine.errors import AlgorithmError
from utils.engine.securities.portfolio import SecurityPortfolioManager
from utils.engine.securities.security import Security
from utils.engine.securities.security_manager import SecurityManager
from utils.engine.transactions.transaction_manager import SecurityTransactionManager


class AlgorithmBase(DotNet):
    """State the parts share; the last class of the line makes it.

    Attributes:
        quit_reason: set when the algorithm asked to stop, or was stopped.
    """

    securities: SecurityManager
    portfolio: SecurityPortfolioManager
    transactions: SecurityTransactionManager
    settings: AlgorithmSettings
    universe_settings: UniverseSettings
    subscription_manager: Any
    brokerage_model: Any
    quit_reason: str | None

    _environment: Environment
    _clock: Clock
    _zone: tzinfo
    _locked: bool
    _warming_up: bool

    @property
    def time(self) -> datetime:
        """Now in the algorithm's time zone."""
        return self._clock.local(self._zone)

    @property
    def utc_time(self) -> datetime:
        """Now in UTC."""
        return self._clock.utc

    @property
    def is_warming_up(self) -> bool:
        """Whether the start date is still to come."""
        return self._warming_up

    @property
    def live_mode(self) -> bool:
        """Whether real time passes: never here."""
        return False

    def _only_in_initialize(self, name: str) -> None:
        if self._locked:
            raise AlgorithmError(f"{name}: cannot be changed after the algorithm was initialized")

    def _stop(self, reason: str | None) -> None:
        """End the run after this step; None: do not."""
        self.quit_reason = reason
        self._clock.interrupted = True

    # Given by other parts

    debug: Callable[[Any], None]
    error: Callable[[Any], None]
    add_security: Callable[..., Security]
