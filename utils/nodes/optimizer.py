"""Picks a node of each kind for what an algorithm requires.

    requirements = AlgorithmRequirements(num_securities=10, num_option_chains=5, contracts_per_chain=100)
    NodeOptimizer().recommend_nodes(requirements)["backtesting"]["node"].model     # B8-16

Of each kind it is the cheapest node that has the memory, the cores and the latency, and a GPU only for
training or inference on the node itself; at the same price, the one with more memory, then cores. Memory is
the model of `trading.monitoring.memory` with a margin; cores and GPU are the rules of `utils.nodes.sizing`.
When no node fits, the largest is named (without a GPU unless one is needed) together with what it lacks and
with the limits that make the algorithm fit; `strict` refuses instead.
"""

from __future__ import annotations

from typing import TypedDict

from trading.monitoring.memory import MB_PER_GB, MemoryEstimate, MemoryModel
from utils.errors import UserError
from utils.nodes.catalog import Catalog, Node, NodeKind, load_catalog, usd
from utils.nodes.memory_use import FittingLimits, estimate_memory, fitting_limits
from utils.nodes.requirements import AlgorithmRequirements
from utils.nodes.sizing import needed_cores, needs_gpu, reason

MARGIN = 0.2
"""Memory to keep free, as a fraction of the node's: chains grow, and a monitor warns at 80 %."""


class Alternative(TypedDict):
    """Another node of the kind: whether it would do too, and why it was not chosen."""

    node: Node
    headroom_mb: float
    fits: bool
    why_not: str


