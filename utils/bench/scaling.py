"""What the model of `utils.sweep.scaling` says of clusters that nobody here has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from utils.bench import sweep_costs
from utils.sweep.scaling import Scenario, forecast, saturation

COMBINATIONS: Final = 1_000_000_000
CORES: Final = 16
NODES: Final = (1, 2, 10, 100, 1000)

DESIGNS: Final[Mapping[str, Mapping[str, Any]]] = {
    "rows to one store": {},
    "shards on the workers": {"kept": 0.001},
    "shards, ten clusters": {"kept": 0.001, "clusters": 10},
}
"""What is built, and what to change: workers that write their rows themselves and send one in a thousand."""


def lines() -> Iterator[Mapping[str, Any]]:
    """The costs as they are measured here, and a forecast a line."""
    costs, combinations = sweep_costs.measured()
    yield {
        "name": "scaling/costs",
        "measured_combinations": combinations,
        **{name: float(f"{value:.3g}") for name, value in vars(costs).items()},
        "workers_a_coordinator_keeps_busy": round(saturation(costs), 1),
    }
    for design, terms in DESIGNS.items():
        for nodes in NODES:
            if nodes < terms.get("clusters", 1):
                continue
            found = forecast(costs, Scenario(COMBINATIONS, nodes, CORES, **terms))
            yield {
                "name": f"scaling/{design}",
                "nodes": nodes,
                "cores": nodes * CORES,
                "hours": round(found.seconds / 3600, 3),
                "speedup": round(found.speedup, 1),
                "coordinator": round(found.coordinator, 3),
                "feeder": round(found.feeder, 3),
                "link": round(found.link, 3),
                "limit": found.limit,
                "store_gb": round(found.stored_bytes / 1e9, 1),
            }
