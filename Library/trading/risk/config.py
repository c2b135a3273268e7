"""When the circuit breaker opens and how it closes again; how load is shed."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from trading.sections import Count, Milliseconds, Percent, Seconds, Section


class Trigger(StrEnum):
    """What opens the circuit breaker."""

    DAILY_LOSS = "daily_loss"
    DRAWDOWN = "drawdown"
    EQUITY_UNKNOWN = "equity_unknown"
    CONSECUTIVE_LOSSES = "consecutive_losses"
    BROKER_LATENCY = "broker_latency"
    RESOURCES = "resources"
    STALE_DATA = "stale_data"
    MANUAL_HALT = "manual_halt"
    STATE_UNREADABLE = "state_unreadable"
    STATE_UNSAVED = "state_unsaved"


ALWAYS_RESET_BY_A_HUMAN: Final = frozenset({Trigger.MANUAL_HALT, Trigger.STATE_UNREADABLE})

# By value, as JSON has it: strict validation would want members from Python.
_Triggers = Annotated[tuple[Trigger, ...], Field(max_length=len(Trigger), strict=False)]


class BreakerConfig(Section):
    """Limits of the circuit breaker.

    Losses are percent of equity: of the day's start, and of the highest so far. Latency counts when
    `latency_readings` in a row are at `max_broker_latency_ms` or above. `cool_down_seconds` pass without a
    trigger before new risk is tried again, with `trial_openings` of them in `trial_seconds`. Triggers in
    `human_reset` want a person's reset as well, a manual halt and unreadable state always do. Those in
    `liquidate_on` ask for all positions to be closed.
    """

    max_daily_loss_pct: Percent = 3
    max_drawdown_pct: Percent = 10
    max_consecutive_losses: Count = 5
    max_broker_latency_ms: Milliseconds = 250
    latency_readings: Count = 3
    max_data_age_seconds: Seconds = 180
    cool_down_seconds: Seconds = 900
    trial_seconds: Seconds = 900
    trial_openings: Count = 1
    human_reset: _Triggers = (Trigger.DRAWDOWN,)
    liquidate_on: _Triggers = ()


class SheddingConfig(Section):
    """How fast load is shed and taken on again.

    Under lasting pressure the next step follows after `step_seconds`; each step back takes `recovery_seconds`
    of calm. Scans become `scan_interval_factor` times rarer, and `contract_share_pct` of a chain's contracts
    remain.
    """

    step_seconds: Seconds = 60
    recovery_seconds: Seconds = 300
    scan_interval_factor: float = Field(default=2, ge=1, le=100)
    contract_share_pct: Percent = 50
