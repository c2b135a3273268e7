"""What positions in options tie up, by hand from the rules of US brokers; and what orders need."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from utils.engine.testing import Backtest

EXPIRY = datetime(2016, 1, 15)
STOCK = 748.0

# Holdings by (right, strike, price, quantity), with shares first; what keeping them ties up at 748.
CASES: dict[str, tuple[int, list[tuple[str, float, float, int]], float]] = {
    # 20 % of the stock's worth and the premium, in the money.
    "naked call": (0, [("C", 740, 15.0, -1)], 1500 + 0.2 * 74_800),
    # 20 % less what it is out of the money (4,800): more than the least, 10 %.
    "naked call out of the money": (0, [("C", 760, 8.0, -2)], 2 * (800 + 0.2 * 74_800 - 1200)),
    # Far out: 10 % of a call's underlying, of a put's strike.
    "naked call far out": (0, [("C", 900, 1.0, -1)], 100 + 0.1 * 74_800),
    "naked put far out": (0, [("P", 600, 1.0, -1)], 100 + 0.1 * 60_000),
    "long call": (0, [("C", 740, 15.0, 3)], 0.0),
    "bull call spread": (0, [("C", 740, 15.0, 1), ("C", 750, 9.0, -1)], 0.0),
    "bear call spread": (0, [("C", 740, 15.0, -2), ("C", 750, 9.0, 2)], 2000.0),
    "bull put spread": (0, [("P", 750, 9.0, -1), ("P", 745, 7.0, 1)], 500.0),
    "iron condor": (
        0,
        [("P", 730, 3.0, 1), ("P", 740, 5.0, -1), ("C", 760, 5.0, -1), ("C", 770, 3.0, 1)],
        1000.0,
    ),
    # The larger of both alone, and the other's premium: call 1,500 + 14,960; put 500 + 14,960 - 800.
    "short strangle": (0, [("C", 740, 15.0, -1), ("P", 735, 5.0, -1)], 1500 + 14_960 + 500),
    # Stock at half its worth: 37,400 at the market, 37,000 at the strike.
    "covered call": (100, [("C", 740, 15.0, -1)], 800 + 37_000),
    "covered call out of the money": (100, [("C", 760, 8.0, -1)], 37_400),
    # 10 % of the strike and what the put is out of the money: less than the stock alone.
    "protective put": (100, [("P", 740, 5.0, 1)], 0.1 * 74_000 + 800),
    # A lot covers one of two calls.
    "one covered, one naked": (100, [("C", 740, 15.0, -2)], 800 + 37_000 + 1500 + 14_960),
}


@pytest.mark.parametrize("name", CASES)
def test_margin_of_what_is_held(name: str, backtest: Backtest, sample_data: Path) -> None:
    from AlgorithmImports import OptionRight, OptionStyle, QCAlgorithm, Symbol, TradeBar

    shares, legs, _ = CASES[name]

    class Holds(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2015, 12, 24)
            self.set_end_date(2015, 12, 24)
            self.set_cash(1_000_000)
            stock = self.add_equity("GOOG")
            for right, strike, _price, _quantity in legs:
                side = OptionRight.CALL if right == "C" else OptionRight.PUT
                terms = ("usa", OptionStyle.AMERICAN, side, strike, EXPIRY)
                self.add_option_contract(Symbol.create_option(stock.symbol, *terms))

        def on_data(self, slice: Any) -> None:  # noqa: A002, ARG002 - LEAN's
            everything: Any = self.securities.values
            for security in everything:
                price, quantity = STOCK, shares
                if security.symbol.has_underlying:
                    strike, right = security.strike_price, str(security.right)[0]
                    price, quantity = next((p, q) for r, s, p, q in legs if (r, s) == (right, strike))
                security.set_market_price(TradeBar(self.time, security.symbol, price, price, price, price, 0))
                security.holdings.set_holdings(price, quantity)
            self.used = self.portfolio.total_margin_used
            self.quit()

    outcome = backtest(Holds, sample_data / "lean")
    assert outcome.completed or "quit" in str(outcome.error).lower(), outcome.error
    algorithm: Any = outcome.algorithm
    assert algorithm.used == pytest.approx(CASES[name][2])


def test_a_margin_call_cuts_the_legs_of_a_strategy_together(backtest: Backtest, sample_data: Path) -> None:
    from AlgorithmImports import OptionRight, OptionStyle, QCAlgorithm, Symbol, TradeBar

    class Called(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2015, 12, 24)
            self.set_end_date(2015, 12, 24)
            stock = self.add_equity("GOOG").symbol
            for strike in (740, 750):
                terms = ("usa", OptionStyle.AMERICAN, OptionRight.CALL, strike, EXPIRY)
                self.add_option_contract(Symbol.create_option(stock, *terms))

        def on_data(self, slice: Any) -> None:  # noqa: A002, ARG002 - LEAN's
            everything: Any = self.securities.values
            for security in everything:
                strike = security.strike_price if security.symbol.has_underlying else 0
                price, quantity = {0: (STOCK, 0), 740: (15.0, -10), 750: (9.0, 10)}[strike]
                security.set_market_price(TradeBar(self.time, security.symbol, price, price, price, price, 0))
                security.holdings.set_holdings(price, quantity)
            # Ten spreads of 1,000 each; with 6,000 to pay back the account is worth 8,000.
            self.portfolio.set_cash(14_000)
            model: Any = self.portfolio.margin_call_model
            self.requests, self.warned = model.get_margin_call_orders()
            self.quit()

    algorithm: Any = backtest(Called, sample_data / "lean").algorithm
    # Eight spreads would be the whole account without the fees, so three go. LEAN takes a leg's quantity for
    # its ratio and multiplies by the combo's once more.
    assert algorithm.warned
    assert [(request.quantity, str(request.order_type)) for request in algorithm.requests] == [
        (9.0, "ComboMarket"),
        (-9.0, "ComboMarket"),
    ]
    assert {request.group_order_manager.quantity for request in algorithm.requests} == {3.0}
