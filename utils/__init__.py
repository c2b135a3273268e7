"""The host side of the workspace: data, sweeps, nodes, deployment. No algorithm imports it."""

from __future__ import annotations

from utils.nodes.optimizer import NodeOptimizer
from utils.nodes.requirements import AlgorithmRequirements

__all__ = ["AlgorithmRequirements", "NodeOptimizer"]
