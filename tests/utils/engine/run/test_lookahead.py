"""An algorithm cannot see the future, however it tries."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from utils.engine.testing import Backtest, LeanData

CLOSES = [100.0 + i for i in range(600)]


def spy_on_the_future() -> Any:
    from AlgorithmImports import QCAlgorithm, Resolution, TradeBar

    class Spy(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2024, 1, 2)
            self.set_end_date(2024, 1, 2)
            self.btc = self.add_crypto("BTCUSD", Resolution.MINUTE, "coinbase").symbol
            self.fast = self.sma(self.btc, 3, Resolution.MINUTE)
            self.seen: list[tuple[float, float]] = []
            self.kept: list[Any] = []
            self.count = 0

        def on_data(self, slice: Any) -> None:
            if self.count == len(CLOSES):
                return  # from here on, bars are filled forward
            self.count += 1
            # Bars end no later than now, and the price is that of the last of them.
            bar = slice.bars[self.btc]
            assert bar.end_time <= self.utc_time
            assert self.securities[self.btc].price == bar.close == CLOSES[self.count - 1]
            self.kept.append(slice)
            if self.count % 100:
                return
            # History that reaches into the future stops now.
            ahead = self.history[TradeBar](
                self.btc, self.time - timedelta(minutes=5), self.time + timedelta(days=1)
            )
            assert ahead and max(one.end_time for one in ahead) <= self.utc_time
            frame = self.history(self.btc, datetime(2024, 1, 2), datetime(2024, 1, 3), Resolution.MINUTE)
            assert len(frame) == self.count
            # The indicator, computed ahead in one go, tells no more than the bars so far.
            assert self.fast.current.value == sum(CLOSES[self.count - 3 : self.count]) / 3
            assert self.fast.samples == self.count
            # A slice kept from before still has what it had.
            assert self.kept[0].bars[self.btc].close == CLOSES[0]

    return Spy


def test_nothing_of_the_future_is_to_be_had(backtest: Backtest, lean_data: LeanData) -> None:
    data = lean_data.minutes("crypto/coinbase/minute/btcusd", "2024-01-02T05:00", CLOSES)
    outcome = backtest(spy_on_the_future(), data)
    assert outcome.completed, outcome.error
    assert outcome.algorithm.count == len(CLOSES)  # type: ignore[union-attr]


def test_a_market_order_fills_at_the_close_it_saw_and_a_limit_not_before_the_next_bar(
    backtest: Backtest, lean_data: LeanData
) -> None:
    from AlgorithmImports import OrderStatus, QCAlgorithm, Resolution

    class Orders(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2024, 1, 2)
            self.set_end_date(2024, 1, 2)
            self.set_cash(1_000_000)
            self.btc = self.add_crypto("BTCUSD", Resolution.MINUTE, "coinbase").symbol
            self.sent: Any = None

        def on_data(self, slice: Any) -> None:
            if self.sent is None:
                self.market = self.market_order(self.btc, 1)
                self.sent = self.utc_time
                # Far over the market: would fill at once if this bar counted.
                self.limit = self.limit_order(self.btc, 1, 1_000)

        def on_order_event(self, event: Any) -> None:
            if event.status == OrderStatus.FILLED and event.order_id == 2:
                self.filled = event.utc_time

    outcome = backtest(Orders, lean_data.minutes("crypto/coinbase/minute/btcusd", "2024-01-02T05:00", CLOSES))
    assert outcome.completed, outcome.error
    algorithm: Any = outcome.algorithm
    assert algorithm.market.average_fill_price == CLOSES[0]
    assert algorithm.filled == algorithm.sent + timedelta(minutes=1)
