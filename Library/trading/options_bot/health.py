"""Watches machine, broker, data and equity; stops new risk, and closes what has to be closed."""

from __future__ import annotations

from datetime import datetime

from trading.monitoring.levels import Level
from trading.monitoring.monitor import ResourceMonitor
from trading.options_bot.positions import Positions
from trading.risk.circuit_breaker import CircuitBreaker
from trading.risk.load_shedding import LoadShedding


class Health:
    """The bot's look at itself, every half minute or so."""

    def __init__(
        self,
        breaker: CircuitBreaker,
        monitor: ResourceMonitor,
        shedding: LoadShedding,
        positions: Positions,
        heeds_resources: bool,
    ) -> None:
        """`heeds_resources`: whether load is shed when the machine is under pressure."""
        self._breaker = breaker
        self._monitor = monitor
        self._shedding = shedding
        self._positions = positions
        self._heeds_resources = heeds_resources
        self._last_data: datetime | None = None

    @property
    def halted(self) -> str:
        """Why no new risk may be taken; empty when it may."""
        if not self._shedding.may_open:
            return f"load is shed: {self._shedding.level.name.lower().replace('_', ' ')}"
        if self._breaker.allows(opening=True):
            return ""
        return f"the circuit breaker is {self._breaker.state}: {self._breaker.reason}"

    def data_came(self, now: datetime) -> None:
        """New market data, not merely carried forward."""
        self._last_data = now

    def check(
        self,
        now: datetime,
        equity: float | None,
        securities: int,
        contracts: int,
        broker_latency_ms: float | None,
    ) -> None:
        """Measure, tell the breaker, shed load, and close what has to be closed.

        Args:
            equity: the account's; None while the market is closed, when neither it nor data counts.
            securities, contracts: subscribed to.
            broker_latency_ms: measured since the last look, if any was.
        """
        self._monitor.update(
            active_securities=securities,
            active_positions=len(self._positions.executor.spreads),
            broker_latency_ms=broker_latency_ms,
            active_contracts=contracts,
        )
        self._shedding.update(self._monitor.level if self._heeds_resources else Level.NORMAL)
        if equity is None:
            self._last_data = None
            self._breaker.observe_data(None)
        else:
            self._last_data = self._last_data or now  # from the session's begin on, data is due
            self._breaker.observe_equity(equity)
            self._breaker.observe_data((now - self._last_data).total_seconds())
        self._close()

    def _close(self) -> None:
        if self._breaker.liquidation_requested:
            self._positions.close_all(f"the circuit breaker asks for it: {self._breaker.reason}")
            if not self._positions.executor.spreads:
                self._breaker.liquidated()
        elif self._shedding.should_close and self._positions.close_least_profitable(
            "load is shed: it is the least profitable"
        ):
            self._shedding.record_close()
