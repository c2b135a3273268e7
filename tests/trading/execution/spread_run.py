"""A spread with its broker, and the example that the tests start from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.trading.execution.spread_broker import Broker
from trading.execution.leg import Action, Cancel, Contract, Leg, Pace, Report, Submit
from trading.execution.order_record import OrderState
from trading.execution.quotes import Quote, QuoteLimits
from trading.execution.spread import (
    Event,
    Market,
    Phase,
    Rules,
    Spread,
    Tick,
    advance,
)

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
