"""The circuit breaker: each trigger, the way back, and what a restart remembers."""

from __future__ import annotations

import math
import re
import threading
from datetime import date
from typing import Any

import pytest

from tests.trading.risk.bench import Bench, trip
from trading.risk.breaker_record import TRANSITIONS_KEPT, BreakerState
from trading.risk.circuit_breaker import RECORD_KEY, CircuitBreaker, create_circuit_breaker
from trading.risk.config import BreakerConfig, Trigger
from trading.settings import Settings


@pytest.mark.parametrize("trigger", list(Trigger))
def test_each_trigger_stops_new_risk_and_no_exit_and_says_why(trigger: Trigger) -> None:
    bench = Bench()
    assert bench.breaker.allows(opening=True)
    trip(bench, trigger)
    breaker = bench.breaker
    assert breaker.state is BreakerState.OPEN
    assert not breaker.allows(opening=True)
    assert breaker.allows(opening=False)
    last = breaker.transitions[-1]
    assert (last.before, last.after, last.trigger) == (BreakerState.CLOSED, BreakerState.OPEN, trigger)
    assert last.time == bench.time.now
    assert breaker.reason.startswith(f"{trigger}: ")
    assert bench.log[-1] == f"CRITICAL {last}"
    assert "\n" not in bench.log[-1]


@pytest.mark.parametrize("trigger", [t for t in Trigger if t is not Trigger.STATE_UNSAVED])
def test_each_trigger_outlasts_a_restart(trigger: Trigger) -> None:
    bench = Bench()
    trip(bench, trigger)
    before = bench.breaker.transitions
    breaker = bench.restart()
    assert breaker.state is BreakerState.OPEN
    assert not breaker.allows(opening=True)
    assert breaker.transitions == before
    assert breaker.trip == 1
    assert bench.log[-1].startswith("CRITICAL circuit breaker open since a former run: ")


def test_below_every_limit_nothing_opens() -> None:
    bench = Bench()
    breaker = bench.breaker
    breaker.observe_equity(100_000)
    breaker.observe_equity(97_000.01)
    for _ in range(10):
        for profit in (-1, -1, -1, -1, 1):
            breaker.record_trade(profit)
        for latency in (500, 500, 249.9, 0):
            breaker.observe_latency(latency)
    breaker.observe_resources([])
    breaker.observe_data(180)
    breaker.observe_data(None)
    assert breaker.transitions == ()


def test_the_way_back_cool_down_trial_closed() -> None:
    bench = Bench(cool_down_seconds=900, trial_seconds=600, trial_openings=2)
    trip(bench, Trigger.RESOURCES)
    assert bench.wait(10_000) is BreakerState.OPEN  # it holds still
    bench.breaker.observe_resources([])
    assert bench.wait(899) is BreakerState.OPEN
    assert bench.wait(1) is BreakerState.HALF_OPEN
    for _ in range(2):
        assert bench.breaker.allows(opening=True)
        bench.breaker.record_opening()
    assert not bench.breaker.allows(opening=True)
    assert bench.breaker.allows(opening=False)
    assert bench.wait(599) is BreakerState.HALF_OPEN
    assert bench.wait(1) is BreakerState.CLOSED
    assert bench.breaker.allows(opening=True)
    assert bench.breaker.reason == ""
    moves = [(move.before.value, move.after.value) for move in bench.breaker.transitions]
    assert moves == [("closed", "open"), ("open", "half_open"), ("half_open", "closed")]


def test_a_trigger_during_the_trial_opens_it_again_with_a_whole_cool_down() -> None:
    bench = Bench()
    trip(bench, Trigger.STALE_DATA)
    bench.breaker.observe_data(1)
    bench.wait(900)
    bench.breaker.observe_data(1_000)
    assert bench.state() is BreakerState.OPEN
    assert bench.breaker.trip == 2
    bench.breaker.observe_data(1)
    assert bench.wait(899) is BreakerState.OPEN
    assert bench.wait(1) is BreakerState.HALF_OPEN


@pytest.mark.parametrize(
    ("trigger", "again"),
    [
        (Trigger.CONSECUTIVE_LOSSES, lambda b: b.record_trade(-1)),
        (Trigger.BROKER_LATENCY, lambda b: b.observe_latency(300)),
    ],
)
def test_a_row_goes_on_after_the_cool_down_one_more_opens_it(trigger: Trigger, again: Any) -> None:
    bench = Bench()
    trip(bench, trigger)
    assert bench.wait(900) is BreakerState.HALF_OPEN
    again(bench.breaker)
    assert bench.state() is BreakerState.OPEN
    assert bench.breaker.transitions[-1].trigger is trigger


