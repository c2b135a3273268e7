"""The spread's state machine: its course when all goes well, and its promises when nothing does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.trading.execution.spread_broker import Broker
from trading.execution.leg import Action, Cancel, Contract, Leg, Pace, Report, Submit
from trading.execution.order_record import OrderState, OrderUpdate
from trading.execution.quotes import Quote, QuoteLimits
from trading.execution.spread import (
    RESTING,
    Adjustment,
    Event,
    Exit,
    Market,
    Phase,
    Rules,
    Spread,
    Tick,
    advance,
)
from trading.execution.spread_resume import resumed, unexplained

LONG = Contract(underlying="GOOG", right="call", strike=750.0, expiry=date(2016, 1, 15))
SHORT = LONG.model_copy(update={"strike": 760.0})
RULES = Rules(Pace(1.0, 4), 25.0, 5.0, QuoteLimits(20.0, 1.0, 120.0))
MARKET = Market(0.0, Quote(9.8, 10.2), Quote(5.9, 6.1))


def fresh(contracts: int = 4, *, hold: bool = False, net_limit: float = 5.0) -> Spread:
    return Spread(
        id="bot|1", long=Leg(contract=LONG, role="long"), short=Leg(contract=SHORT, role="short"),
        contracts=contracts, net_limit=net_limit, hold=hold,
    )  # fmt: skip


class Run:
    """A spread with its broker, everything heard at once."""

    def __init__(self, spread: Spread, market: Market = MARKET) -> None:
        self.spread = spread
        self.market = market
        self.broker = Broker()
        self.reports: list[Report] = []

    def does(self, event: Event) -> list[Action]:
        self.spread, actions = advance(self.spread, event, self.market, RULES)
        assert self.spread == Spread.model_validate_json(self.spread.model_dump_json())
        for action in actions:
            match action:
                case Submit():
                    self.broker.submit(action)
                case Cancel():
                    self.broker.cancel(action)
                case Report():
                    self.reports.append(action)
        return list(actions)

    def tick(self, bars: float = 1.0) -> list[Action]:
        self.market = replace(self.market, now=self.market.now + bars)
        return self.does(Tick())

    def hear(self) -> list[Action]:
        done: list[Action] = []
        while self.broker.said:
            done += self.does(self.broker.said.pop(0))
        return done

    def fill(self, count: int = 1000, price: float | None = None) -> list[Action]:
        (tag,) = self.broker.open()
        limit = self.broker.orders[tag].submit.limit
        self.broker.fill(tag, count, price if price is not None else limit or 1.0)
        return self.hear()

    def limits_of_the_rest(self) -> list[float | None]:
        """Limits of the three orders that follow when none is filled."""
        found = []
        for _ in range(3):
            self.tick()
            found.append(only_submit(self.cancelled()).limit)
        return found

    def cancelled(self) -> list[Action]:
        (tag,) = self.broker.open()
        assert self.broker.orders[tag].cancel_asked
        self.broker.finish(tag, OrderState.CANCELLED)
        return self.hear()


def only_submit(actions: list[Action]) -> Submit:
    (found,) = [action for action in actions if isinstance(action, Submit)]
    return found


def opened(contracts: int = 4, *, hold: bool = False) -> Run:
    run = Run(fresh(contracts, hold=hold))
    run.tick()
    run.fill()
    run.fill()
    assert run.spread.phase is Phase.OPEN
    return run


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


class AnyOrderOfEvents(RuleBasedStateMachine):
    """The broker fills in parts, late, twice, out of order; the connection and the algorithm come and go."""

    def __init__(self) -> None:
        super().__init__()
        self.run = Run(fresh(hold=False))
        self.reported = 0
        self.saved = self.run.spread
        self.connected = True

    @rule(hold=st.booleans(), contracts=st.integers(1, 5))
    @precondition(lambda self: not self.run.broker.orders and self.run.spread.phase is Phase.DEBIT)
    def begin(self, hold: bool, contracts: int) -> None:
        self.run.spread = self.saved = fresh(contracts, hold=hold)

    @rule(bars=st.sampled_from([0.5, 1.0, 3.0, 30.0]))
    def tick(self, bars: float) -> None:
        self.run.market = replace(self.run.market, now=self.run.market.now + bars)
        self._does(Tick())

    @rule(data=st.data(), count=st.integers(1, 5))
    @precondition(lambda self: self.run.broker.open())
    def fill(self, data: st.DataObject, count: int) -> None:
        tag = data.draw(st.sampled_from(self.run.broker.open()))
        self.run.broker.fill(tag, count, data.draw(st.sampled_from([5.5, 6.0, 10.0, 10.5])))

    @rule(data=st.data())
    @precondition(lambda self: self.run.broker.open())
    def cancel_or_refuse(self, data: st.DataObject) -> None:
        tag = data.draw(st.sampled_from(self.run.broker.open()))
        order = self.run.broker.orders[tag]
        refuse = order.filled == 0 and data.draw(st.booleans())
        self.run.broker.finish(tag, OrderState.REJECTED if refuse else OrderState.CANCELLED)

    @rule(data=st.data())
    @precondition(lambda self: self.run.broker.ended_unfilled())
    def fill_after_it_was_cancelled(self, data: st.DataObject) -> None:
        tag = data.draw(st.sampled_from(self.run.broker.ended_unfilled()))
        self.run.broker.irregular = True
        self.run.broker.fill(tag, data.draw(st.integers(1, 5)), 8.0)

    @rule(data=st.data())
    @precondition(lambda self: self.connected and self.run.broker.said)
    def hear(self, data: st.DataObject) -> None:
        said = self.run.broker.said
        update = said.pop(data.draw(st.integers(0, len(said) - 1)))
        self.run.broker.heard.append(update)
        self._does(update)

    @rule(data=st.data())
    @precondition(lambda self: self.connected and self.run.broker.heard)
    def hear_again(self, data: st.DataObject) -> None:
        self._does(data.draw(st.sampled_from(self.run.broker.heard)))

    @rule()
    def lose_or_find_the_connection(self) -> None:
        self.connected = not self.connected
        self.run.market = replace(self.run.market, can_send=self.connected)

    @rule(good=st.booleans())
    def quotes(self, good: bool) -> None:
        quote = Quote(9.8, 10.2) if good else Quote(1.0, 10.2, age=1000.0)
        self.run.market = replace(self.run.market, long=quote)

    @rule(keep=st.integers(0, 3))
    def exit(self, keep: int) -> None:
        self._does(Exit(keep, "told to"))

    @rule(sent=st.integers(0, 3))
    def crash_and_restart(self, sent: int) -> None:
        """Killed after the state was saved, with only some of the actions carried out."""
        spread, actions = advance(self.run.spread, Tick(), self.run.market, RULES)
        self._carry_out(actions[:sent])
        self.connected = True
        self.run.market = replace(self.run.market, can_send=True, now=0.0)
        broker = self.run.broker
        updates = {tag: broker.orders[tag].snapshot() for tag in broker.open()}
        holdings = self._holdings()
        saved = Spread.model_validate_json(spread.model_dump_json())
        broker.said.clear()
        broker.heard.clear()
        self.run.spread, actions = resumed(saved, updates, holdings, self.run.market, RULES)
        self._carry_out(actions)
        assert self.run.spread.long.filled == holdings[LONG]
        assert self.run.spread.short.filled == holdings[SHORT]

    @invariant()
    def one_order_a_leg(self) -> None:
        for contract in (LONG, SHORT):
            role = "long" if contract == LONG else "short"
            open_ = [tag for tag in self.run.broker.open() if f"|{role}|" in tag]
            assert len(open_) <= 1

    @invariant()
    def the_short_is_never_beyond_the_long(self) -> None:
        broker = self.run.broker
        if not broker.irregular:
            sold = -broker.held(SHORT) + broker.resting(SHORT, -1)
            assert sold <= broker.held(LONG) - broker.resting(LONG, -1)

    @invariant()
    def what_is_unhedged_is_reported(self) -> None:
        assert self.reported == self.run.spread.unhedged

    def teardown(self) -> None:
        """Everything heard, a good market, time: it rests, hedged or held by its rule, and counts right."""
        self.connected = True
        self.quotes(good=True)
        self.run.market = replace(self.run.market, can_send=True)
        for _ in range(200):
            while self.run.broker.said:
                self._does(self.run.broker.said.pop(0))
            for tag in self.run.broker.open():
                if self.run.broker.orders[tag].cancel_asked:
                    self.run.broker.finish(tag, OrderState.CANCELLED)
                else:
                    self.run.broker.fill(tag, 1000, 8.0)
            self.tick(1.0)
            if self.run.spread.phase in RESTING and not self.run.broker.said:
                for adjustment in unexplained(self.run.spread, self._holdings()):
                    self._does(adjustment)
            if not self.run.broker.said and not self.run.broker.open() and self.run.spread.phase in RESTING:
                break
        spread = self.run.spread
        assert spread.phase in RESTING
        assert spread.long.filled == self.run.broker.held(LONG)
        assert spread.short.filled == self.run.broker.held(SHORT)
        assert spread.unhedged == 0 or (spread.hold and spread.phase is Phase.HELD)
        assert spread.unhedged >= 0
        assert not spread.live

    def _holdings(self) -> dict[Contract, int]:
        return {contract: self.run.broker.held(contract) for contract in (LONG, SHORT)}

    def _does(self, event: Event) -> None:
        if isinstance(event, OrderUpdate) and not self.connected:
            return
        self.run.spread, actions = advance(self.run.spread, event, self.run.market, RULES)
        self._carry_out(actions)

    def _carry_out(self, actions: tuple[Action, ...]) -> None:
        for action in actions:
            match action:
                case Submit():
                    self._within_the_net_limit(action)
                    self.run.broker.submit(action)
                case Cancel():
                    self.run.broker.cancel(action)
                case Report():
                    self.reported = self.reported if action.unhedged is None else action.unhedged

    def _within_the_net_limit(self, order: Submit) -> None:
        spread = self.run.spread
        if order.contract == SHORT and order.quantity < 0 and spread.phase is Phase.CREDIT:
            assert order.limit is not None
            assert order.limit >= spread.long.average_price(1) - spread.net_limit - 1e-9


AnyOrderOfEvents.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestAnyOrderOfEvents = AnyOrderOfEvents.TestCase
