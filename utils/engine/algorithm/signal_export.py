"""`self.signal_export`: a backtest sends nothing out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from utils.engine.dotnet.naming import DotNet


class SignalExportManager(DotNet):  # LEAN's name
    """Takes providers and targets; sends in live trading only, as LEAN."""

    automatic_export_time_span: timedelta | None

    def __init__(self, algorithm: Any) -> None:
        self._algorithm = algorithm
        self._providers: list[Any] = []
        self.automatic_export_time_span = timedelta(seconds=5)

    def add_signal_export_provider(self, signal_export: Any) -> None:
        """Add a provider."""
        self._providers.append(signal_export)

    def add_signal_export_providers(self, *signal_exports: Any) -> None:
        """Add providers."""
        self._providers.extend(signal_exports)

    def set_target_portfolio(self, *_targets: Any) -> bool:
        """Export targets; True as LEAN says in a backtest."""
        return True

    def set_target_portfolio_from_portfolio(self) -> bool:
        """Export the portfolio; True as LEAN says in a backtest."""
        return True


class SignalExportTarget(DotNet):
    """A service that would take targets."""

    def __init__(self, *_terms: Any, **_named: Any) -> None:
        """Terms are for live trading."""


class VBaseSignalExport(SignalExportTarget):
    """vBase."""


class Collective2SignalExport(SignalExportTarget):
    """Collective2."""


class CrunchDAOSignalExport(SignalExportTarget):
    """CrunchDAO."""


class NumeraiSignalExport(SignalExportTarget):
    """Numerai."""
