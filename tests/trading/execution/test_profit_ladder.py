"""Levels of profit, the trailing stop behind them, and the other ways out."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trading.execution.config import ProfitTaking
from trading.execution.profit_ladder import Ladder, Valuation, climbed

RULES = ProfitTaking()


def course(values: list[float], contracts: int = 4, rules: ProfitTaking = RULES) -> list[tuple[int, str]]:
    """What is kept, and why, at each value in turn of a position that cost 1."""
    ladder, held, found = Ladder(contracts=contracts), contracts, []
    for value in values:
        ladder, held, reason = climbed(ladder, Valuation(held, 1.0, value, 20.0, 1.0), rules)
        found.append((held, reason))
    return found


def test_a_quarter_goes_at_each_level() -> None:
    assert course([1.5, 2.0, 3.0, 5.0, 11.0]) == [
        (4, ""),
        (3, "profit of 100 %: level 100 %"),
        (2, "profit of 200 %: level 200 %"),
        (1, "profit of 400 %: level 400 %"),
        (0, "profit of 1000 %: level 1000 %"),
    ]


def test_a_jump_takes_all_levels_below_it() -> None:
    assert course([5.5]) == [(1, "profit of 450 %: level 400 %")]


def test_the_trailing_stop_begins_with_the_first_level() -> None:
    assert course([1.9, 1.0])[-1] == (4, "")
    assert course([2.0, 2.4, 1.7])[1:] == [(3, ""), (3, "")]
    assert course([2.0, 2.4, 1.68])[-1] == (0, "1.68 is 30 % below the best, 2.40")


def test_a_single_contract_stays_until_the_last_level_or_the_stop() -> None:
    assert [held for held, _ in course([2.0, 3.0, 5.0, 11.0], contracts=1)] == [1, 1, 1, 0]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"value": 0.5}, "loss of 50 %: stop at 50 %"),
        ({"days_to_expiry": 1.0}, "1.0 days to expiry"),
        ({"days_held": 2.0}, "held for 2.0 days"),
    ],
)
def test_other_ways_out(change: dict[str, float], reason: str) -> None:
    position = {"held": 4, "basis": 1.0, "value": 1.2, "days_to_expiry": 20.0, "days_held": 1.0} | change
    rules = RULES.model_copy(update={"max_holding_days": 2.0})
    _, keep, why = climbed(Ladder(contracts=4), Valuation(**position), rules)  # type: ignore[arg-type]  # of float
    assert (keep, why) == (0, reason)


def test_a_position_that_cost_nothing_has_levels_all_the_same() -> None:
    assert climbed(Ladder(contracts=4), Valuation(4, -0.5, 0.1, 20.0, 1.0), RULES)[1] == 3


def test_without_a_value_nothing_is_done() -> None:
    ladder = Ladder(contracts=4, taken=1, best=2.5)
    assert climbed(ladder, Valuation(3, 1.0, math.nan, 20.0, 1.0), RULES) == (ladder, 3, "")


@given(st.lists(st.floats(0.0, 20.0), max_size=20), st.integers(1, 10))
def test_contracts_only_become_fewer_and_each_exit_has_a_reason(values: list[float], contracts: int) -> None:
    held = contracts
    for kept, reason in course(values, contracts):
        assert 0 <= kept <= held
        assert (kept < held) <= bool(reason)
        if kept == 0:
            break
        held = kept
