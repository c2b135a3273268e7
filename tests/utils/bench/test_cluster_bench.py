"""The cluster's bench: threads, Ray, one node and two do the same work, and the model is laid beside them."""

from __future__ import annotations

import pytest

from utils.bench import cluster

pytestmark = pytest.mark.cluster


def test_a_small_sweep_on_threads_on_ray_on_one_node_and_on_two() -> None:
    lines = {str(line["name"]): line for line in cluster.lines(4)}
    assert list(lines) == [
        "cluster/threads",
        "cluster/ray-2-workers",
        "cluster/1-node",
        "cluster/2-nodes",
        "cluster/ratios",
        "cluster/model",
    ]
    assert all(
        lines[name]["same_rows"] for name in ("cluster/ray-2-workers", "cluster/1-node", "cluster/2-nodes")
    )
    one, two = (lines[f"cluster/{name}"]["seconds"] for name in ("1-node", "2-nodes"))
    assert lines["cluster/ratios"]["two_nodes_over_one"] == pytest.approx(one / two, abs=0.01)
    model = lines["cluster/model"]
    assert 0 < model["two_nodes_predicted"] <= 2.01
    assert model["two_nodes_with_a_core_for_the_driver"] > model["two_nodes_measured"]
