"""The breaker's record: damaged, of another form, in a store that fails."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.trading.risk.bench import Bench, trip
from tests.trading.risk.stores import Store
from trading.risk import breaker_record
from trading.risk.breaker_record import BreakerState
from trading.risk.circuit_breaker import RECORD_KEY
from trading.risk.config import Trigger


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not the JSON that was written"),
        ("[" * 100_000, "not the JSON that was written"),
        ("[]", "no record of a circuit breaker"),
        ('{"version": 1}', "no record of a circuit breaker"),
        ('{"version": 2, "checksum": "", "record": {}}', "version 2 is not this code's 1"),
        ('{"version": 1, "checksum": "", "record": {}}', "its checksum is not that of its content"),
    ],
)
def test_a_record_that_cannot_be_read_opens_it_and_is_set_aside(text: str, said: str) -> None:
    bench = Bench()
    bench.store.texts[RECORD_KEY] = text
    breaker = bench.restart()
    assert breaker.state is BreakerState.OPEN
    assert breaker.needs_reset
    aside = "options_trading_bot/circuit_breaker-unreadable.json"
    assert breaker.reason == f"state_unreadable: {RECORD_KEY}: {said}; it is kept as {aside}"
    assert bench.store.texts[aside] == text
    assert bench.restart().state is BreakerState.OPEN


def test_a_record_cut_anywhere_or_changed_by_hand_opens_it() -> None:
    bench = Bench()
    trip(bench, Trigger.MANUAL_HALT)
    whole = bench.store.texts[RECORD_KEY]
    by_hand = json.loads(whole)
    by_hand["record"]["state"] = "closed"
    for text in [whole[:length] for length in range(0, len(whole), 7)] + [json.dumps(by_hand)]:
        bench.store.texts = {RECORD_KEY: text}
        breaker = bench.restart()
        assert breaker.state is BreakerState.OPEN
        assert Trigger.STATE_UNREADABLE.value in breaker.reason


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda record: record.update(mood="fine"), "mood: Extra inputs are not permitted"),
        (lambda record: record["transitions"][0].update(mood=1), "transitions.0.mood: Extra inputs"),
        (lambda record: record.update(losses="2"), "losses: Input should be a valid integer"),
        (lambda record: record.update(state="ajar"), "state: Input should be 'closed', 'open' or"),
    ],
)
def test_a_whole_record_of_another_form_opens_it(change: Any, said: str) -> None:
    bench = Bench()
    trip(bench, Trigger.MANUAL_HALT)
    values = json.loads(bench.store.texts[RECORD_KEY])
    change(values["record"])
    values["checksum"] = breaker_record._checksum(values["record"])
    bench.store.texts[RECORD_KEY] = json.dumps(values)
    assert f"state_unreadable: {RECORD_KEY}: {said}" in bench.restart().reason


def test_a_store_that_cannot_be_read_opens_it() -> None:
    bench = Bench()
    bench.store.broken = True
    breaker = bench.restart()
    assert not breaker.allows(opening=True)
    assert f"{RECORD_KEY}: it cannot be read: no permission to read from the store" in breaker.reason


@pytest.mark.parametrize(
    ("attribute", "said"),
    [("full", "the Object Store refuses it; free space"), ("broken", "no permission to write to the store")],
)
def test_a_store_that_cannot_be_written_opens_it_until_it_can(attribute: str, said: str) -> None:
    bench = Bench()
    setattr(bench.store, attribute, True)
    bench.breaker.record_trade(-1)
    assert bench.breaker.reason == f"state_unsaved: {RECORD_KEY}: {said}"
    for _ in range(3):
        assert bench.wait(10_000) is BreakerState.OPEN
    assert len(bench.breaker.transitions) == 1
    setattr(bench.store, attribute, False)
    assert bench.wait(1) is BreakerState.OPEN
    assert bench.restart().state is BreakerState.OPEN
    assert bench.wait(899) is BreakerState.OPEN
    assert bench.wait(1) is BreakerState.HALF_OPEN


def test_leans_own_store_is_made_to_write_at_once() -> None:
    """LEAN's store keeps what it is given in memory for some seconds, unless it is asked for the file."""

    class Lazy(Store):
        def __init__(self) -> None:
            super().__init__()
            self.written: dict[str, str] = {}

        def get_file_path(self, path: str, /) -> str:
            self.written = dict(self.texts)
            return path

    bench = Bench()
    bench.store = store = Lazy()
    bench.restart().halt("the news")
    store.texts = store.written  # what is left after a kill
    assert bench.restart().reason == "manual_halt: the news"


def test_small_moves_of_equity_are_not_saved_each_and_a_restart_forgets_less_than_one() -> None:
    bench = Bench()
    bench.breaker.observe_equity(100_000)
    saves = bench.store.saves
    for step in range(100):
        bench.breaker.observe_equity(100_000 + step % 90)
    assert bench.store.saves == saves
    bench.breaker.observe_equity(100_100)
    assert bench.store.saves == saves + 1
    bench.breaker.observe_equity(100_150)
    bench.restart().observe_equity(97_096)  # 3 % below 100,100 is 97,097, but the day began at 100,000
    assert bench.state() is BreakerState.CLOSED
    bench.breaker.observe_equity(97_000)
    assert bench.state() is BreakerState.OPEN
