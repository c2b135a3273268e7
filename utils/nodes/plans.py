"""What to rent in each phase of a project, from the recommendation for production."""

from __future__ import annotations

from dataclasses import dataclass

from trading.monitoring.memory import MB_PER_GB
from utils.nodes.catalog import Catalog, Node, NodeKind, StorageTier
from utils.nodes.optimizer import Recommendation

PAPER = "Live Trading (paper)"
STORAGE_GB = 5
"""What trading state, 180 days of Greeks and a cache of language models' answers take."""


@dataclass(frozen=True)
class Plan:
    """Lines of what is rented, with USD a month for each."""

    name: str
    purpose: str
    lines: tuple[tuple[str, float], ...]

    @property
    def monthly_usd(self) -> float:
        """USD a month."""
        return sum(cost for _, cost in self.lines)


def plans(recommendations: dict[str, Recommendation], catalog: Catalog) -> tuple[Plan, ...]:
    """Development, production, and production with a second backtest node; with the Object Store if sold."""
    backtest, research, live = (recommendations[kind]["node"] for kind in NodeKind)
    production = (
        (f"Backtesting ({backtest.model})", backtest.monthly_usd),
        (f"Research ({research.model})", research.monthly_usd),
        (f"Live Trading ({live.model})", live.monthly_usd),
    )
    first = _smaller(recommendations[NodeKind.BACKTESTING], catalog)
    notebook = _smaller(recommendations[NodeKind.RESEARCH], catalog)
    development = (
        (f"Backtesting ({first.model})", first.monthly_usd),
        (f"Research ({notebook.model})", notebook.monthly_usd),
        (PAPER, 0.0),
    )
    scale = (
        (f"Backtesting 1 ({backtest.model})", backtest.monthly_usd),
        (f"Backtesting 2 ({backtest.model})", backtest.monthly_usd),
        *production[1:],
    )
    found = [
        Plan("Development", "start here; upgrade when memory runs short", development),
        Plan("Production", "live trading", production),
        Plan("Scale", "a second backtest node for parallel tests", scale),
    ]
    if tier := _storage(catalog.object_store):
        store = (f"Object Store ({tier.storage_gb:g}GB)", tier.monthly_usd)
        found.append(Plan("Production with storage", "state and history are kept", (*production, store)))
    return tuple(found)


def _storage(tiers: tuple[StorageTier, ...]) -> StorageTier | None:
    """The cheapest tier of at least STORAGE_GB."""
    enough = (tier for tier in tiers if tier.storage_gb >= STORAGE_GB)
    return min(enough, key=lambda tier: (tier.monthly_usd, -tier.storage_gb), default=None)


def _smaller(recommendation: Recommendation, catalog: Catalog) -> Node:
    """The next smaller node that still holds the estimate, without its margin; the same if there is none.

    A recommended GPU is kept, and nobody is sent to a node that starts late.
    """
    node = recommendation["node"]
    smaller = (
        other
        for other in catalog.of(node.kind)
        if other.gpu == node.gpu
        and recommendation["estimated_memory_gb"] * MB_PER_GB <= other.ram_mb < node.ram_mb
        and other.monthly_usd <= node.monthly_usd
        and not other.start_delay_s
    )
    return max(smaller, key=lambda other: other.ram_mb, default=node)
