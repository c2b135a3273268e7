"""The desk between spreads and LEAN: what LEAN's tickets, quotes and clock are taken to mean."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from trading.execution.lean_desk import LeanDesk
from trading.execution.leg import Cancel, Contract, Leg, Submit
from trading.execution.order_record import OrderState
from trading.execution.quotes import NO_QUOTE
from trading.execution.spread import Spread

LONG = Contract(underlying="GOOG", right="call", strike=750.0, expiry=date(2016, 1, 15))
SHORT = LONG.model_copy(update={"strike": 760.0})


class Ticket:
    """An order ticket whose fields the test moves; statuses are spelt as either LEAN spells them."""

    def __init__(self, order_id: int, tag: str, status: str) -> None:
        self.order_id = order_id
        self.tag = tag
        self.status = status
        self.quantity_filled = 0.0
        self.average_fill_price = 0.0
        self.submit_request = SimpleNamespace(response=SimpleNamespace(error_message="not enough margin"))
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class Lean:
    """The part of an algorithm that the desk uses."""

    def __init__(self, *, live: bool = False) -> None:
        self.live_mode = live
        self.utc_time = datetime(2015, 12, 24, 15)
        self.securities: dict[Any, Any] = {
            strike: SimpleNamespace(
                bid_price=9.8, ask_price=10.2, bid_size=3, ask_size=4,
                symbol_properties=SimpleNamespace(minimum_price_variation=0.05),
            )
            for strike in (750.0, 760.0)
        }  # fmt: skip
        self.portfolio: dict[Any, Any] = {750.0: SimpleNamespace(quantity=2.0)}
        self.tickets: dict[int, Ticket] = {}
        self.transactions = SimpleNamespace(get_order_ticket=self.tickets.get)
        self.status = "OrderStatus.SUBMITTED"
        self.asked: list[tuple[Any, ...]] = []
        self.shut: set[float] = set()

    def is_market_open(self, symbol: Any) -> bool:
        return symbol not in self.shut

    def market_order(self, symbol: Any, quantity: float, asynchronous: bool, tag: str) -> Ticket:
        return self._ticket(tag, symbol, quantity, None, asynchronous)

    def limit_order(self, symbol: Any, quantity: float, limit: float, asynchronous: bool, tag: str) -> Ticket:
        return self._ticket(tag, symbol, quantity, limit, asynchronous)

    def _ticket(self, tag: str, *asked: Any) -> Ticket:
        self.asked.append(asked)
        ticket = Ticket(len(self.tickets) + 1, tag, self.status)
        self.tickets[ticket.order_id] = ticket
        return ticket


def desk_of(lean: Lean, seconds: list[float] | None = None) -> LeanDesk:
    times = iter(seconds or [])
    return LeanDesk(lean, lambda contract: contract.strike, lambda: next(times, 0.0))


@pytest.mark.parametrize("live", [False, True])
def test_live_no_order_is_waited_for(live: bool) -> None:
    lean = Lean(live=live)
    desk = desk_of(lean)
    desk.send(Submit(tag="bot|1|long|1", contract=LONG, quantity=2, limit=10.0))
    desk.send(Submit(tag="bot|1|short|1", contract=SHORT, quantity=-2, limit=None))
    assert lean.asked == [(750.0, 2, 10.0, live), (760.0, -2, None, live)]


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("PartiallyFilled", OrderState.OPEN),
        ("OrderStatus.PARTIALLY_FILLED", OrderState.OPEN),
        ("CancelPending", OrderState.OPEN),
        ("OrderStatus.CANCELED", OrderState.CANCELLED),
        ("New", OrderState.SENT),
        ("Filled", OrderState.FILLED),
    ],
)
def test_statuses_by_either_spelling(status: str, state: OrderState) -> None:
    lean = Lean()
    lean.status = status
    assert desk_of(lean).send(Submit(tag="t|1|long|1", contract=LONG, quantity=1, limit=1.0)).state is state


def test_a_refusal_says_why() -> None:
    lean = Lean()
    lean.status = "Invalid"
    update = desk_of(lean).send(Submit(tag="t|1|long|1", contract=LONG, quantity=1, limit=1.0))
    assert (update.state, update.message) == (OrderState.REJECTED, "not enough margin")


def test_an_event_is_of_the_order_s_fills_in_all_and_of_an_untagged_order_is_none() -> None:
    lean = Lean()
    desk = desk_of(lean)
    desk.send(Submit(tag="t|1|long|1", contract=LONG, quantity=3, limit=1.0))
    lean.tickets[1].quantity_filled, lean.tickets[1].average_fill_price = 2.0, 0.95
    update = desk.update_of(1)
    assert update is not None
    assert (update.tag, update.filled, update.average_price) == ("t|1|long|1", 2, 0.95)
    lean.tickets[2] = Ticket(2, "", "Filled")
    assert desk.update_of(2) is None
    assert desk.update_of(3) is None


def test_an_adopted_order_counts_the_fills_of_the_run_before() -> None:
    lean = Lean()
    desk = desk_of(lean)
    lean.tickets[7] = Ticket(7, "", "PartiallyFilled")  # a brokerage that keeps no tags
    lean.tickets[7].quantity_filled = 1.0
    assert desk.adopt("t|1|long|1", lean.tickets[7], filled_before=2).filled == 3
    lean.tickets[7].quantity_filled = 2.0
    update = desk.update_of(7)
    assert update is not None
    assert (update.tag, update.filled) == ("t|1|long|1", 4)
    desk.cancel(Cancel(tag="t|1|long|1"))
    assert lean.tickets[7].cancelled
    desk.cancel(Cancel(tag="nobody|1|long|1"))


def test_latency_is_from_the_sending_to_the_first_answer_and_told_once() -> None:
    lean = Lean(live=True)
    lean.status = "New"
    desk = desk_of(lean, [100.0, 100.25])
    desk.send(Submit(tag="t|1|long|1", contract=LONG, quantity=1, limit=1.0))
    assert desk.take_latency_ms() is None
    lean.tickets[1].status = "Submitted"
    desk.update_of(1)
    assert desk.take_latency_ms() == 250.0
    assert desk.take_latency_ms() is None


def test_a_quote_is_as_old_as_its_bar_and_none_before_the_first() -> None:
    lean = Lean()
    desk = desk_of(lean)
    assert desk.quote(LONG) == NO_QUOTE
    desk.next_bar([750.0])
    lean.utc_time += timedelta(seconds=60)
    desk.next_bar()
    assert desk.quote(LONG).age == 60.0
    assert desk.quote(SHORT) == NO_QUOTE


def test_the_market_is_open_when_both_legs_are_and_the_broker_is_there() -> None:
    lean = Lean()
    desk = desk_of(lean)
    spread = Spread(
        id="bot|1", long=Leg(contract=LONG, role="long"), short=Leg(contract=SHORT, role="short"),
        contracts=1, net_limit=5.0,
    )  # fmt: skip
    desk.next_bar()
    desk.next_bar()
    assert (desk.market(spread).now, desk.market(spread).can_send) == (2.0, True)
    lean.shut = {760.0}
    assert not desk.market(spread).can_send
    lean.shut = set()
    desk.connected = False
    assert not desk.market(spread).can_send
    lean.live_mode = True
    lean.utc_time = datetime(1970, 1, 1, 0, 1)
    assert desk.market(spread).now == 60.0
