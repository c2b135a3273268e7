"""A circuit breaker with all it needs, and what opens it."""

from __future__ import annotations

import math
from typing import Any

from tests.trading.risk.stores import Store, Time
from trading.risk.breaker_record import BreakerState
from trading.risk.circuit_breaker import RECORD_KEY, CircuitBreaker, create_circuit_breaker
from trading.risk.config import Trigger


class Bench:
    """A breaker with its clock, its store and its log; `restart` makes the next run's."""

    def __init__(self, **config: Any) -> None:
        self.config = config
        self.time, self.store = Time(), Store()
        self.log: list[str] = []
        self.breaker = self.make()

    def make(self) -> CircuitBreaker:
        return create_circuit_breaker(
            self.config, clock=self.time, object_store=self.store, log=self.log.append
        )

    def restart(self) -> CircuitBreaker:
        self.breaker = self.make()
        return self.breaker

    def state(self) -> BreakerState:
        return self.breaker.state

    def wait(self, seconds: float) -> BreakerState:
        self.time.pass_(seconds)
        self.breaker.update()
        return self.breaker.state


def trip(bench: Bench, trigger: Trigger) -> None:
    breaker = bench.breaker
    match trigger:
        case Trigger.DAILY_LOSS:
            breaker.observe_equity(100_000)
            breaker.observe_equity(97_000)
        case Trigger.DRAWDOWN:
            for day, equity in enumerate((100_000, 98_000, 96_100, 94_200, 92_300, 90_500, 89_900), 5):
                bench.time.now = bench.time.now.replace(day=day)
                breaker.observe_equity(equity)
        case Trigger.EQUITY_UNKNOWN:
            breaker.observe_equity(math.nan)
        case Trigger.CONSECUTIVE_LOSSES:
            for _ in range(5):
                breaker.record_trade(-1)
        case Trigger.BROKER_LATENCY:
            for _ in range(3):
                breaker.observe_latency(500)
        case Trigger.RESOURCES:
            breaker.observe_resources(["memory at 91.0 %"])
        case Trigger.STALE_DATA:
            breaker.observe_data(181)
        case Trigger.MANUAL_HALT:
            breaker.halt("the news")
        case Trigger.STATE_UNREADABLE:
            bench.store.texts[RECORD_KEY] = "{"
            bench.restart()
        case Trigger.STATE_UNSAVED:
            bench.store.full = True
            breaker.record_trade(-1)
