"""The executor: what is kept before what is sent, and events that come in the midst of others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trading.execution.spread_broker import Broker
from trading.execution.leg import Cancel, Contract, Leg, Pace, Report, Submit
from trading.execution.order_record import OrderState, OrderUpdate
from trading.execution.quotes import Quote, QuoteLimits
from trading.execution.spread import Market, Phase, Rules, Spread
from trading.execution.spread_executor import SpreadExecutor

RULES = Rules(Pace(1.0, 4), 25.0, 5.0, QuoteLimits(20.0, 1.0, 120.0))


def spread(number: int, strike: float = 750.0) -> Spread:
    long = Contract(underlying="GOOG", right="call", strike=strike, expiry=date(2016, 1, 15))
    short = long.model_copy(update={"strike": strike + 10})
    return Spread(
        id=f"bot|{number}", long=Leg(contract=long, role="long"), short=Leg(contract=short, role="short"),
        contracts=2, net_limit=5.0,
    )  # fmt: skip


class Desk:
    """A desk over the worst of brokers; `sent` is called from within a sending, as LEAN's backtest does."""

    def __init__(self) -> None:
        self.broker = Broker()
        self.quotes = Market(0.0, Quote(9.8, 10.2), Quote(5.9, 6.1))
        self.kept: tuple[Spread, ...] = ()
        self.reports: list[Report] = []
        self.moves: list[tuple[Phase, Phase]] = []
        self.sent: Callable[[Submit], None] = lambda _order: None

    def market(self, _spread: Spread) -> Market:
        return self.quotes

    def send(self, order: Submit) -> OrderUpdate:
        known = {record.tag for kept in self.kept for leg in (kept.long, kept.short) for record in leg.orders}
        assert order.tag in known, f"{order.tag} is sent, and a restart would not know of it"
        self.broker.submit(order)
        self.sent(order)
        return self.broker.said.pop()

    def cancel(self, order: Cancel) -> None:
        self.broker.cancel(order)

    def holding(self, contract: Contract) -> int:
        return self.broker.held(contract)

    def save(self, spreads: tuple[Spread, ...]) -> None:
        self.kept = tuple(Spread.model_validate_json(one.model_dump_json()) for one in spreads)

    def report(self, report: Report) -> None:
        self.reports.append(report)

    def moved(self, before: Spread, after: Spread) -> None:
        self.moves.append((before.phase, after.phase))

    def next_bar(self) -> None:
        self.quotes = replace(self.quotes, now=self.quotes.now + 1.0)


def hear_all(desk: Desk, executor: SpreadExecutor) -> None:
    while desk.broker.said:
        executor.heard(desk.broker.said.pop(0))


def fill_all(desk: Desk, executor: SpreadExecutor) -> None:
    for tag in desk.broker.open():
        desk.broker.fill(tag, 1000, desk.broker.orders[tag].submit.limit or 1.0)
    hear_all(desk, executor)


def test_a_spread_is_kept_before_its_orders_are_sent_and_told_of_as_it_moves() -> None:
    desk = Desk()
    executor = SpreadExecutor(desk, RULES)
    executor.open(spread(1))
    fill_all(desk, executor)
    fill_all(desk, executor)
    [opened] = executor.spreads
    assert (opened.phase, opened.held, opened.unhedged) == (Phase.OPEN, 2, 0)
    executor.exit("bot|1", 0, "enough")
    while desk.broker.open():
        fill_all(desk, executor)
    assert executor.spreads == ()
    assert [after for _, after in desk.moves] == [Phase.CREDIT, Phase.OPEN, Phase.EXITING, Phase.CLOSED]
    assert desk.kept[0].phase is Phase.CLOSED
    executor.forget_closed()
    assert executor.everything == () == desk.kept


def test_a_fill_from_within_the_sending_is_taken_in_once() -> None:
    desk = Desk()
    executor = SpreadExecutor(desk, RULES)

    def fills_at_once(order: Submit) -> None:
        desk.broker.fill(order.tag, 1000, order.limit or 1.0)
        executor.heard(desk.broker.orders[order.tag].snapshot())

    desk.sent = fills_at_once
    executor.open(spread(1))
    [opened] = executor.spreads
    assert (opened.phase, opened.held, opened.unhedged) == (Phase.OPEN, 2, 0)
    assert len(desk.broker.orders) == 2


def test_no_two_spreads_share_a_contract() -> None:
    executor = SpreadExecutor(Desk(), RULES)
    executor.open(spread(1))
    with pytest.raises(ValueError, match=r"bot\|2: its id or a contract belongs to another spread"):
        executor.open(spread(2, 740.0))  # its short is the long of the first
    executor.open(spread(3, 800.0))
    assert len(executor.contracts()) == 4


def test_a_stranger_s_order_is_none_of_its_business() -> None:
    desk = Desk()
    executor = SpreadExecutor(desk, RULES)
    executor.open(spread(1))
    before = executor.spreads
    stranger = OrderUpdate(tag="bot|9|long|1", state=OrderState.FILLED, filled=2, average_price=1.0)
    executor.heard(stranger)
    assert executor.spreads == before


def test_holdings_that_no_order_explains_are_believed_at_the_second_look() -> None:
    desk = Desk()
    executor = SpreadExecutor(desk, RULES)
    executor.open(spread(1))
    fill_all(desk, executor)
    fill_all(desk, executor)
    short = executor.spreads[0].short.contract
    held = desk.holding
    desk.holding = lambda contract: 0 if contract == short else held(contract)  # type: ignore[method-assign]
    executor.tick()
    assert executor.spreads[0].unhedged == 0, "a fill may be on its way"
    executor.tick()
    assert executor.spreads[0].unhedged == 2
    assert [report.unhedged for report in desk.reports if report.unhedged] == [2, 2], desk.reports


@given(st.lists(st.integers(0, 5), max_size=60), st.integers(0, 40))
def test_a_restart_at_any_moment_sends_nothing_twice_and_loses_no_fill(steps: list[int], killed: int) -> None:
    desk = Desk()
    executor = SpreadExecutor(desk, RULES)
    executor.open(spread(1))
    for number, step in enumerate(steps):
        if number == killed:  # all that was not kept is forgotten, and what was said is not heard
            desk.broker.said.clear()
            executor = SpreadExecutor(desk, RULES)
            known = {tag: order.snapshot() for tag, order in desk.broker.orders.items()}
            executor.resume(desk.kept, known)
        for tag in desk.broker.open()[:1]:
            if step == 1:
                desk.broker.fill(tag, 1, desk.broker.orders[tag].submit.limit or 1.0)
            elif step == 2 and desk.broker.orders[tag].cancel_asked:
                desk.broker.finish(tag, OrderState.CANCELLED)
        if step == 3:
            executor.exit("bot|1", 0, "asked")
        if step == 4:
            hear_all(desk, executor)
        desk.next_bar()
        executor.tick()
    hear_all(desk, executor)
    [one] = executor.everything
    assert one.long.filled == desk.broker.held(one.long.contract)
    assert one.short.filled == desk.broker.held(one.short.contract)
