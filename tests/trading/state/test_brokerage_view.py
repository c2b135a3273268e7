"""The account of a LEAN algorithm in the embedded engine: holdings, and open orders with their tags."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from AlgorithmImports import QCAlgorithm, Resolution

from trading.state.blotter import Blotter
from trading.state.brokerage_view import BrokerOrder, brokerage_view
from trading.state.reconciliation import FindingKind, reconcile
from trading.state.trading_state import OrderDraft


class HoldsAndWaits(QCAlgorithm):
    """Holds 5 shares; a limit and a stop order wait."""

    def initialize(self) -> None:
        self.set_start_date(2020, 1, 2)
        self.set_end_date(2020, 1, 6)
        self.spy = self.add_equity("SPY", Resolution.DAILY).symbol
        self.blotter = Blotter("bot", lambda: datetime(2020, 1, 2, tzinfo=UTC))

    def on_data(self, _data: Any) -> None:
        if self.portfolio.invested or self.transactions.get_open_orders():
            return
        self.market_order(self.spy, 5)
        draft = OrderDraft(
            symbol=str(self.spy.id),
            quantity=-2,
            owner="s1",
            purpose="exit",
            order_type="LIMIT",
            limit_price=200,
        )
        (order,) = self.blotter.intend(draft)
        self.limit_order(self.spy, -2, 200, tag=order.tag)
        self.stop_market_order(self.spy, -3, 50)

    def on_end_of_algorithm(self) -> None:
        self.seen = brokerage_view(self)


def test_what_lean_tells(backtest: Any, lean_data: Any) -> None:
    data: Path = lean_data.daily("equity/usa/daily/spy", "2020-01-02", closes=[100, 101, 102])
    outcome = backtest(HoldsAndWaits, data)
    assert outcome.completed, outcome.error
    algorithm = outcome.algorithm
    view = algorithm.seen
    assert view.holdings == {"SPY 2T": 5.0}
    limit, stop = view.orders
    (order,) = algorithm.blotter.state.orders
    assert limit == BrokerOrder("SPY 2T", -2, order.tag, limit.broker_ids, "LIMIT", 200.0)
    assert (stop.order_type, stop.stop_price, stop.limit_price) == ("STOP_MARKET", 50.0, None)
    findings = reconcile(algorithm.blotter.state, view, "bot", datetime(2020, 1, 7, tzinfo=UTC)).findings
    assert sorted(finding.kind for finding in findings) == sorted(
        [FindingKind.ADOPT, FindingKind.UNKNOWN_POSITION, FindingKind.UNKNOWN_ORDER]
    )
