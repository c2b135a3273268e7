"""The spread's promises, whatever order its events come in."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.trading.execution.spread_run import LONG, RULES, SHORT, Run, fresh
from trading.execution.leg import Action, Cancel, Contract, Report, Submit
from trading.execution.order_record import OrderState, OrderUpdate
from trading.execution.quotes import Quote
from trading.execution.spread import (
    RESTING,
    Event,
    Exit,
    Phase,
    Spread,
    Tick,
    advance,
)
from trading.execution.spread_resume import resumed, unexplained


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
