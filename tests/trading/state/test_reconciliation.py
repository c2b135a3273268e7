"""Each way in which the account can differ from what was saved, and what is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from trading.state.blotter import Blotter
from trading.state.brokerage_view import BrokerageView, BrokerOrder
from trading.state.reconciliation import FindingKind, Reconciliation, reconcile
from trading.state.trading_state import OrderDraft, OrderStatus, TradingState, WorkingOrder

THEN = datetime(2026, 1, 5, 14, 30, tzinfo=UTC)
NOW = THEN + timedelta(minutes=5)
A, B = "GOOG C 750", "GOOG C 760"
K = FindingKind


def written(*quantities: float, symbol: str = A) -> tuple[Blotter, tuple[WorkingOrder, ...]]:
    blotter = Blotter("bot", lambda: THEN)
    drafts = [
        OrderDraft(
            symbol=symbol, quantity=q, owner=f"s{i}", purpose="leg", order_type="LIMIT", limit_price=1.5
        )
        for i, q in enumerate(quantities)
    ]
    return blotter, blotter.intend(*drafts)


def shown(order: WorkingOrder, **changes: object) -> BrokerOrder:
    other = BrokerOrder(order.symbol, order.quantity, order.tag, ("B1",), "LIMIT", order.limit_price)
    return replace(other, **changes)  # type: ignore[arg-type]


def found(state: TradingState, holdings: dict[str, float], *orders: BrokerOrder) -> Reconciliation:
    return reconcile(state, BrokerageView(holdings, orders), "bot", NOW)


def kinds(result: Reconciliation) -> list[FindingKind]:
    return [finding.kind for finding in result.findings]


def test_nothing_saved_and_nothing_there() -> None:
    result = found(TradingState(), {})
    assert (result.findings, result.settled, result.explained) == ((), True, True)


def test_a_working_order_is_adopted_by_tag_id_or_terms() -> None:
    blotter, (order,) = written(2)
    for present, reason in (
        (shown(order), "tag"),
        (shown(order, tag=""), "terms"),
    ):
        result = found(blotter.state, {}, present)
        assert kinds(result) == [K.ADOPT]
        assert reason in result.findings[0].reason
        (adopted,) = result.state.orders
        assert (adopted.tag, adopted.status, adopted.broker_ids) == (order.tag, OrderStatus.SENT, ("B1",))
    blotter.sent(order.tag, ["B1"])
    result = found(blotter.state, {}, shown(order, tag="", limit_price=1.55))
    assert (kinds(result), "broker id" in result.findings[0].reason) == ([K.ADOPT], True)


def test_fills_that_were_missed() -> None:
    blotter, (order,) = written(3)
    whole = found(blotter.state, {A: 3})
    assert kinds(whole) == [K.MISSING_FILL, K.ORDER_GONE]
    assert (whole.findings[0].quantity, whole.findings[0].tag) == (3, order.tag)
    assert (whole.state.holdings(), whole.state.orders) == ({A: 3}, ())
    cancelled = found(blotter.state, {A: 1})
    assert kinds(cancelled) == [K.MISSING_FILL, K.ORDER_GONE]
    assert "filled in part" in cancelled.findings[1].reason
    working = found(blotter.state, {A: 1}, shown(order))
    assert kinds(working) == [K.MISSING_FILL, K.ADOPT]
    assert (working.state.orders[0].filled, working.state.orders[0].remaining) == (1, 2)
    assert all(result.settled and result.explained for result in (whole, cancelled, working))


def test_of_several_orders_those_are_filled_that_add_up() -> None:
    blotter, (one, two, three) = written(1, 2, 4)
    result = found(blotter.state, {A: 5})
    filled = {finding.tag: finding.quantity for finding in result.of(K.MISSING_FILL)}
    assert filled == {one.tag: 1, three.tag: 4}
    gone = {finding.tag: finding.reason for finding in result.of(K.ORDER_GONE)}
    assert gone == {one.tag: "filled", two.tag: "never sent, cancelled or rejected", three.tag: "filled"}


def test_which_of_two_equal_orders_was_filled_is_not_guessed() -> None:
    blotter, orders = written(2, 2)
    result = found(blotter.state, {A: 2})
    assert sorted(kinds(result)) == sorted([K.UNKNOWN_POSITION, K.UNRESOLVED, K.UNRESOLVED])
    assert not result.settled
    assert result.state.orders == orders
    assert kinds(found(blotter.state, {A: 4})) == [K.MISSING_FILL, K.MISSING_FILL, K.ORDER_GONE, K.ORDER_GONE]


def test_equal_orders_without_tags_are_paired_only_when_all_are_there() -> None:
    blotter, (one, two) = written(2, 2)
    both = found(
        blotter.state, {}, shown(one, tag="", broker_ids=("B1",)), shown(two, tag="", broker_ids=("B2",))
    )
    assert kinds(both) == [K.ADOPT, K.ADOPT]
    assert {order.broker_ids for order in both.state.orders} == {("B1",), ("B2",)}
    half = found(blotter.state, {}, shown(one, tag=""))
    assert kinds(half) == [K.UNRESOLVED, K.UNRESOLVED]
    assert not half.settled


def test_positions_that_no_order_explains() -> None:
    blotter, (order,) = written(2)
    blotter.filled(order.tag, 2)
    blotter.closed(order.tag)
    expired = found(blotter.state, {})
    assert [(f.kind, f.symbol, f.quantity) for f in expired.findings] == [(K.UNKNOWN_POSITION, A, -2)]
    bought = found(blotter.state, {A: 2, "GOOG": 100})
    assert [(f.symbol, f.quantity) for f in bought.of(K.UNKNOWN_POSITION)] == [("GOOG", 100)]
    assert bought.state.holdings() == {A: 2, "GOOG": 100}
    assert not expired.explained
    assert expired.settled


def test_orders_of_nobody_and_of_a_lost_state() -> None:
    stranger = BrokerOrder("GOOG", 100, "by hand", ("B9",), "LIMIT", 700)
    orphan = BrokerOrder(A, 2, "bot|s1|leg|1767623400.7", ("B8",), "LIMIT", 1.5)
    result = found(TradingState(), {}, stranger, orphan)
    assert [(f.kind, f.tag) for f in result.findings] == [
        (K.UNKNOWN_ORDER, "by hand"),
        (K.ORPHAN, "bot|s1|leg|1767623400.7"),
    ]
    assert result.settled
    assert not result.explained


def test_another_ones_order_of_the_same_terms_is_not_adopted() -> None:
    blotter, (order,) = written(2)
    result = found(blotter.state, {}, shown(order, tag="by hand"))
    assert sorted(kinds(result)) == sorted([K.ORDER_GONE, K.UNKNOWN_ORDER])


@pytest.mark.parametrize("quantity", [0.1 + 0.2, 1e-8])
def test_sums_of_floats_are_no_difference(quantity: float) -> None:
    blotter, (order,) = written(quantity, symbol="BTCUSD")
    blotter.filled(order.tag, quantity)
    blotter.closed(order.tag)
    assert found(blotter.state, {"BTCUSD": round(quantity, 8)}).findings == ()


def test_a_finding_reads_as_one_line() -> None:
    blotter, (order,) = written(3)
    line = str(found(blotter.state, {A: 3}).findings[0])
    assert line == f"missing fill: GOOG C 750 +3 [{order.tag}]: 3 of 3 are filled, 0 were known"