def test_the_day_starts_with_the_last_equity_of_the_day_before() -> None:
    bench = Bench()
    bench.breaker.observe_equity(100_000)
    bench.breaker.observe_equity(98_000)
    bench.time.pass_(86_400)
    bench.breaker.observe_equity(95_100)  # 2.96 % below 98,000
    assert bench.state() is BreakerState.CLOSED
    bench.breaker.observe_equity(95_050)
    assert bench.breaker.transitions[-1].reason == (
        "equity 95,050.00 is 3.01 % below the day's start of 98,000.00; the limit is 3 %"
    )


def test_a_daily_loss_holds_for_the_day_and_ends_with_it() -> None:
    bench = Bench()
    trip(bench, Trigger.DAILY_LOSS)
    bench.time.pass_(6 * 3_600)
    bench.breaker.observe_equity(96_900)
    assert bench.wait(900) is BreakerState.OPEN
    bench.time.pass_(18 * 3_600)
    bench.breaker.observe_equity(96_900)
    assert bench.wait(900) is BreakerState.HALF_OPEN


def test_the_trading_day_may_be_told_and_does_not_go_back() -> None:
    bench = Bench()
    bench.breaker.observe_equity(100_000, date(2026, 1, 6))
    bench.breaker.observe_equity(98_000, date(2026, 1, 5))
    bench.breaker.observe_equity(96_900, date(2026, 1, 6))
    assert bench.state() is BreakerState.OPEN


def test_a_deposit_hides_no_loss_and_a_withdrawal_is_none() -> None:
    bench = Bench()
    bench.breaker.observe_equity(100_000)
    bench.breaker.record_cash_flow(-50_000)
    bench.breaker.observe_equity(50_000)
    assert bench.state() is BreakerState.CLOSED
    bench.breaker.record_cash_flow(50_000)
    bench.breaker.observe_equity(96_900)
    assert bench.state() is BreakerState.OPEN
    with pytest.raises(ValueError, match="cash flow of nan"):
        bench.breaker.record_cash_flow(math.nan)


@pytest.mark.parametrize("equity", [math.nan, math.inf, -math.inf])
def test_an_equity_that_cannot_be_opens_until_a_real_one_comes(equity: float) -> None:
    bench = Bench()
    bench.breaker.observe_equity(100_000)
    bench.breaker.observe_equity(equity)
    assert bench.wait(10_000) is BreakerState.OPEN
    bench.breaker.observe_equity(100_000)
    assert bench.wait(900) is BreakerState.HALF_OPEN


def test_no_equity_at_all_opens() -> None:
    bench = Bench()
    bench.breaker.observe_equity(0)
    assert bench.state() is BreakerState.OPEN
    with pytest.raises(ValueError, match="no equity is left"):
        bench.breaker.reset("Ann", "please")


@pytest.mark.parametrize("trigger", [Trigger.DRAWDOWN, Trigger.MANUAL_HALT, Trigger.STATE_UNREADABLE])
def test_what_wants_a_human_waits_for_one_over_restarts(trigger: Trigger) -> None:
    bench = Bench()
    trip(bench, trigger)
    for _ in range(3):
        assert bench.wait(100_000) is BreakerState.OPEN
        bench.restart()
    assert bench.breaker.needs_reset
    bench.breaker.reset("Ann", "looked into it", trip=1)
    assert bench.state() is BreakerState.HALF_OPEN
    assert bench.breaker.transitions[-1].reason == "reset by Ann: looked into it"
    assert bench.restart().state is BreakerState.HALF_OPEN
    assert bench.wait(900) is BreakerState.CLOSED


def test_which_triggers_want_a_human_is_configured() -> None:
    bench = Bench(human_reset=["stale_data"])
    trip(bench, Trigger.STALE_DATA)
    bench.breaker.observe_data(1)
    assert bench.wait(10_000) is BreakerState.OPEN
    assert bench.breaker.needs_reset
    bench = Bench(human_reset=[])
    bench.breaker.halt("always")
    assert bench.wait(10_000) is BreakerState.OPEN


def test_after_a_reset_losses_count_from_there() -> None:
    bench = Bench()
    trip(bench, Trigger.DRAWDOWN)
    bench.breaker.reset("Ann", "accepted")
    bench.breaker.observe_equity(89_900)
    assert bench.state() is BreakerState.HALF_OPEN
    bench.breaker.observe_equity(87_203.5)
    assert bench.state() is BreakerState.HALF_OPEN
    bench.breaker.observe_equity(87_202.5)  # 3 % below 89,900 is 87,203
    assert bench.state() is BreakerState.OPEN


