"""The impact of an order on the market: LEAN's formula written out, over bars made by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from utils.engine.dotnet.exceptions import SystemException
from utils.engine.dotnet.random import Random
from utils.engine.models.slippage.market_impact_slippage_model import MarketImpactSlippageModel
from utils.engine.testing import Backtest, LeanData

CLOSES = [100.0, 103.0, 99.0, 104.0, 98.0, 101.0, 97.0, 105.0, 102.0, 99.5, 103.5, 100.5, 101.5, 98.5]
SPY = "equity/usa/daily/spy"


def slipped(
    backtest: Backtest, lean_data: LeanData, closes: list[float], quantity: float, **terms: Any
) -> tuple[float, float]:
    """What the model answers for an order on the last day, and the price."""
    from AlgorithmImports import QCAlgorithm, Resolution

    class Impact(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2020, 1, 20)
            self.set_end_date(2020, 1, 22)
            self.set_cash(100_000_000)
            self.spy = self.add_equity("SPY", Resolution.DAILY)
            self.model = MarketImpactSlippageModel(self, **terms)
            self.answer = 0.0

        def on_data(self, _slice: Any) -> None:
            if not self.transactions.orders_count:
                ticket = self.market_order(self.spy.symbol, quantity)
                order = self.transactions.get_order_by_id(ticket.order_id)
                self.answer, self.at = self.model.get_slippage_approximation(self.spy, order), self.spy.price

    outcome: Any = backtest(Impact, lean_data.daily(SPY, "2020-01-02", closes, volume=5_000.0))
    assert outcome.completed, outcome.error
    return outcome.algorithm.answer, outcome.algorithm.at


@pytest.mark.parametrize("terms", [{}, {"non_negative": False, "random_seed": 7}])
def test_by_the_formula(backtest: Backtest, lean_data: LeanData, terms: dict[str, Any]) -> None:
    quantity, volume = 1_000.0, 5_000.0
    found, price = slipped(backtest, lean_data, CLOSES, quantity, **terms)
    known = np.array(CLOSES[: CLOSES.index(price)])  # the model's days end when the next one begins
    sigma = float(np.std(known[1:] / known[:-1] - 1, ddof=1))
    session = 6.5 * 3600
    execution, impact = 0.075 / session, 1800.075 / session
    rate = quantity / execution / volume
    random = Random(terms.get("random_seed", 50))

    def normal() -> float:
        one, other = 1 - random.next_double(), 1 - random.next_double()
        return math.sqrt(-2 * math.log(one)) * math.cos(2 * math.pi * other)

    noise = sigma * math.sqrt(impact)
    permanent = sigma * execution * 0.314 * rate**0.891 + normal() * noise
    temporary = sigma * 0.142 * rate**0.6 + normal() * noise
    share = min((temporary + permanent / 2) * random.next_double(), 1)
    assert found == pytest.approx(share * price, rel=1e-6)
    assert found > 0


def test_a_price_that_never_moved_has_none(backtest: Backtest, lean_data: LeanData) -> None:
    assert slipped(backtest, lean_data, [100.0] * 14, 1_000.0)[0] == 0.0


def test_currencies_have_no_volume(algorithm: Any) -> None:
    pair = algorithm.add_forex("EURUSD")
    with pytest.raises(SystemException, match="Asset of Forex is not supported"):
        MarketImpactSlippageModel(algorithm).get_slippage_approximation(pair, None)


@pytest.mark.parametrize("terms", [{"latency": 0.0}, {"impact_time": -1.0}])
def test_times_are_above_zero(terms: dict[str, Any]) -> None:
    with pytest.raises(SystemException, match="cannot be less than or equal to 0"):
        MarketImpactSlippageModel(None, **terms)
