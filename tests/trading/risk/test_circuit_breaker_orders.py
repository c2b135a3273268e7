"""No order of events lets new risk through while a trigger holds, or lets a restart forget an opening.

The machine keeps books of its own: which conditions hold, how long the rows are, when a person is wanted. It
knows the rules as the guide states them, and nothing of how the breaker keeps them.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.trading.risk.stores import Store
from trading.risk.breaker_record import BreakerState
from trading.risk.breaker_store import MATERIAL_MOVE
from trading.risk.circuit_breaker import CircuitBreaker
from trading.risk.config import BreakerConfig, Trigger

COOL_DOWN, TRIAL = 100.0, 60.0
START = datetime(2026, 1, 5, 15, 0, tzinfo=UTC)
HUMAN = (Trigger.DRAWDOWN, Trigger.STALE_DATA)
CONFIG = BreakerConfig(
    max_daily_loss_pct=3,
    max_drawdown_pct=10,
    max_consecutive_losses=2,
    max_broker_latency_ms=250,
    latency_readings=2,
    max_data_age_seconds=60,
    cool_down_seconds=COOL_DOWN,
    trial_seconds=TRIAL,
    trial_openings=1,
    human_reset=HUMAN,
    liquidate_on=(Trigger.DAILY_LOSS,),
)


class Orders(RuleBasedStateMachine):
    """Events in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.store = Store()
        self.breaker = self.make()
        # The books: conditions that hold, whether a person is wanted, the last moment anything was wrong.
        self.resources = self.stale = self.unknown = False
        self.wants_human = False
        self.trouble: datetime | None = None
        self.losses = self.slow = 0
        self.openings = 0

    def make(self) -> CircuitBreaker:
        return CircuitBreaker(CONFIG, clock=lambda: self.now, object_store=self.store)

    def wrong(self, human: bool = False) -> None:
        self.trouble = self.now
        self.wants_human = self.wants_human or human

    @initialize(equity=st.floats(1_000, 1_000_000))
    def begin(self, equity: float) -> None:
        self.breaker.observe_equity(equity)

    @rule(share=st.one_of(st.floats(0.85, 1.1), st.sampled_from((0.9, 0.97, 1.0))))
    def equity_moves(self, share: float) -> None:
        """Books of equity are the record's own figures, in which rounding and saving have a part."""
        before = self.breaker._record
        assert before.equity is not None
        equity = before.equity * share
        self.breaker.observe_equity(equity)
        self.unknown = False
        start = before.equity if before.day != self.now.date() else before.day_start
        assert start is not None
        assert before.peak is not None
        if equity <= start * (1 - 0.0300001):
            self.wrong()
        if equity <= max(before.peak, equity) * (1 - 0.1000001):
            self.wrong(human=True)
        if self.breaker._record.holding:  # at the very limit either is right
            self.wrong(human=Trigger.DRAWDOWN in self.breaker._record.holding)

    @rule(equity=st.sampled_from((math.nan, math.inf)))
    def equity_is_unknown(self, equity: float) -> None:
        self.breaker.observe_equity(equity)
        self.unknown = True
        self.wrong()

    @rule(profit=st.sampled_from((-1.0, 0.0, 1.0, math.nan)))
    def trade_closes(self, profit: float) -> None:
        self.breaker.record_trade(profit)
        if profit > 0:
            self.losses = 0
        elif profit != 0:
            self.losses += 1
            if self.losses >= 2:
                self.wrong()

    @rule(latency=st.sampled_from((0.0, 249.0, 250.0, 1e9, math.nan, -1.0)))
    def latency_comes(self, latency: float) -> None:
        self.breaker.observe_latency(latency)
        self.slow = 0 if 0 <= latency < 250 else self.slow + 1
        if self.slow >= 2:
            self.wrong()

    @rule(critical=st.booleans())
    def resources_come(self, critical: bool) -> None:
        self.breaker.observe_resources(["memory"] if critical else [])
        self.resources = critical

    @rule(age=st.sampled_from((None, 0.0, 60.0, 60.5, math.nan, math.inf)))
    def data_come(self, age: float | None) -> None:
        self.breaker.observe_data(age)
        self.stale = age is not None and not age <= 60
        if self.stale:
            self.wrong(human=True)

    @rule()
    def person_halts(self) -> None:
        self.breaker.halt("drill")
        self.wrong(human=True)

    @rule()
    def person_resets(self) -> None:
        try:
            self.breaker.reset("Ann", "drill")
        except ValueError:
            return
        assert not (self.resources or self.stale or self.unknown)
        self.wants_human = False
        self.trouble = None
        self.losses = self.slow = self.openings = 0

    @rule(seconds=st.sampled_from((0.5, COOL_DOWN / 2, COOL_DOWN, 86_400.0)))
    def time_passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.breaker.update()

    @rule()
    def all_calms_down(self) -> None:
        """A new day, on which all that can end by itself does: what is missing then is missing for good."""
        self.now += timedelta(days=1)
        self.resources_come(critical=False)
        self.data_come(age=None)
        self.equity_moves(share=1.0)
        self.books_agree()
        self.time_passes(COOL_DOWN)

    @rule()
    def clock_is_set_back(self) -> None:
        self.now -= timedelta(seconds=30)
        self.breaker.update()
        if self.breaker.state is BreakerState.OPEN:
            self.trouble = self.now

    @precondition(lambda self: self.breaker.allows(opening=True))
    @rule()
    def position_opens(self) -> None:
        self.breaker.record_opening()
        self.openings += self.breaker.state is BreakerState.HALF_OPEN

    @precondition(lambda self: self.breaker.liquidation_requested)
    @rule()
    def positions_are_closed(self) -> None:
        self.breaker.liquidated()

    @rule()
    def process_dies_and_comes_back(self) -> None:
        before = self.breaker
        self.breaker = self.make()
        for name in ("state", "trip", "reason", "needs_reset", "transitions", "liquidation_requested"):
            assert getattr(self.breaker, name) == getattr(before, name), name
        for name in ("equity", "peak"):
            old, new = getattr(before._record, name), getattr(self.breaker._record, name)
            assert abs(old - new) <= MATERIAL_MOVE * abs(new)

    @invariant()
    def books_agree(self) -> None:
        if self.resources or self.stale or self.unknown:
            self.trouble = self.now
        if self.breaker.state is not BreakerState.HALF_OPEN:
            self.openings = 0
        if self.breaker.state is BreakerState.OPEN:
            return
        # What let it leave the open state: nothing holds, nobody is waited for, the cool-down has passed.
        assert not (self.resources or self.stale or self.unknown)
        assert not self.wants_human
        assert self.trouble is None or (self.now - self.trouble).total_seconds() >= COOL_DOWN
        assert not self.breaker.liquidation_requested
        assert self.breaker.state is BreakerState.CLOSED or self.openings <= 1
        self.trouble = None
        self.losses, self.slow = min(self.losses, 1), min(self.slow, 1)

    @invariant()
    def new_risk_needs_a_breaker_that_is_not_open(self) -> None:
        assert self.breaker.allows(opening=False)
        if self.breaker.state is BreakerState.OPEN:
            assert not self.breaker.allows(opening=True)
            assert self.breaker.reason
        if self.breaker.state is BreakerState.HALF_OPEN:
            assert self.breaker.allows(opening=True) == (self.openings < 1)


Orders.TestCase.settings = hypothesis_settings(max_examples=100, stateful_step_count=40, deadline=None)
TestOrders = pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")(Orders.TestCase)
