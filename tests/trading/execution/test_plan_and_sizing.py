"""Exits on the tick, the tags that carry them, and quantities in lots."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trading.bars import Bar
from trading.events import Event
from trading.execution.plan import Plan, Role, order_tag, parse_tag, plan_of, trailed
from trading.execution.sizing import entry_lots, whole_lots
from trading.simulation import Capital, Instrument, SecurityType
from trading.simulation.terms import order_quantity, terms

PRICES = st.floats(0.0, 1e6)
PLANS = st.builds(Plan, st.sampled_from([1, -1]), PRICES, PRICES, PRICES)


@given(st.sampled_from(Role), st.one_of(st.none(), PLANS))
def test_a_tag_carries_role_and_plan(role: Role, plan: Plan | None) -> None:
    assert parse_tag("name", order_tag("name", role, plan)) == (role, plan)
    assert parse_tag("other", order_tag("name", role, plan)) is None


@given(st.text(max_size=40))
@example("name|stop|1|2|3")
@example("name|stop|x|1|2|3")
@example("name|limit")
@example("name")
@example("")
def test_a_foreign_tag_is_nobody_s(tag: str) -> None:
    assert parse_tag("name", tag) is None


def test_exits_are_on_the_tick() -> None:
    plan = plan_of(Event(0, 1, True, 99.994, 110.006, 0.0), 100.0, 0.01)
    assert plan == pytest.approx(Plan(1, 99.99, 110.01, 0.0), rel=1e-15)


def test_a_trailing_stop_without_a_fixed_one_starts_at_the_close() -> None:
    assert plan_of(Event(0, -1, True, 0.0, 0.0, 2.5), 100.0, 0.5).stop == 102.5
    assert plan_of(Event(0, 1, True, 99.0, 0.0, 2.5), 100.0, 0.5).stop == 99.0


def test_a_trailing_stop_only_moves_with_the_position() -> None:
    bar = Bar(100.0, 104.0, 96.0, 100.0, 1.0, 0)
    assert trailed(Plan(1, 99.0, 0.0, 3.0), bar, 0.5).stop == 101.0
    assert trailed(Plan(1, 103.0, 0.0, 3.0), bar, 0.5).stop == 103.0
    assert trailed(Plan(-1, 103.0, 0.0, 3.0), bar, 0.5).stop == 99.0
    assert trailed(Plan(-1, 98.0, 0.0, 3.0), bar, 0.5).stop == 98.0
    assert trailed(Plan(1, 99.0, 0.0, 0.0), bar, 0.5).stop == 99.0


@given(
    st.floats(-1e6, 1e9),
    st.floats(0.01, 1e6),
    st.sampled_from([1.0, 100.0, 0.01, 1e-6]),
    st.floats(0.01, 2.0),
)
def test_an_entry_is_as_large_as_the_simulator_s(
    equity: float, price: float, lot_size: float, allocation: float
) -> None:
    instrument = Instrument(security_type=SecurityType.CRYPTO, lot_size=lot_size, leverage=2.0)
    simulated = order_quantity(terms(instrument, Capital(allocation=allocation)), equity, price)
    assert entry_lots(allocation, equity, price, lot_size) * lot_size == simulated


@given(st.integers(-(10**11), 10**11), st.sampled_from(["1", "0.01", "0.00000001", "100", "0.5"]))
def test_lots_survive_lean_s_decimals(lots: int, lot_size: str) -> None:
    assert whole_lots(float(lots * Decimal(lot_size)), float(lot_size)) == lots


def test_a_broken_lot_is_truncated() -> None:
    assert [whole_lots(quantity, 0.5) for quantity in (0.999, -0.999, 0.49, -1.7)] == [1, -1, 0, -3]
