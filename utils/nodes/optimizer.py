"""Picks a node of each kind for what an algorithm requires.

    requirements = AlgorithmRequirements(num_securities=10, num_option_chains=5, contracts_per_chain=100)
    NodeOptimizer().recommend_nodes(requirements)["backtesting"]["node"].model     # B8-16

Of each kind it is the cheapest node that has the memory, the cores and the latency, and a GPU only for
training or inference on the node itself. The cores are a rule of ours, stated by `needed_cores`; memory is
the model of `trading.monitoring.memory` with a margin. When no live node fits, the largest without a GPU is
named together with what it lacks and with the limits that make the algorithm fit; `strict` refuses instead.
"""

from __future__ import annotations

from typing import TypedDict

from trading.monitoring.memory import MB_PER_GB, MemoryEstimate, MemoryModel
from utils.errors import UserError
from utils.nodes.catalog import Catalog, Node, NodeKind, load_catalog
from utils.nodes.memory_use import FittingLimits, estimate_memory, fitting_limits
from utils.nodes.requirements import AlgorithmRequirements, Resolution

MARGIN = 0.2
"""Memory to keep free, as a fraction of the node's: chains grow, and a monitor warns at 80 %."""

MANY_CONTRACTS = 200
"""Option contracts from which on backtests and research get eight cores."""


class Alternative(TypedDict):
    """Another node of the kind, and why it was not chosen (empty when it would do too)."""

    node: Node
    headroom_mb: float
    objection: str


class Recommendation(TypedDict):
    """A node of one kind. `headroom_mb` is negative when the estimate exceeds the node."""

    node: Node
    reason: str
    cost: float
    estimated_memory_gb: float
    headroom_mb: float
    fits: bool
    warnings: list[str]
    limits: FittingLimits | None
    alternatives: list[Alternative]


class NodeOptimizer:
    """Recommends nodes.

    Args:
        catalog: nodes to choose from, by default `config/nodes.json`.
        memory_model: by default the guide's table.
        margin: fraction of a node's memory to keep free, from 0 up to but not including 1.

    Raises:
        UserError: the margin is out of range, or the default catalog cannot be read.
    """

    def __init__(
        self,
        catalog: Catalog | None = None,
        memory_model: MemoryModel | None = None,
        margin: float = MARGIN,
    ) -> None:
        if not 0 <= margin < 1:
            raise UserError(f"margin {margin}: must be from 0 to below 1, such as {MARGIN}")
        self.catalog = catalog or load_catalog()
        self.memory_model = memory_model or MemoryModel()
        self.margin = margin

    def estimate(self, requirements: AlgorithmRequirements) -> MemoryEstimate:
        """Memory by terms."""
        return estimate_memory(requirements, self.memory_model)

    def recommend_nodes(
        self, requirements: AlgorithmRequirements, *, strict: bool = False
    ) -> dict[str, Recommendation]:
        """A recommendation for each of "backtesting", "research" and "live_trading".

        Args:
            requirements: what the algorithm asks for.
            strict: only nodes that fit with the margin.

        Raises:
            UserError: strict, and of some kind none fits: it names the limits and nodes that would.
        """
        found = {kind.value: self._recommend(kind, requirements) for kind in NodeKind}
        if strict:
            for kind, recommendation in found.items():
                if not recommendation["fits"]:
                    raise UserError(f"{kind}: no node fits: {'; '.join(recommendation['warnings'])}")
        return found

    def objection(self, node: Node, requirements: AlgorithmRequirements) -> str:
        """Why a node does not suit the requirements; empty when it does."""
        needed = self.estimate(requirements).total_mb
        room = node.ram_mb * (1 - self.margin)
        if needed > node.ram_mb:
            return f"{needed - node.ram_mb:,.0f} MB short of memory"
        if needed > room:
            return f"leaves {1 - needed / node.ram_mb:.0%} of its memory free, less than {self.margin:.0%}"
        cores = needed_cores(node.kind, requirements)
        if node.cores < cores:
            return f"{node.cores} of {cores} cores"
        if needs_gpu(node.kind, requirements) and not node.gpu:
            return "no GPU"
        if not needs_gpu(node.kind, requirements) and node.gpu:
            return "its GPU would be idle"
        latency, limit = node.max_latency_ms, requirements.max_latency_ms
        if (
            node.kind is NodeKind.LIVE_TRADING
            and limit is not None
            and latency is not None
            and latency > limit
        ):
            return f"latency of up to {latency:g} ms, {limit:g} ms allowed"
        return ""

    def _recommend(self, kind: NodeKind, requirements: AlgorithmRequirements) -> Recommendation:
        needed = self.estimate(requirements).total_mb
        nodes = self.catalog.of(kind)
        objections = {node.model: self.objection(node, requirements) for node in nodes}
        suitable = [node for node in nodes if not objections[node.model]]
        node = suitable[0] if suitable else self._nearest(kind, requirements)
        warnings = [] if suitable else self._warnings(node, objections[node.model], requirements)
        return Recommendation(
            node=node,
            reason=_reason(kind, requirements, needed),
            cost=node.monthly_usd,
            estimated_memory_gb=needed / MB_PER_GB,
            headroom_mb=node.ram_mb - needed,
            fits=bool(suitable),
            warnings=warnings,
            limits=None if suitable else fitting_limits(requirements, self.memory_model, node.ram_mb),
            alternatives=self._alternatives(node, objections, needed),
        )

    def _nearest(self, kind: NodeKind, requirements: AlgorithmRequirements) -> Node:
        """The node with the most memory among those with a GPU if one is needed, without one if not."""
        nodes = self.catalog.of(kind)
        gpu = needs_gpu(kind, requirements)
        return max(
            [node for node in nodes if node.gpu == gpu] or nodes,
            key=lambda node: (node.ram_mb, node.cores, -node.monthly_usd),
        )

    def _warnings(self, node: Node, objection: str, requirements: AlgorithmRequirements) -> list[str]:
        needed = self.estimate(requirements).total_mb
        if needed <= node.ram_mb * (1 - self.margin):
            return [f"no node suits: {node.model} has {objection}"]
        over = needed - node.ram_mb
        room = node.ram_mb * (1 - self.margin)
        if over > 0:
            ram = f"{node.model}'s {node.ram_mb:,.0f} MB"
            first = f"the estimate of {needed:,.0f} MB exceeds {ram} by {over:,.0f} MB"
        else:
            first = f"{node.model} {objection}"
        lines = [first]
        for what, limit in (("fits into all of it", node.ram_mb), (f"leaves {self.margin:.0%} free", room)):
            if told := self._limits_told(requirements, limit):
                lines.append(f"{what}: {told}")
        larger = self._that_would_fit(node.kind, requirements)
        if larger:
            lines.append(f"or {larger} holds it as it is: name it with --node")
        return lines

    def _limits_told(self, requirements: AlgorithmRequirements, room_mb: float) -> str:
        limits = fitting_limits(requirements, self.memory_model, room_mb)
        told = []
        if limits.max_option_chains:
            per_chain = requirements.contracts_per_chain
            told.append(f"max_option_chains {limits.max_option_chains} with {per_chain} contracts each")
        if limits.max_contracts_per_chain:
            chains = requirements.num_option_chains
            told.append(f"max_contracts_per_chain {limits.max_contracts_per_chain} with {chains} chains")
        return ", or ".join(told)

    def _that_would_fit(self, kind: NodeKind, requirements: AlgorithmRequirements) -> Node | None:
        needed = self.estimate(requirements).total_mb
        enough = (node for node in self.catalog.of(kind) if needed <= node.ram_mb * (1 - self.margin))
        return next(enough, None)

    def _alternatives(self, chosen: Node, objections: dict[str, str], needed: float) -> list[Alternative]:
        """The others, those that would do first, then the cheapest first."""
        others = [node for node in self.catalog.of(chosen.kind) if node.model != chosen.model]
        ranked = sorted(
            others, key=lambda node: (bool(objections[node.model]), node.monthly_usd, -node.ram_gb)
        )
        return [
            Alternative(node=node, headroom_mb=node.ram_mb - needed, objection=objections[node.model])
            for node in ranked
        ]


