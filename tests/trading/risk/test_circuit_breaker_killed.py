"""An opening outlasts a kill, whatever LEAN's Object Store had not written by then."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from tests.trading.risk.stores import Time
from tests.trading.state.lean_store import LeanStore
from trading.risk.breaker_record import BreakerState
from trading.risk.breaker_store import ObjectStore
from trading.risk.circuit_breaker import CircuitBreaker
from trading.risk.config import BreakerConfig
from trading.state.categories import Category
from trading.state.repository import Repository
from trading.state.text_store import TextStore


class Texts:
    """The methods of LEAN's store that take and give text."""

    def __init__(self, store: LeanStore) -> None:
        self.contains_key = store.contains_key
        self.get_file_path = store.get_file_path
        self._store = store

    def read(self, path: str, /) -> str:
        return self._store.read_bytes(path).decode()

    def save(self, path: str, text: str, /) -> bool:
        return self._store.save_bytes(path, text.encode())


def repository(store: LeanStore) -> TextStore:
    return TextStore(Repository(store, "bot/live", Time(), print), Category.TRADING_STATE)


@pytest.mark.parametrize("texts", [Texts, repository], ids=["LEAN's store", "repository"])
@pytest.mark.parametrize("seed", range(20))
def test_an_opening_outlasts_a_kill(texts: Callable[[LeanStore], ObjectStore], seed: int) -> None:
    chance = random.Random(seed)
    store = LeanStore()
    time = Time()

    def run() -> CircuitBreaker:
        return CircuitBreaker(
            BreakerConfig(), clock=time, object_store=texts(store), key="circuit_breaker", log=print
        )

    breaker = run()
    breaker.observe_equity(100_000)
    for _ in range(chance.randrange(5)):
        breaker.observe_equity(chance.uniform(99_000, 101_000))
    store = store.killed(chance)
    breaker = run()
    assert breaker.state is BreakerState.CLOSED
    breaker.observe_equity(96_000)
    store = store.killed(chance)
    assert run().reason.startswith("daily_loss: equity 96,000.00 is ")
    assert not run().allows(opening=True)


def test_a_damaged_last_record_opens_though_an_older_one_is_whole() -> None:
    store = LeanStore()
    breaker = CircuitBreaker(BreakerConfig(), object_store=repository(store), key="circuit_breaker")
    breaker.record_trade(-1)
    newest = max(store.disk, key=lambda key: int(key.rpartition("=")[2].split("-")[0]))
    store = LeanStore(store.disk)
    store.disk[newest] = store.disk[newest][:-1]
    breaker = CircuitBreaker(BreakerConfig(), object_store=repository(store), key="circuit_breaker")
    assert breaker.reason.startswith("state_unreadable: circuit_breaker: it cannot be read: ")
