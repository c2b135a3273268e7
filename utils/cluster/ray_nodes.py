"""Prints the nodes of the Ray cluster of this host as JSON; runs on a head, in its environment."""

from __future__ import annotations

import json
import sys
from typing import Any

import ray


def nodes() -> list[dict[str, Any]]:
    """Name, whether it is alive, and what it has, of each node that is alive or was."""
    return [
        {
            "name": node["NodeName"],
            "alive": node["Alive"],
            "address": node["NodeManagerAddress"],
            "cpus": node["Resources"].get("CPU", 0.0),
            "memory": node["Resources"].get("memory", 0.0),
            "labels": {key: value for key, value in node["Labels"].items() if not key.startswith("ray.io/")},
        }
        for node in ray.nodes()
    ]


def main() -> None:
    """Ask the cluster that the environment names."""
    ray.init(address="auto", log_to_driver=False, logging_level="ERROR")
    free = ray.available_resources()
    sys.stdout.write(json.dumps({"nodes": nodes(), "free_cpus": free.get("CPU", 0.0)}) + "\n")


if __name__ == "__main__":
    main()
