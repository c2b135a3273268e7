"""The simulation agrees with what can be worked out by hand, and never beats physics."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.sweep.scaling import LEASE_SECONDS, Costs, Scenario, forecast, saturation

COSTS = Costs(compute_seconds=1e-3, coordinator_seconds=1e-5, feeder_seconds=1e-6)


def test_a_worker_that_waits_for_nobody() -> None:
    free = Costs(compute_seconds=1e-3, coordinator_seconds=0.0, feeder_seconds=0.0, lease_seconds=0.0,
                 result_bytes=0.0)  # fmt: skip
    found = forecast(free, Scenario(1_000_000, nodes=1))
    assert found.seconds == pytest.approx(1000.0)
    assert found.limit == "workers"
    assert forecast(free, Scenario(1_000_000, nodes=10)).seconds == pytest.approx(100.0, rel=0.04)


def test_beyond_saturation_the_coordinator_decides() -> None:
    found = forecast(COSTS, Scenario(10_000_000, nodes=1000))
    leases = 10_000_000 * COSTS.compute_seconds / LEASE_SECONDS
    assert found.limit == "coordinator"
    assert found.seconds >= 10_000_000 * 1e-5 + leases * COSTS.lease_seconds
    assert found.speedup <= saturation(COSTS)
    more = forecast(COSTS, Scenario(10_000_000, nodes=2000))
    assert more.speedup == pytest.approx(found.speedup, rel=0.1)


def test_a_thin_link_decides() -> None:
    thin = Costs(1e-3, 1e-6, 1e-6, link_bytes=1e5)
    found = forecast(thin, Scenario(1_000_000, nodes=100))
    assert found.limit == "link"
    assert found.seconds >= 1_000_000 * thin.result_bytes / thin.link_bytes
    assert forecast(thin, Scenario(1_000_000, nodes=100, clusters=4)).seconds < 0.3 * found.seconds


def test_shards_on_the_workers_move_the_limit() -> None:
    rows = forecast(COSTS, Scenario(100_000_000, nodes=1000))
    shards = forecast(COSTS, Scenario(100_000_000, nodes=1000, kept=0.001))
    assert shards.seconds < 0.2 * rows.seconds
    assert shards.stored_bytes == pytest.approx(0.001 * rows.stored_bytes)


@settings(max_examples=60, deadline=None)
@given(
    st.floats(1e-5, 10.0), st.floats(0.0, 1e-2), st.floats(0.0, 1e-3), st.floats(0.0, 0.1),
    st.integers(1, 200_000), st.integers(1, 40), st.integers(1, 4), st.integers(1, 5), st.floats(0.0, 1.0),
)  # fmt: skip
def test_nobody_works_more_than_all_of_the_time(
    compute: float,
    coordinator: float,
    feeder: float,
    lease: float,
    combinations: int,
    nodes: int,
    cores: int,
    clusters: int,
    kept: float,
) -> None:
    costs = Costs(compute, coordinator, feeder, lease)
    found = forecast(costs, Scenario(combinations, nodes, cores, min(clusters, nodes), kept))
    assert found.speedup <= nodes * cores * (1 + 1e-9)
    for share in (found.coordinator, found.feeder, found.link):
        assert 0.0 <= share <= 1.0 + 1e-9
