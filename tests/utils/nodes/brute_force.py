"""The choice of a node and the largest limits, the slow and plain way: an oracle for the optimizer."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from utils.nodes.catalog import Node, NodeKind
from utils.nodes.requirements import AlgorithmRequirements

GUIDE_MB = {"base": 1_100, "security": 5, "contract": 5, "llm": 50}
OPTIONS_MB = {"use_greeks": 200, "use_scanners": 150, "use_risk_management": 100, "use_two_part_spreads": 200}


def megabytes(needs: AlgorithmRequirements) -> float:
    """The guide's sum, for minute data without local machine learning, warm-up or long backtests."""
    contracts = needs.num_option_chains * needs.contracts_per_chain
    total: float = GUIDE_MB["base"]
    total += GUIDE_MB["security"] * needs.num_securities + GUIDE_MB["contract"] * contracts
    for name, mb in OPTIONS_MB.items():
        on = getattr(needs, name)
        if on or (on is None and needs.num_option_chains > 0):
            total += mb
    return total + (GUIDE_MB["llm"] if needs.use_llm_analysis else 0)


def cheapest(
    nodes: Iterable[Node], kind: NodeKind, needs: AlgorithmRequirements, *, margin: float, cores: int
) -> Node | None:
    """The cheapest CPU node that fits; of the same price, the one with more memory, then cores."""
    best: Node | None = None
    for node in nodes:
        if node.kind is not kind or node.gpu or node.cores < cores:
            continue
        if megabytes(needs) > node.ram_gb * 1_000 * (1 - margin):
            continue
        if best is None or _rank(node) < _rank(best):
            best = node
    return best


def _rank(node: Node) -> tuple[float, float, int]:
    return (node.monthly_usd, -node.ram_gb, -node.cores)


def largest(fits: Callable[[int], bool], upto: int) -> int | None:
    """The largest value from 1 up to `upto` that fits."""
    found = [value for value in range(1, upto + 1) if fits(value)]
    return found[-1] if found else None
