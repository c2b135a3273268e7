"""Options are exercised and assigned as LEAN does it, with their orders, events and money."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from utils.engine.testing import Backtest

EXPIRY = datetime(2015, 12, 24)


def contract(algorithm: Any, right: str, strike: float) -> Any:
    from AlgorithmImports import OptionRight, OptionStyle, Resolution, Symbol

    side = OptionRight.CALL if right == "call" else OptionRight.PUT
    symbol = Symbol.create_option(algorithm.goog, "usa", OptionStyle.AMERICAN, side, strike, EXPIRY)
    return algorithm.add_option_contract(symbol, Resolution.MINUTE).symbol


def run(backtest: Backtest, kind: type, sample_data: Path) -> Any:
    outcome = backtest(kind, sample_data / "lean")
    assert outcome.completed, outcome.error
    return outcome.algorithm


def base() -> type:
    from AlgorithmImports import QCAlgorithm, Resolution

    class Exercises(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2015, 12, 23)
            self.set_end_date(2015, 12, 28)
            self.goog = self.add_equity("GOOG", Resolution.MINUTE).symbol
            self.events: list[Any] = []
            self.assigned: list[Any] = []
            self.prepare()

        def prepare(self) -> None:
            raise NotImplementedError

        def on_order_event(self, order_event: Any) -> None:
            if order_event.fill_quantity:
                e = order_event
                self.events.append((e.order_id, e.symbol.value, e.fill_quantity, e.fill_price, e.message))

        def on_assignment_order_event(self, assignment_event: Any) -> None:
            self.assigned.append(assignment_event.order_id)

    return Exercises


def test_expiring_contracts_are_exercised_assigned_or_end_worthless(
    backtest: Backtest, sample_data: Path
) -> None:
    class Expiring(base()):  # type: ignore[misc]
        def prepare(self) -> None:
            self.long, self.short = contract(self, "call", 740), contract(self, "call", 742.5)
            self.worthless = contract(self, "put", 740)

        def on_data(self, slice: Any) -> None:  # noqa: A002, ARG002 - LEAN's
            if self.time == datetime(2015, 12, 23, 10):
                self.market_order(self.long, 2)
                self.market_order(self.short, -1)
                self.market_order(self.worthless, 1)

    algorithm = run(backtest, Expiring, sample_data)
    # GOOG closed at 748.40 on the day of the expiry. What was paid: 12.00, 7.30 and 0.85.
    assert algorithm.events[3:] == [
        (4, "GOOG  151224C00740000", -2, 0, "Automatic Exercise. Underlying: 748.4000. Loss: -2400"),
        (4, "GOOG", 200, 740, "Option Exercise"),
        (5, "GOOG  151224C00742500", 1, 0, "Assigned. Underlying: 748.4000. Profit: +730.0"),
        (5, "GOOG", -100, 742.5, "Option Assignment"),
        (6, "GOOG  151224P00740000", -1, 0, "OTM. Underlying: 748.4000. Loss: -85.00"),
    ]
    assert algorithm.assigned == [5]
    assert (algorithm.portfolio["GOOG"].quantity, algorithm.portfolio["GOOG"].average_price) == (100, 740)
    spent = 100_000 - 2400 + 730 - 85 - 3.3  # premiums, fees of 1.30, 1 and 1
    assert algorithm.portfolio.cash == pytest.approx(spent - 200 * 740 + 100 * 742.5)
    order = algorithm.transactions.get_order_by_id(4)
    assert (str(order.type), order.price, order.quantity) == ("OptionExercise", 740, -2)
    ticket = algorithm.transactions.get_order_ticket(4)
    assert (ticket.average_fill_price, ticket.quantity_filled) == (740, 200)
    # Bought for 12 with 8.40 in the money: no win. Sold for 7.30 with 5.90 in the money: a win.
    trades = {trade.symbol.value: trade.is_win for trade in algorithm.trade_builder.closed_trades}
    assert not trades["GOOG  151224C00740000"]
    assert trades["GOOG  151224C00742500"]
    assert not trades["GOOG  151224P00740000"]


def test_a_holder_may_exercise_before_the_expiry(backtest: Backtest, sample_data: Path) -> None:
    class Early(base()):  # type: ignore[misc]
        def prepare(self) -> None:
            self.set_cash(1_000_000)
            self.call = contract(self, "call", 740)

        def on_data(self, slice: Any) -> None:  # noqa: A002, ARG002 - LEAN's
            if self.time == datetime(2015, 12, 23, 10):
                self.market_order(self.call, 3)
                self.too_many = self.exercise_option(self.call, 4)
                self.shares = self.exercise_option(self.goog, 1)
                self.exercised = self.exercise_option(self.call, 2)

    algorithm = run(backtest, Early, sample_data)
    assert str(algorithm.too_many.submit_request.response.error_code) == "UnsupportedRequestType"
    assert str(algorithm.shares.submit_request.response.error_code) == "NonExercisableSecurity"
    assert str(algorithm.exercised.status) == "Filled"
    assert [event[1:4] for event in algorithm.events[1:3]] == [
        ("GOOG  151224C00740000", -2, 0),
        ("GOOG", 200, 740),
    ]
    assert algorithm.portfolio["GOOG"].quantity == 300  # the third call at its expiry


def test_deep_shorts_are_assigned_early_and_a_null_model_prevents_it(
    backtest: Backtest, sample_data: Path
) -> None:
    from AlgorithmImports import NullOptionAssignmentModel

    class Short(base()):  # type: ignore[misc]
        def prepare(self) -> None:
            self.put = contract(self, "put", 800)

        def on_data(self, slice: Any) -> None:  # noqa: A002, ARG002 - LEAN's
            if self.time == datetime(2015, 12, 23, 10):
                self.market_order(self.put, -1)

    class Never(Short):
        def prepare(self) -> None:
            super().prepare()
            self.securities[self.put].set_option_assignment_model(NullOptionAssignmentModel())

    early = run(backtest, Short, sample_data)
    order = early.transactions.get_order_by_id(2)
    assert order.tag == "Simulated option assignment before expiration"
    assert order.time < datetime(2015, 12, 24)
    assert early.portfolio["GOOG"].quantity == 100
    late = run(backtest, Never, sample_data)
    assert late.transactions.get_order_by_id(2).time == datetime(2015, 12, 25, 5)


def test_a_strategy_is_ordered_leg_by_leg_with_one_fill_time(backtest: Backtest, sample_data: Path) -> None:
    from AlgorithmImports import OptionStrategies

    class Spread(base()):  # type: ignore[misc]
        def prepare(self) -> None:
            self.legs = [contract(self, "call", 740), contract(self, "call", 750)]

        def on_data(self, slice: Any) -> None:  # noqa: A002, ARG002 - LEAN's
            if self.time == datetime(2015, 12, 23, 10):
                chain = self.legs[0].canonical
                spread = OptionStrategies.bull_call_spread(chain, 740, 750, EXPIRY)
                self.tickets = self.buy(spread, 2)
                group = next(iter(self.portfolio.positions.groups))
                self.group = (str(group.buying_power_model), group.quantity, len(group))
                self.margin = self.portfolio.total_margin_used
                self.closed = self.sell(spread, 2, tag=None)

    algorithm = run(backtest, Spread, sample_data)
    assert [(t.symbol.value, t.quantity) for t in algorithm.tickets] == [
        ("GOOG  151224C00740000", 2),
        ("GOOG  151224C00750000", -2),
    ]
    assert algorithm.group == ("Bull Call Spread", 2, 2)
    assert algorithm.margin == 0
    assert {t.tag for t in algorithm.closed} == {"Bull Call Spread (-2)"}
    assert not algorithm.portfolio.invested
