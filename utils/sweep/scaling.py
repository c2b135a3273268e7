"""How long a sweep takes on many nodes: a simulation of who waits for whom.

Workers take leases from one queue. A worker's results go through its cluster's link and its feeder, and
then through the coordinator; each of these serves one result after the other, the first come first. A worker
has one more lease while its result travels, and waits when that is done too and the result has not been
stored: that is how far the run is ahead of its store. The costs are measured (`scripts/bench.py cluster`).
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from typing import Final

LEASE_SECONDS: Final = 3.0

MAX_LEASES: Final = 100_000
"""More are simulated as fewer and larger ones: everything before the end is the same."""


@dataclass(frozen=True)
class Costs:
    """What one combination, and one lease, costs.

    Attributes:
        compute_seconds: of a worker, for a combination.
        coordinator_seconds: of the coordinator, store included, for a combination.
        feeder_seconds: of a feeder, for a combination.
        lease_seconds: of coordinator and feeder, for a lease.
        result_bytes: of a combination on its way.
        stored_bytes: of a combination in the store.
        link_bytes: that a cluster's link carries in a second.
    """

    compute_seconds: float
    coordinator_seconds: float
    feeder_seconds: float
    lease_seconds: float = 0.001
    result_bytes: float = 368.0
    stored_bytes: float = 750.0
    link_bytes: float = 1.25e8


@dataclass(frozen=True)
class Scenario:
    """A sweep on some machines.

    Attributes:
        combinations: of the sweep.
        nodes: of all clusters.
        cores: of a node.
        clusters: that the nodes are spread over, one feeder each.
        kept: share of the rows that reaches the coordinator. 1 is the runner as it is; less stands for
            workers that write their rows into shards of their own and send the best and the sums.
    """

    combinations: int
    nodes: int
    cores: int = 1
    clusters: int = 1
    kept: float = 1.0


@dataclass(frozen=True)
class Forecast:
    """What becomes of it.

    Attributes:
        seconds: from the first lease to the last commit.
        speedup: over one worker that waits for nobody.
        coordinator, feeder, link: share of the time that the coordinator, the busiest feeder and its link
            are at work.
        limit: which of them, or the workers, the run waits for.
        stored_bytes: size of the store.
    """

    seconds: float
    speedup: float
    coordinator: float
    feeder: float
    link: float
    limit: str
    stored_bytes: float


def forecast(costs: Costs, scenario: Scenario) -> Forecast:
    """Simulate a run.

    >>> costs = Costs(compute_seconds=1e-3, coordinator_seconds=1e-5, feeder_seconds=1e-6)
    >>> forecast(costs, Scenario(10_000_000, nodes=1000)).limit
    'coordinator'
    """
    workers = scenario.nodes * scenario.cores
    # As `plan.Pace` sizes them: a few seconds, or so that there are several for each worker.
    size = max(min(LEASE_SECONDS / costs.compute_seconds, scenario.combinations / (4 * workers)), 1.0)
    real = math.ceil(scenario.combinations / size)
    leases = min(real, max(MAX_LEASES, 4 * workers))
    size = scenario.combinations / leases
    overhead = costs.lease_seconds * real / leases
    compute = size * costs.compute_seconds
    link = size * scenario.kept * costs.result_bytes / costs.link_bytes
    feeder = overhead + size * scenario.kept * costs.feeder_seconds
    coordinator = overhead + size * scenario.kept * costs.coordinator_seconds

    free = [(0.0, worker) for worker in range(workers)]  # when a worker can begin its next lease
    unstored = [0] * workers
    ends = [0.0] * workers  # of the lease that a worker is at
    link_free = [0.0] * scenario.clusters
    feeder_free = [0.0] * scenario.clusters
    coordinator_free = 0.0
    travelling: list[tuple[float, int]] = []  # when a result is at the coordinator
    given = done = 0
    while done < leases:
        begin = free[0][0] if free and given < leases else math.inf
        if travelling and travelling[0][0] <= begin:
            arrival, worker = heapq.heappop(travelling)
            coordinator_free = max(coordinator_free, arrival) + coordinator
            done += 1
            unstored[worker] -= 1
            if unstored[worker] == 1:  # it had stopped: two results of its were on the way
                heapq.heappush(free, (max(coordinator_free, ends[worker]), worker))
            continue
        begin, worker = heapq.heappop(free)
        given += 1
        cluster = worker % scenario.clusters
        end = ends[worker] = begin + compute
        link_free[cluster] = max(link_free[cluster], end) + link
        feeder_free[cluster] = max(feeder_free[cluster], link_free[cluster]) + feeder
        heapq.heappush(travelling, (feeder_free[cluster], worker))
        unstored[worker] += 1
        if unstored[worker] < 2:
            heapq.heappush(free, (end, worker))
    seconds = coordinator_free
    share = leases / scenario.clusters
    used = {
        "coordinator": leases * coordinator / seconds,
        "feeder": share * feeder / seconds,
        "link": share * link / seconds,
        "workers": leases * compute / workers / seconds,
    }
    return Forecast(
        seconds=seconds,
        speedup=scenario.combinations * costs.compute_seconds / seconds,
        coordinator=used["coordinator"],
        feeder=used["feeder"],
        link=used["link"],
        limit=max(used, key=lambda name: used[name]),
        stored_bytes=scenario.combinations * scenario.kept * costs.stored_bytes,
    )


def saturation(costs: Costs) -> float:
    """Workers that one coordinator can keep busy."""
    return costs.compute_seconds / (
        costs.coordinator_seconds + costs.lease_seconds * costs.compute_seconds / LEASE_SECONDS
    )
