"""What is refused before the first order, every reason at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from trading.execution.leg import Contract
from trading.execution.quotes import Quote, QuoteLimits
from trading.execution.validator import PositionLimits, Proposal, Standing, affordable, refusals

LONG = Contract(underlying="GOOG", right="call", strike=750.0, expiry=date(2016, 1, 15))
SHORT = LONG.model_copy(update={"strike": 760.0})
LIMITS = PositionLimits(20, 5.0, 20.0, QuoteLimits(10.0, 1.0, 120.0))
PROPOSAL = Proposal(LONG, SHORT, 4, 4.0, Quote(9.8, 10.2, 5, 5), Quote(5.9, 6.1, 5, 5))
STANDING = Standing(100_000.0, 90_000.0, 3, frozenset(), "", market_open=True)


def test_a_good_proposal_passes() -> None:
    assert refusals(PROPOSAL, STANDING, LIMITS) == ()


@pytest.mark.parametrize(
    ("standing", "proposal", "reason"),
    [
        ({"halted": "daily_loss"}, {}, "no new risk: daily_loss"),
        ({"market_open": False}, {}, "the market is closed"),
        ({"positions": 20}, {}, "20 positions, 20 are allowed"),
        ({"contracts_in_use": {SHORT}}, {}, "GOOG 160115 C760 already belongs to a position"),
        ({}, {"short": LONG}, "both legs are one contract"),
        ({}, {"contracts": 0}, "no contract is affordable"),
        ({"equity": 30_000.0}, {}, "could lose 1,600, over 1,500"),
        ({"buying_power": 24_000.0}, {}, "needs 4,080, 4,000 is free to spend"),
        ({}, {"long_quote": Quote(0.0, 1.0)}, "long leg: no two-sided quote"),
        ({}, {"short_quote": Quote(5.9, 6.1, age=121.0)}, "short leg: quote is 121 s old, over 120 s"),
        ({}, {"short_quote": Quote(5.0, 6.0)}, "short leg: spread of 18.2 % of the mid, over 10 %"),
        ({}, {"long_quote": Quote(9.8, 10.2, 5, 0)}, "long leg: size of 0, under 1"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_each_refusal(standing: dict[str, Any], proposal: dict[str, Any], reason: str) -> None:
    assert refusals(replace(PROPOSAL, **proposal), replace(STANDING, **standing), LIMITS) == (reason,)


def test_every_reason_is_given() -> None:
    assert len(refusals(PROPOSAL, replace(STANDING, halted="x", market_open=False), LIMITS)) == 2


def test_as_many_pairs_as_may_be_lost() -> None:
    assert affordable(10, 4.0, 100_000.0, 5.0) == 10
    assert affordable(20, 4.0, 100_000.0, 5.0) == 12
    assert affordable(20, 60.0, 100_000.0, 5.0) == 0
    assert affordable(20, -1.0, 100_000.0, 5.0) == 20
