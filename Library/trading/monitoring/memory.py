"""How much memory an algorithm needs, as a table of terms: a count times megabytes each.

1 GB is 1,000 MB here, for nodes as for estimates, as in the guide that the figures are from: its example
needs 4,350 MB, or 4.35 GB, which leaves 11.65 GB of a 16 GB node.

>>> example = {"base": 1, "securities": 10, "option_contracts": 500, "greeks": 1, "scanners": 1,
...            "risk_management": 1, "two_part_spreads": 1, "llm_calls": 1}
>>> MemoryModel().estimate(example).total_mb
4350.0
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
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


_GUIDE: Final = "QuantConnect compute node guide"
_ASSUMED: Final = "assumption; refit it with recorded metrics"

DEFAULT_TERMS: Final = (
    MemoryTerm("base", "Base overhead", 1_100, _GUIDE),
    MemoryTerm("securities", "Securities", 5, _GUIDE),
    MemoryTerm("option_contracts", "Option contracts", 5, _GUIDE),
    MemoryTerm("greeks", "Greeks calculations", 200, _GUIDE),
    MemoryTerm("scanners", "Scanners", 150, _GUIDE),
    MemoryTerm("risk_management", "Risk management", 100, _GUIDE),
    MemoryTerm("two_part_spreads", "Two-part spread", 200, _GUIDE),
    MemoryTerm("llm_calls", "LLM API calls", 50, _GUIDE),
    # What the guide's example does not have: these count nothing for it.
    MemoryTerm("tick_subscriptions", "Tick subscriptions", 20, _ASSUMED),
    MemoryTerm("second_subscriptions", "Second subscriptions", 2, _ASSUMED),
    MemoryTerm("warm_up_million_bars", "Warm-up (million bars)", 100, _ASSUMED),
    MemoryTerm("backtest_extra_years", "Backtest years after the first", 10, _ASSUMED),
    MemoryTerm("ml_training", "Local ML training", 4_000, _ASSUMED),
    MemoryTerm("local_inference", "Local inference", 2_000, _ASSUMED),
)
"""The terms, in the order a report shows them.

Counts of the assumed terms: subscriptions (securities and contracts) that tick data buffers, at 20 MB, or
second bars, at 2 MB, come on top of the 5 MB of each; a million bars of history at 100 bytes a bar (ten
8-byte columns of a quote bar, and its index); years of results (daily series, orders, charts) after the
first, which the base holds; 1 for training on the node (a training set and a framework), 1 for inference.
"""


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

    def term(self, name: str) -> MemoryTerm:
        """The term of a name.

        Raises:
            ValueError: there is none.
        """
        for term in self.terms:
            if term.name == name:
                return term
        raise ValueError(f"the memory model has no term {name}")

    def estimate(self, counts: Mapping[str, float]) -> MemoryEstimate:
        """The estimate for the counts of each term; those not named count nothing.

        Raises:
            ValueError: a count names no term, or is negative or not finite.
        """
        for name, count in counts.items():
            self.term(name)
            if not (isfinite(count) and count >= 0):
                raise ValueError(f"{name}: a count must be a number from 0 up, not {count}")
        lines = (MemoryLine(term, counts.get(term.name, 0)) for term in self.terms)
        return MemoryEstimate(tuple(line for line in lines if line.count))

    def with_terms(self, megabytes: Mapping[str, float], source: str) -> MemoryModel:
        """The same table with other megabytes for the named terms, which then rest on `source`.

        Raises:
            ValueError: a name is no term's, or a figure is negative or not finite.
        """
        for name, mb in megabytes.items():
            self.term(name)
            if not (isfinite(mb) and mb >= 0):
                raise ValueError(f"{name}: megabytes must be a number from 0 up, not {mb}")
        return MemoryModel(
            tuple(
                replace(term, mb=float(megabytes[term.name]), source=source)
                if term.name in megabytes
                else term
                for term in self.terms
            )
        )
