"""What happens to positions in contracts that a filter leaves out, and before a split of the underlying."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from utils.engine.testing import Backtest


def run(backtest: Backtest, kind: type, sample_data: Path) -> Any:
    outcome = backtest(kind, sample_data / "lean")
    assert outcome.completed, outcome.error
    return outcome.algorithm


def test_a_contract_that_is_left_out_stays_while_it_is_held(backtest: Backtest, sample_data: Path) -> None:
    from AlgorithmImports import QCAlgorithm

    class Holds(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2014, 6, 5)
            self.set_end_date(2014, 6, 6)
            self.told: list[Any] = []
            self.active: list[Any] = []
            self.contract: Any = None
            self.add_option("TWX").set_filter(self.choose)

        def choose(self, universe: Any) -> Any:
            """Calls on the first day, puts on the second."""
            right = 0 if self.time.day == 5 else 1
            monthly = [r for r in universe if r.right == right and r.expiry == datetime(2014, 6, 21)]
            return universe.contracts(monthly).strikes(-1, 1)

        def on_securities_changed(self, changes: Any) -> None:
            self.told.append((self.time.day, [s.symbol for s in changes.removed_securities]))

        def on_data(self, slice: Any) -> None:  # noqa: A002 - LEAN's name
            for pair in slice.option_chains:
                for contract in pair.value:
                    if self.contract is None and contract.ask_price:
                        self.contract = contract.symbol
                        self.market_order(contract.symbol, 1)
            if self.contract is not None and self.time.hour == 12 and self.time.minute == 0:
                securities: Any = self.securities
                self.active.append(securities.is_active(self.contract))
                self.active.append(self.contract in slice.quote_bars)

    algorithm = run(backtest, Holds, sample_data)
    contract = algorithm.contract
    assert contract in next(removed for day, removed in algorithm.told if day == 6)
    assert algorithm.active == [True, True, True, True]
    assert algorithm.portfolio[contract].quantity == 1


def test_positions_are_closed_before_a_split(backtest: Backtest, sample_data: Path) -> None:
    from AlgorithmImports import OrderStatus, OrderType, QCAlgorithm, Resolution, Symbol

    class Splits(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2014, 6, 6)  # seven for one on the 9th
            self.set_end_date(2014, 6, 9)
            self.events: list[Any] = []
            aapl = self.add_equity("AAPL", Resolution.MINUTE).symbol
            terms: Any = ("usa", 0, 0, 650, datetime(2014, 6, 13))
            self.contract = self.add_option_contract(Symbol.create_option(aapl, *terms)).symbol

        def on_data(self, slice: Any) -> None:  # noqa: A002, ARG002 - LEAN's name
            if self.time.day == 6 and self.time.hour == 10 and not self.portfolio.invested:
                self.market_order(self.contract, 2)

        def on_order_event(self, event: Any) -> None:
            order = self.transactions.get_order_by_id(event.order_id)
            self.events.append((self.time, order.type, event.status, event.fill_quantity))

    algorithm = run(backtest, Splits, sample_data)
    moc = [event for event in algorithm.events if event[1] == OrderType.MARKET_ON_CLOSE]
    assert moc == [
        (datetime(2014, 6, 6, 15, 44), OrderType.MARKET_ON_CLOSE, OrderStatus.SUBMITTED, 0),
        (datetime(2014, 6, 6, 16), OrderType.MARKET_ON_CLOSE, OrderStatus.FILLED, -2),
    ]
    assert not algorithm.portfolio.invested
    assert not algorithm.securities[algorithm.contract].is_tradable
