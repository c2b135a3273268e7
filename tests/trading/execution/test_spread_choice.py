"""Which contract is sold against one that is bought."""

from __future__ import annotations

from datetime import date

import pytest

from trading.execution.config import TwoPartSpread
from trading.execution.leg import Contract
from trading.execution.quotes import Quote, QuoteLimits
from trading.execution.spread_choice import Candidate, Pair, best_credit

RULES = TwoPartSpread(max_width=3, max_net_debit_pct=50)
LIMITS = QuoteLimits(10.0, 1.0, 120.0)
EXPIRY = date(2016, 1, 15)


def candidate(strike: float, mid: float, right: str = "call", spread: float = 0.1) -> Candidate:
    contract = Contract(underlying="GOOG", right=right, strike=strike, expiry=EXPIRY)
    return Candidate(contract, Quote(mid - spread / 2, mid + spread / 2))


def test_the_cheapest_for_its_width_is_taken() -> None:
    long = candidate(750, 10.0)
    chain = [long, candidate(752.5, 9.0), candidate(755, 8.2), candidate(757.5, 6.5), candidate(760, 0.1)]
    found = best_credit(long, chain, RULES, LIMITS)
    assert isinstance(found, Pair)
    assert found.short.contract.strike == 755  # 1.9 / 5 against 1.1 / 2.5 and 3.6 / 7.5; the last is too far
    assert found.net_natural == pytest.approx(1.9)
    assert found.net_limit == 2.5


def test_puts_go_the_other_way() -> None:
    long = candidate(750, 10.0, "put")
    found = best_credit(long, [candidate(755, 12.0, "put"), candidate(745, 8.0, "put")], RULES, LIMITS)
    assert isinstance(found, Pair)
    assert found.short.contract.strike == 745


def test_why_there_is_none() -> None:
    long = candidate(750, 10.0)
    other_month = Candidate(long.contract.model_copy(update={"expiry": date(2016, 2, 19)}), long.quote)
    assert best_credit(long, [long, other_month, candidate(760, 6.0, "put")], RULES, LIMITS) == (
        "no contract farther out of the money"
    )
    dear = "no credit is good for 50 % of the distance of the strikes"
    assert best_credit(long, [candidate(755, 7.0)], RULES, LIMITS) == dear
    assert best_credit(long, [candidate(755, 8.0, spread=4.0)], RULES, LIMITS) == dear
