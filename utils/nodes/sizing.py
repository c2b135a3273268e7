"""What an algorithm asks of a node beside memory, by rules stated here and nowhere else, and why in words."""

from __future__ import annotations

from trading.monitoring.memory import MB_PER_GB
from utils.nodes.catalog import Node, NodeKind
from utils.nodes.requirements import AlgorithmRequirements, Resolution

MANY_CONTRACTS = 200
"""Option contracts from which on backtests and research get eight cores."""


def needed_cores(kind: NodeKind, requirements: AlgorithmRequirements) -> int:
    """Cores that a node of a kind should have: a rule of thumb.

    LEAN runs an algorithm's own code on one thread, reads and synchronizes data on others. Eight cores pay
    for chains of many contracts (or ticks) in backtests and research, and for an ensemble of language models
    in research; live, one core trades, and a second one keeps scanners from delaying it.
    """
    if kind is NodeKind.LIVE_TRADING:
        return 2 if requirements.num_option_chains and requirements.has("use_scanners") else 1
    if _much_data(requirements) or (kind is NodeKind.RESEARCH and requirements.use_llm_analysis):
        return 8
    if requirements.num_option_chains:
        return 4
    return 2 if kind is NodeKind.BACKTESTING else 1


def needs_gpu(requirements: AlgorithmRequirements) -> bool:
    """A GPU pays for training or inference on the node itself, never for calls to an API.

    Live as well: the same algorithm trains there.
    """
    return requirements.use_ml_training or requirements.use_local_inference


def reason(node: Node, requirements: AlgorithmRequirements, needed_mb: float, *, fits: bool) -> str:
    """Why this node, in one line; one that does not fit is the largest there is."""
    memory = f"{needed_mb / MB_PER_GB:.1f}GB"
    chains = requirements.num_option_chains
    if needs_gpu(requirements):
        what = "training" if requirements.use_ml_training else "inference"
        return f"Local machine learning: {what} on the node uses a GPU ({memory})"
    if node.kind is NodeKind.LIVE_TRADING:
        if chains > 1:
            return f"Options trading with multiple chains ({memory})"
        return f"Options trading with one chain ({memory})" if chains else _plain(node, memory, fits)
    if needed_cores(node.kind, requirements) < 8:
        return f"Options trading with few contracts ({memory})" if chains else _plain(node, memory, fits)
    if not chains and requirements.resolution is Resolution.TICK:
        return f"Tick data ({memory})"
    if node.kind is NodeKind.BACKTESTING:
        return f"High memory requirements ({memory}) or options trading"
    return f"High memory or LLM ensemble analysis ({memory})"


def _much_data(requirements: AlgorithmRequirements) -> bool:
    return requirements.num_contracts >= MANY_CONTRACTS or requirements.resolution is Resolution.TICK


def _plain(node: Node, memory: str, fits: bool) -> str:
    """For an algorithm that asks for nothing but memory: the cheapest node will do, such as the free one.

    Its delay at each start is the price, and is told; a run of minutes does not notice it.
    """
    if not fits:
        return f"The largest without a GPU ({memory} needed)"
    delay = f"; each run starts {node.start_delay_s:g} s late" if node.start_delay_s else ""
    return f"The cheapest with enough memory ({memory}){delay}"
