"""Killed anywhere, restarted, and going on: no order twice, no fill lost, the target reached."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from tests.trading.state.lean_store import Crash, LeanStore
from tests.trading.state.simulated_broker import SimulatedBroker
from trading.state.blotter import Blotter, saved_state
from trading.state.brokerage_view import BrokerOrder
from trading.state.reconciliation import GRACE, FindingKind, reconcile
from trading.state.repository import Repository
from trading.state.trading_state import OrderDraft, TradingState

TARGET = {"GOOG C 750": 6.0, "GOOG C 760": -6.0}
LOT = 2.0


class Process:
    """One life of an algorithm that wants to hold TARGET, by small limit orders, one a symbol at a time.

    `dies_at` counts its steps: each line that changes something outside.
    """

    def __init__(self, store: LeanStore, broker: SimulatedBroker, now: datetime, dies_at: int) -> None:
        self._broker = broker
        self._now = now
        self._dies_at = dies_at
        self._steps = 0
        repository = Repository(store, "bot/live", lambda: self._now, print)
        found = saved_state(repository)
        state = TradingState() if found is None else found[0]
        self.reconciliation = reconcile(state, broker.view(), "bot", now)
        self.blotter = Blotter("bot", lambda: self._now, repository, self.reconciliation.state)
        # LEAN counts a ticket's fills from the restart on.
        self._filled_before = {key: held.filled for key, held in broker.working.items()}

    def _step(self) -> None:
        self._steps += 1
        if self._steps == self._dies_at:
            raise Crash

    def live(self, rounds: int) -> None:
        for _ in range(rounds):
            for symbol, target in TARGET.items():
                self._work(symbol, target)
            self._hear_of_fills()

    def _work(self, symbol: str, target: float) -> None:
        working = [order for order in self.blotter.state.orders if order.symbol == symbol]
        missing = target - self.blotter.state.holdings().get(symbol, 0.0)
        if working or not missing:
            return
        quantity = max(-LOT, min(LOT, missing))
        draft = OrderDraft(
            symbol=symbol, quantity=quantity, owner="s1", purpose="leg", order_type="LIMIT", limit_price=1.5
        )
        self._step()
        (order,) = self.blotter.intend(draft)
        self._step()
        identity = f"B{len(self._broker.tags)}"
        self._broker.take(BrokerOrder(symbol, quantity, order.tag, (identity,), "LIMIT", 1.5))
        self._step()
        self.blotter.sent(order.tag, [identity])
        self._step()

    def _hear_of_fills(self) -> None:
        for identity, held in list(self._broker.working.items()):
            order = next((o for o in self.blotter.state.orders if identity in o.broker_ids), None)
            assert order is not None, "an order that works is in the blotter"
            total = self._broker.fill_some(identity) if held.remaining else held.filled
            self._step()
            self.blotter.filled(order.tag, total - self._filled_before.get(identity, 0.0))
            self._step()
            if total == held.order.quantity:
                del self._broker.working[identity]
                self.blotter.closed(order.tag)
                self._step()


@pytest.mark.parametrize("gives_tags_back", [True, False])
@pytest.mark.parametrize("shows_what_is_left", [True, False])
@pytest.mark.parametrize("dies_at", range(1, 26))
def test_no_order_twice_and_no_fill_lost(
    gives_tags_back: bool, shows_what_is_left: bool, dies_at: int
) -> None:
    for seed in range(5):
        chance = random.Random(seed)
        broker = SimulatedBroker(
            chance, gives_tags_back=gives_tags_back, shows_what_is_left=shows_what_is_left
        )
        store, now = LeanStore(), datetime(2026, 1, 5, 14, 30, tzinfo=UTC)
        for life in range(4):
            process = Process(store, broker, now, dies_at if life < 3 else 10**9)
            assert process.reconciliation.settled
            assert process.reconciliation.explained, list(map(str, process.reconciliation.findings))
            assert dict(process.blotter.state.holdings()) == {s: q for s, q in broker.holdings.items() if q}
            try:
                process.live(3 if life < 3 else 30)
            except Crash:
                broker.go_on()
            else:
                broker.go_on() if life < 3 else None
            for symbol, target in TARGET.items():
                assert abs(broker.committed(symbol)) <= abs(target)
                assert broker.committed(symbol) * target >= 0
            store = store.killed(chance)
            now += GRACE + timedelta(seconds=life)
        assert broker.holdings == TARGET
        assert len(broker.tags) == len(set(broker.tags))
        assert dict(process.blotter.state.holdings()) == TARGET


def test_an_order_written_moments_ago_is_not_sent_again_until_the_broker_has_had_time() -> None:
    store, now = LeanStore(), datetime(2026, 1, 5, 14, 30, tzinfo=UTC)
    broker = SimulatedBroker(random.Random(0), gives_tags_back=True, shows_what_is_left=False)
    with pytest.raises(Crash):
        Process(store, broker, now, dies_at=2).live(1)
    early = Process(store, broker, now + GRACE / 2, dies_at=0).reconciliation
    assert not early.settled
    assert [finding.kind for finding in early.findings] == [FindingKind.UNRESOLVED]
    assert len(early.state.orders) == 1
    late = Process(store, broker, now + GRACE, dies_at=0).reconciliation
    assert late.settled
    assert [finding.kind for finding in late.findings] == [FindingKind.ORDER_GONE]
    assert late.state.orders == ()