def test_a_reset_is_refused_when_it_is_not_for_this_opening_or_mends_nothing() -> None:
    bench = Bench()
    with pytest.raises(ValueError, match="it is closed, there is nothing to reset"):
        bench.breaker.reset("Ann", "")
    trip(bench, Trigger.RESOURCES)
    with pytest.raises(ValueError, match="trip 7 was meant, but it is trip 1"):
        bench.breaker.reset("Ann", "", trip=7)
    with pytest.raises(ValueError, match=re.escape("while this holds: resources: memory at 91.0 %")):
        bench.breaker.reset("Ann", "")
    assert bench.state() is BreakerState.OPEN
    bench.breaker.observe_resources([])
    bench.breaker.reset("Ann", "", trip=1)
    with pytest.raises(ValueError, match="it is half_open"):
        bench.breaker.reset("Ann", "", trip=1)  # left standing in a parameter: resets nothing else


def test_liquidation_is_asked_for_by_its_triggers_only_and_until_it_is_done() -> None:
    bench = Bench(liquidate_on=["daily_loss"])
    trip(bench, Trigger.RESOURCES)
    bench.breaker.observe_resources([])
    assert not bench.breaker.liquidation_requested
    trip(bench, Trigger.DAILY_LOSS)
    assert bench.restart().liquidation_requested
    bench.breaker.observe_equity(100_000)
    assert bench.wait(10_000) is BreakerState.OPEN  # not while positions wait to be closed
    bench.breaker.liquidated()
    assert not bench.breaker.liquidation_requested
    assert bench.state() is BreakerState.HALF_OPEN
    bench.breaker.observe_equity(96_000)
    bench.breaker.liquidated()
    bench.breaker.observe_equity(95_000)
    assert bench.state() is BreakerState.OPEN
    assert not bench.restart().liquidation_requested  # done for this opening


def test_a_second_trigger_is_logged_and_the_same_one_is_not_again() -> None:
    bench = Bench()
    trip(bench, Trigger.RESOURCES)
    trip(bench, Trigger.STALE_DATA)
    for _ in range(9):
        bench.breaker.observe_resources(["memory at 92.0 %"])
        bench.breaker.record_trade(-1)
    triggers = [move.trigger for move in bench.breaker.transitions]
    assert triggers == [Trigger.RESOURCES, Trigger.STALE_DATA, Trigger.CONSECUTIVE_LOSSES]
    assert bench.breaker.trip == 1


def test_a_clock_that_is_set_back_shortens_no_cool_down() -> None:
    bench = Bench()
    trip(bench, Trigger.BROKER_LATENCY)
    bench.time.pass_(-100_000)
    assert bench.wait(899) is BreakerState.OPEN
    assert bench.wait(900) is BreakerState.HALF_OPEN


def test_the_log_of_transitions_is_bounded() -> None:
    bench = Bench()
    for _ in range(TRANSITIONS_KEPT):
        bench.breaker.halt("again")
        bench.breaker.reset("Ann", "again")
    assert len(bench.breaker.transitions) == TRANSITIONS_KEPT
    assert len(bench.store.texts[RECORD_KEY]) < 40_000
    assert len(bench.restart().transitions) == TRANSITIONS_KEPT


def test_reports_from_several_threads_are_all_counted() -> None:
    breaker = CircuitBreaker(BreakerConfig(max_consecutive_losses=4_000))

    def report() -> None:
        for _ in range(1_000):
            breaker.record_trade(-1)

    threads = [threading.Thread(target=report) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert breaker.state is BreakerState.OPEN


def test_it_takes_the_settings_section_and_refuses_a_wrong_one_in_a_line() -> None:
    section = Settings().risk.circuit_breaker
    assert create_circuit_breaker(section).config == section == BreakerConfig()
    assert create_circuit_breaker(section.model_dump(mode="json")).config == section
    for values, said in (
        ({"max_loss": 3}, "circuit breaker: max_loss: no such setting; known: max_daily_loss_pct"),
        ({"max_drawdown_pct": 0}, "circuit breaker: max_drawdown_pct: 0 is refused"),
        ({"human_reset": ["drowned"]}, "circuit breaker: human_reset.0: 'drowned' is refused"),
    ):
        with pytest.raises(ValueError, match=re.escape(said)) as caught:
            create_circuit_breaker(values)
        assert "\n" not in str(caught.value)
