"""Margin calls: which positions are cut, and by how much, worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def spy(algorithm: Any, priced: Any) -> Any:
    """A share at 100 dollars, held with twice the account."""
    return priced(algorithm.add_equity("SPY"), 100.0)


def calls(algorithm: Any) -> tuple[list[float], bool]:
    requests, warned = algorithm.portfolio.margin_call_model.get_margin_call_orders()
    return [request.quantity for request in requests], warned


@pytest.mark.parametrize(
    ("cash", "expected"),
    [
        (0, ([], False)),  # 100,000 of which 50,000 are margin
        (-47_368, ([], False)),  # 52,632: the 2,632 left are more than a twentieth
        (-47_500, ([], True)),  # 52,500: 2,500 left
        (-54_000, ([], False)),  # 46,000 and margin beyond it, but not by a tenth
        (-56_000, ([-120.0], True)),  # 44,000: 6,000 too much are the margin of 120 shares
    ],
)
def test_of_a_long_position(algorithm: Any, spy: Any, cash: float, expected: Any) -> None:
    algorithm.portfolio.set_cash(cash)
    spy.holdings.set_holdings(100.0, 1_000)
    assert calls(algorithm) == expected
