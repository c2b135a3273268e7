"""The spread's state machine: its course when all goes well, and when something does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.trading.execution.spread_run import LONG, MARKET, SHORT, Run, fresh, only_submit, opened
from trading.execution.leg import Cancel, Report, Submit
from trading.execution.order_record import OrderState
from trading.execution.quotes import Quote
from trading.execution.spread import (
    Adjustment,
    Exit,
    Phase,
)


def test_the_debit_then_the_credit_at_the_mid() -> None:
    run = Run(fresh())
    bought = only_submit(run.tick())
    assert (bought.contract, bought.quantity, bought.limit) == (LONG, 4, 10.0)
    sold = only_submit(run.fill())
    assert (sold.contract, sold.quantity, sold.limit) == (SHORT, -4, 6.0)
    run.fill()
    assert run.spread.phase is Phase.OPEN
    assert run.spread.net_debit == pytest.approx(4.0)
    assert [report.unhedged for report in run.reports if report.unhedged is not None] == [4, 0]


def test_an_order_that_rests_is_cancelled_and_sent_again_better_and_not_for_ever() -> None:
    run = Run(fresh())
    limits = [only_submit(run.tick()).limit]
    for _ in range(3):
        assert [type(action) for action in run.tick()] == [Cancel]
        limits.append(only_submit(run.cancelled()).limit)
    assert limits == [10.0, 10.1, 10.2, 10.3]
    run.tick()
    assert not [action for action in run.cancelled() if isinstance(action, Submit)]
    assert run.spread.phase is Phase.CLOSED


def test_it_never_pays_more_than_what_the_net_limit_and_the_credit_leave() -> None:
    run = Run(fresh(net_limit=4.05))
    assert [only_submit(run.tick()).limit, *run.limits_of_the_rest()] == [10.0, 10.05, 10.05, 10.05]
    run = Run(fresh(net_limit=4.05))
    run.tick()
    run.fill(price=9.98)
    (tag,) = run.broker.open()
    assert run.broker.orders[tag].submit.limit == 6.0
    assert run.limits_of_the_rest() == [5.95, 5.93, 5.93]  # 9.98 - 4.05


def test_only_what_is_missing_is_sent_again_after_a_partial_fill() -> None:
    run = Run(fresh())
    run.tick()
    run.fill(1)
    run.tick()
    assert only_submit(run.cancelled()).quantity == 3


def test_a_fill_that_crosses_the_cancellation_is_counted_before_anything_is_sent_again() -> None:
    run = Run(fresh())
    run.tick()
    run.tick()
    (tag,) = run.broker.open()
    run.broker.fill(tag, 3, 10.0)
    run.broker.finish(tag, OrderState.CANCELLED)
    assert only_submit(run.hear()).quantity == 1


def test_part_of_the_debit_is_hedged_when_the_rest_cannot_be_had() -> None:
    run = Run(fresh())
    run.tick()
    run.fill(3)
    for _ in range(3):
        run.tick()
        run.cancelled()
    run.tick()
    assert only_submit(run.cancelled()).quantity == -3


def missed(hold: bool) -> Run:
    """The credit cannot be had for three of four."""
    run = Run(fresh(hold=hold))
    run.tick()
    run.fill()
    run.fill(1)
    for _ in range(4):
        run.tick()
        run.cancelled()
    return run


def test_a_debit_without_its_credit_is_sold_again() -> None:
    run = missed(hold=False)
    (tag,) = run.broker.open()
    assert run.broker.orders[tag].submit.quantity == -3
    assert run.broker.orders[tag].submit.contract == LONG
    run.fill()
    assert run.spread.phase is Phase.OPEN
    assert (run.spread.held, run.spread.unhedged) == (1, 0)


def test_or_held_where_that_is_the_rule_and_reported() -> None:
    run = missed(hold=True)
    assert run.spread.phase is Phase.HELD
    assert run.spread.unhedged == 3
    assert run.reports[-1].unhedged == 3


def test_an_exit_buys_the_short_back_before_it_sells_the_long() -> None:
    run = opened()
    bought = only_submit(run.does(Exit(1, "a level")))
    assert (bought.contract, bought.quantity) == (SHORT, 3)
    sold = only_submit(run.fill())
    assert (sold.contract, sold.quantity) == (LONG, -3)
    run.fill()
    assert run.spread.phase is Phase.OPEN
    assert run.spread.held == 1


def test_an_exit_that_finds_no_taker_ends_at_the_market() -> None:
    run = opened()
    only_submit(run.does(Exit(0, "out")))
    for _ in range(3):
        run.tick()
        assert only_submit(run.cancelled()).limit is not None
    run.tick()
    assert only_submit(run.cancelled()).limit is None


def test_an_exit_stops_an_entry_on_its_way() -> None:
    run = Run(fresh())
    run.tick()
    run.fill(2)
    assert [type(action) for action in run.does(Exit(0, "halt"))] == [Report, Cancel]
    assert only_submit(run.cancelled()).quantity == -2
    run.fill()
    assert run.spread.phase is Phase.CLOSED


def test_a_refused_credit_is_tried_again_slowly_then_unwound() -> None:
    run = Run(fresh())
    run.tick()
    run.fill()
    for number in range(4):
        (tag,) = run.broker.open()
        assert run.broker.orders[tag].submit.contract == SHORT
        run.broker.finish(tag, OrderState.REJECTED)
        run.hear()
        if number < 3:
            assert run.broker.open() == []  # not at once
            run.tick()
    (tag,) = run.broker.open()
    assert run.broker.orders[tag].submit.quantity == -4
    assert run.broker.orders[tag].submit.contract == LONG


def test_nothing_is_sent_while_the_broker_is_out_of_reach() -> None:
    run = Run(fresh(), replace(MARKET, can_send=False))
    for _ in range(10):
        assert run.tick() == []
    run.market = replace(run.market, can_send=True)
    assert only_submit(run.tick()).quantity == 4


def test_a_bad_quote_is_a_chance_let_pass() -> None:
    run = Run(fresh(), replace(MARKET, long=Quote(5.0, 10.0)))
    for _ in range(4):
        assert "spread of 66.7 %" in str(run.tick())
    run.tick()
    assert run.spread.phase is Phase.CLOSED


def test_assignment_of_the_short_closes_the_long() -> None:
    run = opened()
    actions = run.does(Adjustment("short", 4, 0.0, "assignment"))
    assert only_submit(actions).contract == LONG
    assert only_submit(actions).quantity == -4


def test_a_market_that_shuts_is_waited_for() -> None:
    run = opened()
    run.market = replace(run.market, can_send=False)
    assert not [action for action in run.does(Exit(0, "out")) if not isinstance(action, Report)]
    run.market = replace(run.market, can_send=True)
    assert only_submit(run.tick()).contract == SHORT
