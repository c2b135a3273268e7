"""Orders are written before they are sent; positions follow fills, each counted once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trading.state.lean_store import Crash, LeanStore
from trading.state.blotter import Blotter, is_own_tag, saved_state
from trading.state.repository import Repository
from trading.state.snapshot import Snapshot
from trading.state.trading_state import OrderDraft, OrderStatus, TradingState

NOW = datetime(2026, 1, 5, 14, 30, tzinfo=UTC)
CALL = OrderDraft(symbol="GOOG C", quantity=3, owner="s1", purpose="debit", order_type="LIMIT", limit_price=2)
PUT = OrderDraft(symbol="GOOG P", quantity=-3, owner="s1", purpose="credit")


class Spread(Snapshot):
    kind = "spread"
    stage: str


def opened(store: LeanStore) -> Repository:
    return Repository(store, "bot/live", lambda: NOW, print)


def state_of(store: LeanStore) -> TradingState:
    found = saved_state(opened(LeanStore(store.disk)))
    return TradingState() if found is None else found[0]


def test_an_order_is_on_disk_before_it_is_sent() -> None:
    store = LeanStore()
    blotter = Blotter("bot", lambda: NOW, opened(store))
    orders = blotter.intend(CALL, PUT)
    assert state_of(store).orders == orders == blotter.state.orders
    assert [order.status for order in orders] == [OrderStatus.INTENDED] * 2
    assert [order.purpose for order in orders] == ["debit", "credit"]
    assert all(is_own_tag(order.tag, "bot") and not is_own_tag(order.tag, "other") for order in orders)
    blotter.sent(orders[0].tag, ["77"])
    saved = state_of(store).orders[0]
    assert (saved.status, saved.broker_ids) == (OrderStatus.SENT, ("77",))


def test_what_could_not_be_saved_has_not_happened() -> None:
    store = LeanStore()
    blotter = Blotter("bot", lambda: NOW, opened(store))
    store.fail_at = 1
    with pytest.raises(Crash):
        blotter.intend(CALL)
    assert blotter.state.orders == ()
    (order,) = blotter.intend(CALL)
    assert state_of(store).orders == (order,)


def test_tags_are_unique_across_runs_even_when_the_newest_state_is_lost() -> None:
    store = LeanStore()
    first = Blotter("bot", lambda: NOW, opened(store))
    tags = [order.tag for _ in range(3) for order in first.intend(CALL)]
    second = Blotter("bot", lambda: NOW + timedelta(seconds=5), opened(store), TradingState())
    tags += [order.tag for order in second.intend(CALL, PUT)]
    same_second = Blotter("bot", lambda: NOW + timedelta(seconds=5), opened(store), second.state)
    tags += [order.tag for order in same_second.intend(CALL)]
    assert len(set(tags)) == 6


@given(st.lists(st.integers(0, 3), max_size=12))
def test_a_fill_counts_once_however_often_and_late_it_is_reported(totals: list[int]) -> None:
    blotter = Blotter("bot", lambda: NOW)
    (order,) = blotter.intend(CALL)
    for total in totals:
        blotter.filled(order.tag, total)
    assert blotter.state.holdings().get("GOOG C", 0) == max(totals, default=0)


def test_fills_of_an_order_taken_over_are_added_to_those_before() -> None:
    first = Blotter("bot", lambda: NOW)
    (order,) = first.intend(CALL)
    first.filled(order.tag, 1)
    second = Blotter("bot", lambda: NOW, state=first.state)
    second.filled(order.tag, 0)
    assert second.state.holdings() == {"GOOG C": 1}
    second.filled(order.tag, 2)
    assert second.state.holdings() == {"GOOG C": 3}
    # The account had shown a fill whose report came after the start.
    third = Blotter("bot", lambda: NOW, state=first.state)
    third.filled(order.tag, 3)
    assert third.state.holdings() == {"GOOG C": 3}


def test_a_fill_that_is_no_part_of_the_order_is_an_error() -> None:
    blotter = Blotter("bot", lambda: NOW)
    (order,) = blotter.intend(CALL)
    for total in (-1, 4):
        with pytest.raises(ValueError, match=f"filled {total} of 3.0: look at the account"):
            blotter.filled(order.tag, total)


def test_closed_positions_and_orders_leave_nothing() -> None:
    blotter = Blotter("bot", lambda: NOW)
    for draft in (CALL, CALL.model_copy(update={"quantity": -3.0})):
        (order,) = blotter.intend(draft)
        blotter.filled(order.tag, draft.quantity)
        blotter.closed(order.tag)
    blotter.closed("unknown")
    blotter.sent("unknown")
    assert (blotter.state.positions, blotter.state.orders) == ((), ())


def test_an_amended_order_keeps_its_tag() -> None:
    blotter = Blotter("bot", lambda: NOW)
    (order,) = blotter.intend(CALL)
    blotter.amended(order.tag, 2, 2.05, None)
    changed = blotter.order(order.tag)
    assert changed is not None
    assert (changed.quantity, changed.limit_price) == (2, 2.05)


def test_machines_come_back_typed() -> None:
    store = LeanStore()
    blotter = Blotter("bot", lambda: NOW, opened(store))
    blotter.put_machine("s1", Spread(stage="debit working"))
    blotter.put_machine("s2", Spread(stage="idle"))
    blotter.put_machine("s1", Spread(stage="debit filled"))
    blotter.drop_machine("s2")
    (record,) = state_of(store).machines
    assert (record.id, record.restore(Spread)) == ("s1", Spread(stage="debit filled"))


def test_a_name_that_would_spoil_tags_is_refused() -> None:
    for name in ("a|b", ""):
        with pytest.raises(ValueError, match="separates parts of a tag"):
            Blotter(name, lambda: NOW)
