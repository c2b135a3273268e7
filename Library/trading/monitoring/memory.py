"""How much memory an algorithm needs, as a table of terms: a count times megabytes each.

1 GB is 1,000 MB here, for nodes as for estimates: a 4 GB node has 4,000 MB.

>>> example = {"base": 1, "securities": 10, "option_contracts": 500, "greeks": 1, "scanners": 1,
...            "risk_management": 1, "two_part_spreads": 1, "llm_calls": 1}
>>> MemoryModel().estimate(example).total_mb
4350.0
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

MB_PER_GB: Final = 1_000


@dataclass(frozen=True)
class MemoryTerm:
    """One term of the model.

    Attributes:
        name: key of its count.
        label: how a report calls it.
        mb: megabytes for each one counted.
        source: what the figure rests on.
    """

    name: str
    label: str
    mb: float
    source: str


_GUIDE = "QuantConnect compute node guide"
_ASSUMED = "assumption; refit it with recorded metrics"

DEFAULT_TERMS: Final = (
    MemoryTerm("base", "Base overhead", 1_100, _GUIDE),
    MemoryTerm("securities", "Securities", 5, _GUIDE),
    MemoryTerm("option_contracts", "Option contracts", 5, _GUIDE),
    MemoryTerm("greeks", "Greeks calculations", 200, _GUIDE),
    MemoryTerm("scanners", "Scanners", 150, _GUIDE),
    MemoryTerm("risk_management", "Risk management", 100, _GUIDE),
    MemoryTerm("two_part_spreads", "Two-part spread", 200, _GUIDE),
    MemoryTerm("llm_calls", "LLM API calls", 50, _GUIDE),
    MemoryTerm("tick_subscriptions", "Tick subscriptions", 20, _ASSUMED),
    MemoryTerm("second_subscriptions", "Second subscriptions", 2, _ASSUMED),
    MemoryTerm("ml_training", "Local ML training", 4_000, _ASSUMED),
    MemoryTerm("local_inference", "Local inference", 2_000, _ASSUMED),
)
"""The last four count what the guide's example does not have."""


@dataclass(frozen=True)
class MemoryLine:
    """One term's share of an estimate."""

    term: MemoryTerm
    count: float

    @property
    def mb(self) -> float:
        """Megabytes."""
        return self.count * self.term.mb


@dataclass(frozen=True)
class MemoryEstimate:
    """An estimate by terms; those that count nothing are left out."""

    lines: tuple[MemoryLine, ...]

    @property
    def total_mb(self) -> float:
        """Megabytes in all."""
        return float(sum(line.mb for line in self.lines))

    @property
    def total_gb(self) -> float:
        """Gigabytes in all."""
        return self.total_mb / MB_PER_GB


@dataclass(frozen=True)
class MemoryModel:
    """A table of terms."""

    terms: tuple[MemoryTerm, ...] = field(default=DEFAULT_TERMS)

    def estimate(self, counts: Mapping[str, float]) -> MemoryEstimate:
        """The estimate for the counts of each term; those not named count nothing.

        Raises:
            ValueError: a count names no term, or is negative.
        """
        unknown = sorted(counts.keys() - {term.name for term in self.terms})
        if unknown:
            raise ValueError(f"the memory model has no term {unknown[0]}")
        negative = sorted(name for name, count in counts.items() if not count >= 0)
        if negative:
            raise ValueError(f"{negative[0]}: a count must be 0 or more")
        lines = (MemoryLine(term, counts.get(term.name, 0)) for term in self.terms)
        return MemoryEstimate(tuple(line for line in lines if line.count))
