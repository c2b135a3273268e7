"""The circuit breaker: stops new risk when something is wrong, and lets every exit through."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from threading import RLock
from typing import Any, Final

from pydantic import BaseModel

from trading.clock import Clock, system_clock
from trading.risk.breaker_record import TRANSITIONS_KEPT, BreakerRecord, BreakerState, Transition
from trading.risk.breaker_store import BreakerStore, ObjectStore
from trading.risk.config import ALWAYS_RESET_BY_A_HUMAN, BreakerConfig, Trigger
from trading.risk.observation import Observation
from trading.sections import validated

RECORD_KEY: Final = "options_trading_bot/circuit_breaker.json"
"""Where the Object Store has the breaker's record."""

_ACCEPTED_BY_RESET: Final = frozenset({Trigger.DAILY_LOSS, Trigger.DRAWDOWN})
"""Conditions that a reset ends: losses are counted from it on."""


class CircuitBreaker:
    """Ask `allows` before each order; report what is observed as it comes.

    A trigger opens it at once. When no trigger holds any more and the cool-down has passed, it is half-open:
    a few openings are allowed. When the trial has passed without a trigger, it is closed. After triggers
    that want a human reset it stays open until `reset`. Time passes by `update` and by every observation.

    What it remembers survives a restart, through the Object Store. A record that cannot be read, or not be
    written, opens it. Its methods may be called from several threads.

    >>> breaker = CircuitBreaker(BreakerConfig(max_daily_loss_pct=3))
    >>> breaker.observe_equity(100_000)
    >>> breaker.allows(opening=True)
    True
    >>> breaker.observe_equity(96_900)
    >>> breaker.allows(opening=True), breaker.allows(opening=False)
    (False, True)
    >>> print(breaker.reason)
    daily_loss: equity 96,900.00 is 3.10 % below the day's start of 100,000.00; the limit is 3 %
    """

    def __init__(
        self,
        config: BreakerConfig,
        *,
        clock: Clock = system_clock,
        object_store: ObjectStore | None = None,
        key: str = RECORD_KEY,
        log: Callable[[str], object] | None = None,
    ) -> None:
        """Use `create_circuit_breaker`, which says what the arguments are."""
        self.config = config
        self._clock = clock
        self._store = BreakerStore(object_store, key) if object_store is not None else None
        self._log = log
        self._lock = RLock()
        self._record = BreakerRecord()
        with self._observation() as now:
            self._restore(now)

    @property
    def state(self) -> BreakerState:
        """Closed, open or half-open."""
        return self._record.state

    @property
    def transitions(self) -> tuple[Transition, ...]:
        """The latest hundred, over restarts, the latest last."""
        return self._record.transitions

    @property
    def trip(self) -> int:
        """The number of the present opening, or of the last."""
        return self._record.trip

    @property
    def reason(self) -> str:
        """Why it is open, or was before it became half-open; empty when closed."""
        return "; ".join(f"{trigger}: {why}" for trigger, why in self._record.tripped.items())

    @property
    def needs_reset(self) -> bool:
        """Whether it stays open until a person resets it."""
        wanted = ALWAYS_RESET_BY_A_HUMAN | set(self.config.human_reset)
        return self.state is BreakerState.OPEN and not wanted.isdisjoint(self._record.tripped)

    @property
    def liquidation_requested(self) -> bool:
        """Whether all positions shall be closed, until `liquidated` says that they are."""
        return self._record.liquidation

    def allows(self, opening: bool) -> bool:
        """Whether an order may be sent: one that only reduces risk always, one that opens or adds if closed.

        While half-open, `trial_openings` may be opened; tell each by `record_opening`.
        """
        if not opening or self.state is BreakerState.CLOSED:
            return True
        return self.state is BreakerState.HALF_OPEN and self._record.trial_opened < self.config.trial_openings

    def update(self) -> None:
        """Let time pass: the cool-down, the trial, and another try to save what could not be saved."""
        with self._observation():
            pass

    def record_opening(self) -> None:
        """An opening order was sent."""
        with self._observation():
            if self.state is BreakerState.HALF_OPEN:
                self._change(trial_opened=self._record.trial_opened + 1)

    def observe_equity(self, equity: float, trading_day: date | None = None) -> None:
        """The account's equity. A day starts with the last equity of the day before.

        Args:
            equity: in the account's currency. NaN or infinity opens the breaker: the loss cannot be told.
            trading_day: the day it belongs to, by default the clock's in UTC, in which no session of US
                shares or options spans two days. Days do not go back.
        """
        with self._observation() as now:
            if not math.isfinite(equity):
                self._hold(Trigger.EQUITY_UNKNOWN, f"equity is {equity}: the loss cannot be told", now)
                return
            self._release(Trigger.EQUITY_UNKNOWN)
            record = self._record
            day = trading_day or now.date()
            if record.day is None or day > record.day:
                start = equity if record.equity is None else record.equity
                self._change(day=day, day_start=start)
            self._change(equity=equity, peak=equity if record.peak is None else max(record.peak, equity))
            self._judge_equity(equity, now)

    def record_cash_flow(self, amount: float) -> None:
        """A deposit, or a negative withdrawal: no profit and no loss.

        Raises:
            ValueError: it is NaN or infinite.
        """
        if not math.isfinite(amount):
            raise ValueError(f"circuit breaker: a cash flow of {amount} is refused; an amount is wanted")
        with self._observation():
            figures = ("day_start", "equity", "peak")
            values = {name: getattr(self._record, name) for name in figures}
            self._change(**{name: value + amount for name, value in values.items() if value is not None})

    def record_trade(self, profit: float) -> None:
        """A position was closed with this profit, fees included; one that is NaN counts as a loss."""
        with self._observation() as now:
            if profit > 0:
                self._change(losses=0)
            elif profit < 0 or math.isnan(profit):
                self._change(losses=self._record.losses + 1)
                if self._record.losses >= self.config.max_consecutive_losses:
                    why = f"{self._record.losses} losing trades in a row; the limit is "
                    self._trip(Trigger.CONSECUTIVE_LOSSES, why + str(self.config.max_consecutive_losses), now)

    def observe_latency(self, milliseconds: float) -> None:
        """A newly measured latency of the broker; NaN and a negative one count as slow.

        While open there may be no orders to measure: the trial after the cool-down shows what it is by then.
        """
        with self._observation() as now:
            limit, readings = self.config.max_broker_latency_ms, self.config.latency_readings
            if 0 <= milliseconds < limit:
                if self._record.slow_readings:
                    self._change(slow_readings=0)
                return
            self._change(slow_readings=min(readings, self._record.slow_readings + 1))
            if self._record.slow_readings == readings:
                why = f"{milliseconds:g} ms, the last of {readings} readings from {limit:g} ms on"
                self._trip(Trigger.BROKER_LATENCY, why, now)

    def observe_resources(self, critical: Sequence[str]) -> None:
        """Which resources of the machine are critical, each in a few words; nothing when none is."""
        with self._observation() as now:
            if critical:
                self._hold(Trigger.RESOURCES, "; ".join(critical), now)
            else:
                self._release(Trigger.RESOURCES)

    def observe_data(self, age_seconds: float | None) -> None:
        """How old the newest market data is; None when none is due, as when the market is closed."""
        with self._observation() as now:
            limit = self.config.max_data_age_seconds
            if age_seconds is None or age_seconds <= limit:
                self._release(Trigger.STALE_DATA)
            else:
                why = f"the newest data is {age_seconds:g} s old; the limit is {limit:g} s"
                self._hold(Trigger.STALE_DATA, why, now)

    def halt(self, reason: str) -> None:
        """Open it by hand; it stays open until `reset`."""
        with self._observation() as now:
            self._trip(Trigger.MANUAL_HALT, reason or "no reason given", now)

    def reset(self, by: str, reason: str, trip: int | None = None) -> None:
        """A person lets it try again, without a cool-down; losses are counted from here on.

        Args:
            by: who.
            reason: why it is right to go on.
            trip: the number of the opening that is meant, so that a reset left standing in a project
                parameter resets no other.

        Raises:
            ValueError: it is not open, another opening was meant, or a condition still holds that only its
                end can mend.
        """
        with self._observation() as now:
            record = self._record
            if record.state is not BreakerState.OPEN:
                raise ValueError(f"circuit breaker: it is {record.state}, there is nothing to reset")
            if trip is not None and trip != record.trip:
                raise ValueError(f"circuit breaker: trip {trip} was meant, but it is trip {record.trip}")
            lasting = {
                trigger: why for trigger, why in record.holding.items() if trigger not in _ACCEPTED_BY_RESET
            }
            if lasting or (record.equity is not None and record.equity <= 0):
                holding = "; ".join(f"{trigger}: {why}" for trigger, why in lasting.items())
                raise ValueError(
                    f"circuit breaker: it cannot be reset while this holds: {holding or 'no equity is left'}"
                )
            self._change(holding={}, day_start=record.equity, peak=record.equity, losses=0, slow_readings=0)
            self._change(tripped={}, trial_opened=0, liquidation=False, since=now)
            self._move(BreakerState.HALF_OPEN, None, f"reset by {by}: {reason}", now)

    def liquidated(self) -> None:
        """All positions are closed: what was requested is done."""
        with self._observation():
            self._change(liquidation=False)

    def _observation(self) -> Observation:
        """One observation at a time; whatever it was, state and record follow from it."""
        return Observation(self._lock, self._clock, self._conclude)

    def _conclude(self, now: datetime) -> None:
        if self._record.state is not BreakerState.CLOSED:
            self._settle(now)
        if self._store is not None and self._store.lacks(self._record):
            self._save(self._store, now)

    def _judge_equity(self, equity: float, now: datetime) -> None:
        starts = (
            (Trigger.DAILY_LOSS, "the day's start", self._record.day_start, self.config.max_daily_loss_pct),
            (Trigger.DRAWDOWN, "its peak", self._record.peak, self.config.max_drawdown_pct),
        )
        for trigger, name, start, limit in starts:
            lost = _lost_pct(start or 0, equity)
            if lost >= limit:
                why = f"equity {equity:,.2f} is {lost:.2f} % below {name} of {start or 0:,.2f}; "
                self._hold(trigger, why + f"the limit is {limit:g} %", now)
            else:
                self._release(trigger)

    def _hold(self, trigger: Trigger, why: str, now: datetime) -> None:
        """A condition holds from now on, or still."""
        if trigger not in self._record.holding:
            self._change(holding={**self._record.holding, trigger: why})
            self._trip(trigger, why, now)

    def _release(self, trigger: Trigger) -> None:
        holding = self._record.holding
        if holding and trigger in holding:
            self._change(holding={other: why for other, why in holding.items() if other is not trigger})

    def _trip(self, trigger: Trigger, why: str, now: datetime) -> None:
        """Open, or stay open for one more reason; the cool-down starts anew."""
        record = self._record
        was_open = record.state is BreakerState.OPEN
        known = was_open and trigger in record.tripped
        self._change(
            tripped={**(record.tripped if was_open else {}), trigger: why},
            trip=record.trip + (not was_open),
            liquidation=record.liquidation or (trigger in self.config.liquidate_on and not known),
            since=now,
        )
        if not known:
            self._move(BreakerState.OPEN, trigger, why, now)

    def _settle(self, now: datetime) -> None:
        """Let time do what it may while it is not closed."""
        record = self._record
        if record.holding:
            self._change(since=None)
            return
        if record.since is None or now < record.since:  # just released, or the clock was set back
            self._change(since=now)
            return
        passed = (now - record.since).total_seconds()
        if record.state is BreakerState.HALF_OPEN:
            if passed >= self.config.trial_seconds:
                self._change(tripped={}, since=None)
                self._move(BreakerState.CLOSED, None, "the trial passed without a trigger", now)
        elif not (self.needs_reset or record.liquidation) and passed >= self.config.cool_down_seconds:
            # One more loss, or slow reading, opens it again: a row that long has not ended yet.
            losses = min(record.losses, self.config.max_consecutive_losses - 1)
            slow = min(record.slow_readings, self.config.latency_readings - 1)
            self._change(trial_opened=0, since=now, losses=losses, slow_readings=slow)
            self._move(BreakerState.HALF_OPEN, None, "the cool-down passed without a trigger", now)

    def _move(self, after: BreakerState, trigger: Trigger | None, reason: str, now: datetime) -> None:
        transition = Transition(
            time=now, before=self.state, after=after, trigger=trigger, reason=" ".join(reason.split())
        )
        kept = (*self._record.transitions, transition)[-TRANSITIONS_KEPT:]
        self._change(state=after, transitions=kept)
        if self._log is not None:
            severity = "CRITICAL" if after is BreakerState.OPEN else "WARNING"
            self._log(f"{severity} {transition}")

    def _change(self, **values: Any) -> None:
        record = self._record
        if any(getattr(record, name) != value for name, value in values.items()):
            self._record = record.model_copy(update=values)

    def _restore(self, now: datetime) -> None:
        """Take up the record of the last run; one that cannot be read opens the breaker."""
        if self._store is None:
            return
        try:
            self._record = self._store.load() or self._record
        except ValueError as error:
            self._trip(Trigger.STATE_UNREADABLE, str(error), now)
            return
        if self.state is not BreakerState.CLOSED and self._log is not None:
            self._log(f"CRITICAL circuit breaker {self.state} since a former run: {self.reason}")

    def _save(self, store: BreakerStore, now: datetime) -> None:
        """Save what a restart must know. While that fails it stays open: the next run would not know."""
        # What is saved does not say that it could not be saved.
        holding = {k: why for k, why in self._record.holding.items() if k is not Trigger.STATE_UNSAVED}
        record = self._record.model_copy(update={"holding": holding})
        failure = store.save(record)
        if failure is None:
            self._record = record
        else:
            self._hold(Trigger.STATE_UNSAVED, failure, now)


def _lost_pct(start: float, equity: float) -> float:
    """Percent of `start` that is gone; all of it when there was nothing."""
    return 100 * (start - equity) / start if start > 0 else math.inf


def create_circuit_breaker(
    config: Mapping[str, Any] | BaseModel | None = None,
    *,
    clock: Clock = system_clock,
    object_store: ObjectStore | None = None,
    key: str = RECORD_KEY,
    log: Callable[[str], object] | None = None,
) -> CircuitBreaker:
    """A circuit breaker that remembers.

    Args:
        config: limits, as the section ``risk.circuit_breaker`` of config/settings.json has them; None for
            the defaults.
        clock: the present moment; in an algorithm ``lambda: self.utc_time``.
        object_store: where its record is kept under `key`; without one a restart forgets. Backtests want
            one of their own: a record of another time means nothing to them.
        key: the record's key.
        log: takes a line for each transition; an opening begins with CRITICAL.

    Raises:
        ValueError: a wrong setting.
    """
    values = config.model_dump(mode="json") if isinstance(config, BaseModel) else dict(config or {})
    checked = validated(BreakerConfig, values, "circuit breaker")
    return CircuitBreaker(checked, clock=clock, object_store=object_store, key=key, log=log)
