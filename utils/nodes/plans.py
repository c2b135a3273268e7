"""What to rent in each phase of a project, from the recommendation for production."""

from __future__ import annotations

from dataclasses import dataclass

from utils.nodes.catalog import Catalog, Node, NodeKind, StorageTier
from utils.nodes.optimizer import Recommendation

PAPER = "Live Trading (paper)"


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
    backtest = recommendations[NodeKind.BACKTESTING]["node"]
    research = recommendations[NodeKind.RESEARCH]["node"]
    live = recommendations[NodeKind.LIVE_TRADING]["node"]
    production = (
        (f"Backtesting ({backtest.model})", backtest.monthly_usd),
        (f"Research ({research.model})", research.monthly_usd),
        (f"Live Trading ({live.model})", live.monthly_usd),
    )
    smaller, smaller_research = _smaller(backtest, catalog), _smaller(research, catalog)
    development = (
        (f"Backtesting ({smaller.model})", smaller.monthly_usd),
        (f"Research ({smaller_research.model})", smaller_research.monthly_usd),
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
    if catalog.object_store:
        found.append(_with_store(production, catalog.object_store))
    return tuple(found)


def _with_store(production: tuple[tuple[str, float], ...], tiers: tuple[StorageTier, ...]) -> Plan:
    """Production with the smallest tier that is sold."""
    tier = min(
        (tier for tier in tiers if tier.monthly_usd), key=lambda tier: tier.storage_gb, default=tiers[0]
    )
    store = (f"Object Store ({tier.storage_gb:g}GB)", tier.monthly_usd)
    return Plan("Production with storage", "state and history are kept", (*production, store))


def _smaller(node: Node, catalog: Catalog) -> Node:
    """The next smaller node without a GPU, if there is one with less memory."""
    smaller = [
        other
        for other in catalog.of(node.kind)
        if not other.gpu and other.ram_mb < node.ram_mb and not other.start_delay_s
    ]
    return max(smaller, key=lambda other: other.ram_mb, default=node)
