"""How a run of one of LEAN's algorithms compares with what LEAN expects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

# What money, orders and trades came to; the other statistics derive from samples of the equity.
CORE = frozenset(
    {
        "Total Orders",
        "Average Win",
        "Average Loss",
        "Drawdown",
        "Expectancy",
        "Start Equity",
        "End Equity",
        "Net Profit",
        "Loss Rate",
        "Win Rate",
        "Profit-Loss Ratio",
        "Total Fees",
        "OrderListHash",
    }
)


class Status(StrEnum):
    """What came of a comparison."""

    MATCH = "match"
    MATCH_CORE = "match-core"
    DIFFERS = "differs"
    REFUSED = "refused"
    CRASHED = "crashed"


@dataclass(frozen=True)
class Verdict:
    """One algorithm's comparison.

    Attributes:
        differences: one line each; of a refusal or a crash, its reason; what data are missing.
        seconds: wall time of the process.
    """

    name: str
    status: Status
    differences: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether there is nothing to mend: every figure is LEAN's, or the engine refused by name."""
        return self.status in {Status.MATCH, Status.REFUSED}

    def data(self) -> dict[str, object]:
        """The same for programs."""
        return {"name": self.name, "status": self.status, "differences": list(self.differences)}


def without_data(verdict: Verdict, absent: Sequence[str]) -> Verdict:
    """The verdict on a run that lacked data, which is named first.

    An algorithm that stops because it found nothing differs, and has not crashed.
    """
    if verdict.passed or not absent:
        return verdict
    lines = (*(f"no data of {what}" for what in absent), *verdict.differences)
    status = Status.DIFFERS if verdict.status is Status.CRASHED else verdict.status
    return replace(verdict, status=status, differences=lines)


def compare(
    name: str, expected: Mapping[str, str], found: Mapping[str, str], seconds: float = 0.0
) -> Verdict:
    """Compare every statistic that is expected."""
    wrong = {key: value for key, value in expected.items() if found.get(key) != value}
    lines = tuple(f"{key}: expected {value!r}, got {found.get(key)!r}" for key, value in wrong.items())
    if not wrong:
        return Verdict(name, Status.MATCH, (), seconds)
    status = Status.DIFFERS if CORE & wrong.keys() else Status.MATCH_CORE
    return Verdict(name, status, lines, seconds)