class Recommendation(TypedDict):
    """A node of one kind.

    `headroom_mb` is negative when the estimate exceeds the node. `limits` are there when no node fits: those
    that fit into the node with the margin first, then those that fit into all of it.
    """

    node: Node
    reason: str
    cost: float
    estimated_memory_gb: float
    headroom_mb: float
    fits: bool
    warnings: list[str]
    limits: list[FittingLimits]
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

    def estimate(
        self, requirements: AlgorithmRequirements, kind: NodeKind = NodeKind.BACKTESTING
    ) -> MemoryEstimate:
        """Memory by terms on a node of a kind."""
        return estimate_memory(requirements, self.memory_model, kind)

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
            for kind in NodeKind:
                if not found[kind]["fits"]:
                    raise UserError(self._refusal(found[kind], requirements))
        return found

    def objection(self, node: Node, requirements: AlgorithmRequirements) -> str:
        """Why a node does not suit the requirements; empty when it does."""
        needed = self.estimate(requirements, node.kind).total_mb
        if needed > node.ram_mb:
            return f"{needed - node.ram_mb:,.0f} MB short of memory"
        if needed > self._room_mb(node):
            return f"leaves {1 - needed / node.ram_mb:.0%} of its memory free, less than {self.margin:.0%}"
        cores = self._cores(node.kind, requirements)
        if node.cores < cores:
            return f"{node.cores} of {cores} cores"
        gpu = needs_gpu(requirements)
        if gpu != node.gpu:
            return "no GPU" if gpu else "its GPU would be idle"
        latency, limit = node.max_latency_ms, requirements.max_latency_ms
        live = node.kind is NodeKind.LIVE_TRADING
        if live and latency is not None and limit is not None and latency > limit:
            return f"latency of up to {latency:g} ms, {limit:g} ms allowed"
        return ""

    def _room_mb(self, node: Node) -> float:
        return node.ram_mb * (1 - self.margin)

    def _cores(self, kind: NodeKind, requirements: AlgorithmRequirements) -> int:
        """The rule's cores, or as many as nodes have: a GPU comes with four at most in backtests."""
        return min(
            needed_cores(kind, requirements), max(node.cores for node in self._eligible(kind, requirements))
        )

    def _eligible(self, kind: NodeKind, requirements: AlgorithmRequirements) -> list[Node]:
        """The nodes of a kind with a GPU if one is needed, without one if not; all if there are none."""
        nodes = list(self.catalog.of(kind))
        return [node for node in nodes if node.gpu == needs_gpu(requirements)] or nodes

    def _recommend(self, kind: NodeKind, requirements: AlgorithmRequirements) -> Recommendation:
        needed = self.estimate(requirements, kind).total_mb
        objections = {node.model: self.objection(node, requirements) for node in self.catalog.of(kind)}
        suitable = [node for node in self.catalog.of(kind) if not objections[node.model]]
        node = suitable[0] if suitable else self._largest(kind, requirements)
        limits = [] if suitable else self._limits(node, requirements)
        return Recommendation(
            node=node,
            reason=reason(node, requirements, needed, fits=bool(suitable)),
            cost=node.monthly_usd,
            estimated_memory_gb=needed / MB_PER_GB,
            headroom_mb=node.ram_mb - needed,
            fits=bool(suitable),
            warnings=[] if suitable else self._warnings(node, limits, requirements),
            limits=limits,
            alternatives=self._alternatives(node, objections, needed),
        )

    def _largest(self, kind: NodeKind, requirements: AlgorithmRequirements) -> Node:
        eligible = self._eligible(kind, requirements)
        return max(eligible, key=lambda node: (node.ram_mb, node.cores, -node.monthly_usd))

    def _limits(self, node: Node, requirements: AlgorithmRequirements) -> list[FittingLimits]:
        rooms = [self._room_mb(node), node.ram_mb]
        return [fitting_limits(requirements, self.memory_model, room, node.kind) for room in rooms]

    def _warnings(
        self, node: Node, limits: list[FittingLimits], requirements: AlgorithmRequirements
    ) -> list[str]:
        lines = [self._lack(node, requirements)]
        if self.estimate(requirements, node.kind).total_mb > self._room_mb(node):
            spare = f"fits with {self.margin:.0%} to spare" if self.margin else ""
            for what, limit in zip((spare, "fits without any to spare"), limits, strict=True):
                if what and (told := _limits_told(limit, requirements)):
                    lines.append(f"{what}: {told}")
            if larger := self._larger(node.kind, requirements):
                lines.append(f"fits as it is: {_named(larger)}")
        return lines

    def _lack(self, node: Node, requirements: AlgorithmRequirements) -> str:
        needed = self.estimate(requirements, node.kind).total_mb
        if needed <= self._room_mb(node):
            return f"no node suits; {node.model}: {self.objection(node, requirements)}"
        have = f"{node.model}'s {node.ram_mb:,.0f} MB"
        if needed > node.ram_mb:
            return f"the estimate of {needed:,.0f} MB exceeds {have} by {needed - node.ram_mb:,.0f} MB"
        free = f"{node.ram_mb - needed:,.0f} MB"
        return f"the estimate of {needed:,.0f} MB leaves {free} of {have} free, less than {self.margin:.0%}"

    def _refusal(self, recommendation: Recommendation, requirements: AlgorithmRequirements) -> str:
        node = recommendation["node"]
        options = []
        if self.estimate(requirements, node.kind).total_mb > self._room_mb(node):
            options = [_limits_told(recommendation["limits"][0], requirements)]
            if larger := self._larger(node.kind, requirements):
                options.append(_named(larger))
        told = ", or ".join(option for option in options if option)
        remedy = f"options: {told}" if told else "require less of it"
        lack = self._lack(node, requirements)
        return f"{node.kind}: no node fits with {self.margin:.0%} of its memory to spare: {lack}; {remedy}"

    def _larger(self, kind: NodeKind, requirements: AlgorithmRequirements) -> Node | None:
        """The cheapest node with the memory, whatever else is against it."""
        needed = self.estimate(requirements, kind).total_mb
        return next((node for node in self.catalog.of(kind) if needed <= self._room_mb(node)), None)

    def _alternatives(self, chosen: Node, objections: dict[str, str], needed: float) -> list[Alternative]:
        """The other nodes: those that would do first, then the cheapest first."""
        others = [node for node in self.catalog.of(chosen.kind) if node.model != chosen.model]
        others.sort(key=lambda node: bool(objections[node.model]))  # stable: prices stay in order
        return [
            Alternative(
                node=node,
                headroom_mb=node.ram_mb - needed,
                fits=not objections[node.model],
                why_not=objections[node.model] or _dearer(node, chosen),
            )
            for node in others
        ]


def total_monthly_cost(recommendations: dict[str, Recommendation]) -> float:
    """USD a month for one node of each kind."""
    return sum(recommendation["cost"] for recommendation in recommendations.values())


def _named(node: Node) -> str:
    return f"--node {node.model} at {usd(node.monthly_usd)}/month"


def _dearer(node: Node, chosen: Node) -> str:
    more = node.monthly_usd - chosen.monthly_usd
    return f"{usd(more)}/month more" if more else "same price, not larger"


def _limits_told(limits: FittingLimits, requirements: AlgorithmRequirements) -> str:
    told = []
    if limits.max_option_chains:
        per_chain = requirements.contracts_per_chain
        told.append(f"max_option_chains {limits.max_option_chains} with {per_chain} contracts each")
    if limits.max_contracts_per_chain:
        chains = requirements.num_option_chains
        told.append(
            f"max_contracts_per_chain {limits.max_contracts_per_chain} with {chains} chain{'s'[: chains > 1]}"
        )
    if limits.max_securities and not requirements.num_contracts:
        told.append(f"at most {limits.max_securities:,} securities")
    return ", or ".join(told)