def total_monthly_cost(recommendations: dict[str, Recommendation]) -> float:
    """USD a month for one node of each kind."""
    return sum(recommendation["cost"] for recommendation in recommendations.values())


def needed_cores(kind: NodeKind, requirements: AlgorithmRequirements) -> int:
    """Cores that a node of a kind should have: a rule of thumb, stated here and nowhere else.

    LEAN runs an algorithm's own code on one thread, reads and synchronizes data on others. Eight cores pay
    for chains of many contracts (or ticks) in backtests and research, and for an ensemble of language models
    in research; live, one core trades, and a second one keeps scanners from delaying it.
    """
    many = requirements.num_contracts >= MANY_CONTRACTS or requirements.resolution is Resolution.TICK
    if kind is NodeKind.LIVE_TRADING:
        return 2 if requirements.num_option_chains and requirements.has("use_scanners") else 1
    if many or (kind is NodeKind.RESEARCH and requirements.use_llm_analysis):
        return 8
    if requirements.num_option_chains:
        return 4
    return 2 if kind is NodeKind.BACKTESTING else 1


def needs_gpu(kind: NodeKind, requirements: AlgorithmRequirements) -> bool:
    """A GPU pays for training on the node itself, and live for inference there; never for calls to an API."""
    if kind is NodeKind.LIVE_TRADING:
        return requirements.use_local_inference
    return requirements.use_ml_training or requirements.use_local_inference


def _reason(kind: NodeKind, requirements: AlgorithmRequirements, needed_mb: float) -> str:
    memory = f"{needed_mb / MB_PER_GB:.1f}GB"
    if needs_gpu(kind, requirements):
        what = (
            "training" if requirements.use_ml_training and kind is not NodeKind.LIVE_TRADING else "inference"
        )
        return f"Neural networks: local {what} needs a GPU ({memory})"
    if kind is NodeKind.LIVE_TRADING:
        if requirements.num_option_chains > 1:
            return f"Options trading with multiple chains ({memory})"
        return f"Options trading ({memory})" if requirements.num_option_chains else f"Estimate {memory}"
    if needed_cores(kind, requirements) < 8:
        return f"Options trading ({memory})" if requirements.num_option_chains else f"Estimate {memory}"
    if requirements.resolution is Resolution.TICK and requirements.num_contracts < MANY_CONTRACTS:
        return f"Tick data ({memory})"
    if kind is NodeKind.BACKTESTING:
        return f"High memory requirements ({memory}) or options trading"
    return f"High memory or LLM ensemble analysis ({memory})"
