"""When a position is closed: levels of profit, a trailing stop behind them, a stop loss, and time."""

from __future__ import annotations

from dataclasses import dataclass

from trading.execution.config import ProfitTaking
from trading.execution.order_record import Record

LEAST_BASIS = 0.05
"""A position that cost less, per share, is measured as if it had cost this: a gift has no percentage."""


class Ladder(Record):
    """How far a position has climbed.

    Attributes:
        contracts: of the position when it was complete.
        taken: levels reached so far.
        best: its highest value since the first level, per share; 0 before.
    """

    contracts: int
    taken: int = 0
    best: float = 0.0


@dataclass(frozen=True)
class Valuation:
    """A position now.

    Attributes:
        held: contracts that are left.
        basis: what a contract cost, per share.
        value: what it would bring now, per share; NaN when nobody says.
        days_to_expiry, days_held: calendar days.
    """

    held: int
    basis: float
    value: float
    days_to_expiry: float
    days_held: float


def climbed(ladder: Ladder, position: Valuation, rules: ProfitTaking) -> tuple[Ladder, int, str]:
    """The ladder after a look at the position, how many contracts to keep, and why.

    Contracts to keep are all that are held when there is nothing to do.

    >>> rules = ProfitTaking()
    >>> climbed(Ladder(contracts=4), Valuation(4, 1.0, 2.1, 20, 1), rules)[1:]
    (3, 'profit of 110 %: level 100 %')
    """
    profit_pct = 100 * (position.value / max(position.basis, LEAST_BASIS) - 1)
    if position.days_to_expiry <= rules.close_days_before_expiry:
        return ladder, 0, f"{position.days_to_expiry:.1f} days to expiry"
    if 0 < rules.max_holding_days <= position.days_held:
        return ladder, 0, f"held for {position.days_held:.1f} days"
    if profit_pct <= -rules.stop_loss_pct:
        return ladder, 0, f"loss of {-profit_pct:.0f} %: stop at {rules.stop_loss_pct:g} %"
    reached = sum(profit_pct >= level for level in rules.levels_pct)
    taken = max(ladder.taken, reached)
    best = max(ladder.best, position.value) if taken else 0.0
    after = ladder.model_copy(update={"taken": taken, "best": best})
    if taken and position.value <= best * (1 - rules.trailing_stop_pct / 100):
        return after, 0, f"{position.value:.2f} is {rules.trailing_stop_pct:g} % below the best, {best:.2f}"
    keep = min(position.held, left_after(ladder.contracts, taken, rules))
    if keep == position.held:
        return after, keep, ""
    return after, keep, f"profit of {profit_pct:.0f} %: level {rules.levels_pct[taken - 1]:g} %"


def left_after(contracts: int, taken: int, rules: ProfitTaking) -> int:
    """Contracts that stay once `taken` levels are reached: fractions are rounded in favour of staying.

    >>> [left_after(4, taken, ProfitTaking()) for taken in range(5)]
    [4, 3, 2, 1, 0]
    """
    closed = int(contracts * taken * rules.fraction_pct / 100 + 1e-9)
    return max(contracts - closed, 0)
