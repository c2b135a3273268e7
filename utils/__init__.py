"""The host side of the workspace: data, sweeps, nodes, deployment. No algorithm imports it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trading.monitoring.monitor import create_resource_monitor
    from utils.nodes.optimizer import NodeOptimizer
    from utils.nodes.requirements import AlgorithmRequirements

__all__ = ["AlgorithmRequirements", "NodeOptimizer", "create_resource_monitor"]

_HOME = {
    "AlgorithmRequirements": "utils.nodes.requirements",
    "NodeOptimizer": "utils.nodes.optimizer",
    "create_resource_monitor": "trading.monitoring.monitor",
}
"""Imported when first asked for: a sweep's workers import this package and need none of it."""


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
