"""When two simulations agree: trades exactly, money to 1e-12 of equity, undefined figures identically.

Ratios agree to 1e-9. Some markets make a ratio ill-conditioned (returns that are nearly equal have next to
no deviation): there the bound widens by what a rounding error of the equity does to the ratio, and no more.
"""

from __future__ import annotations

import math
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.reference.simulation import Outcome
from trading.simulation.records import BLOCKS

MONEY = 1e-12
RATIO = 1e-9
ROUNDING = 1e-14  # of the greatest equity: some tens of units in the last place

_EXACT_FIELDS = (
    "signal_bar",
    "entry_bar",
    "exit_bar",
    "side",
    "quantity",
    "entry_price",
    "exit_price",
    "reason",
)


def assert_agrees(
    expected: Outcome, trades: NDArray[np.void], equity: NDArray[np.float64], result: np.void
) -> None:
    """Raise AssertionError, naming the first field that differs."""
    for name in _EXACT_FIELDS:
        assert trades[name].tolist() == [getattr(trade, name) for trade in expected.trades], name
    money = MONEY * _greatest_equity(expected)
    for name in ("fees", "pnl"):
        _assert_close(name, trades[name], [getattr(trade, name) for trade in expected.trades], money)
    _assert_close("equity", equity, expected.equity, money)
    assert_same_result(expected, result)


def assert_same_result(expected: Outcome, result: np.void) -> None:
    """The metric row alone, `trades_hash` excepted."""
    for field in fields(expected.metrics):
        want, got = getattr(expected.metrics, field.name), result[field.name]
        if field.name == "blocks":
            assert got.shape == (2 * BLOCKS + 2,)
            largest = max(1.0, *map(abs, expected.returns))
            _assert_close("blocks", got, want, max(MONEY, 100 * _return_error(expected)) * largest**4)
        elif math.isnan(want):
            assert math.isnan(got), f"{field.name}: {got} instead of undefined"
        else:
            _assert_close(field.name, np.array([got]), [want], _tolerance(field.name, expected))


def _assert_close(name: str, got: NDArray[Any], want: list[float], tolerance: float) -> None:
    assert got.shape == (len(want),), f"{name}: {got.shape} instead of {len(want)} values"
    for index, (value, wanted) in enumerate(zip(got.tolist(), want, strict=True)):
        assert abs(value - wanted) <= tolerance, f"{name}[{index}]: {value} instead of {wanted}"


def _tolerance(name: str, expected: Outcome) -> float:
    metrics = expected.metrics
    match name:
        case "pnl" | "fees" | "open_pnl":
            return MONEY * _greatest_equity(expected)
        case "max_drawdown":
            return MONEY
        case "profit_factor":
            losses = -math.fsum(trade.pnl for trade in expected.trades if trade.pnl < 0)
            factor = metrics.profit_factor
            return RATIO * factor + (1 + factor) * ROUNDING * _greatest_equity(expected) / losses
        case "sharpe" | "sortino":
            ratio: float = getattr(metrics, name)
            returns = expected.returns
            mean = math.fsum(returns) / len(returns)
            if name == "sharpe":
                squares = math.fsum((value - mean) ** 2 for value in returns) / (len(returns) - 1)
            else:
                squares = math.fsum(min(value, 0.0) ** 2 for value in returns) / len(returns)
            spread = math.sqrt(squares)
            # ratio = mean / spread, annualized: an error of the returns moves numerator and denominator.
            moved = _return_error(expected) / spread * (1 + abs(mean) / spread) * math.sqrt(365)
            return RATIO * abs(ratio) + moved
        case _:
            return 0.0


def _greatest_equity(expected: Outcome) -> float:
    return max(*map(abs, expected.equity), expected.equity[-1] - expected.metrics.pnl)


def _return_error(expected: Outcome) -> float:
    """What rounding may do to a daily return: most where little is left of a great equity."""
    greatest = _greatest_equity(expected)
    return ROUNDING * greatest / min((abs(value) for value in expected.equity if value), default=greatest)
