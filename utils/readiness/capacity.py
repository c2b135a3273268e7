"""How many workers of each track a host holds."""

from __future__ import annotations

import math
from dataclasses import dataclass

from utils.readiness.plan import ReadinessPlan
from utils.readiness.profile import HostProfile


@dataclass(frozen=True)
class Capacity:
    """What workers may take together: one processor each, GiB of memory, connections to the database."""

    processors: int
    memory_gib: float
    connections: float = math.inf

    def holds(self, plan: ReadinessPlan, workers: dict[int, int]) -> bool:
        """Whether these workers fit."""
        count = sum(workers.values())
        memory = sum(plan.tracks[number].memory_of(each) for number, each in workers.items())
        each = plan.database.connections_per_worker if plan.database else 0
        return (
            count <= self.processors and memory <= self.memory_gib + 1e-9 and count * each <= self.connections
        )


def capacity_of(profile: HostProfile, plan: ReadinessPlan) -> Capacity:
    """What the host can give to the plan's workers."""
    free = math.inf
    database = profile.database
    if database and database.connections is not None and database.in_use is not None:
        free = max(0, database.connections - database.in_use)
    memory = profile.memory.available_gib * (1 - plan.memory_reserve)
    return Capacity(math.floor(profile.processors.allowed + 1e-9), memory, free)


def together(plan: ReadinessPlan, capacity: Capacity) -> dict[int, int] | None:
    """The most workers that run at the same time with every track at its least; None when those do not fit.

    A track's workers cost the same memory each, so that adding the cheapest that still fits gives the most.
    """
    workers = {number: track.workers[0] for number, track in plan.tracks.items()}
    if not capacity.holds(plan, workers):
        return None
    while True:
        larger = [
            workers | {number: workers[number] + 1}
            for number, track in plan.tracks.items()
            if workers[number] < track.workers[1]
        ]
        fitting = [each for each in larger if capacity.holds(plan, each)]
        if not fitting:
            return workers
        workers = min(fitting, key=lambda each: memory_of(plan, each))


def alone(plan: ReadinessPlan, capacity: Capacity) -> dict[int, int]:
    """The most workers of each track when nothing else runs; 0 where not even one fits."""
    return {
        number: max(
            (each for each in range(1, track.workers[1] + 1) if capacity.holds(plan, {number: each})),
            default=0,
        )
        for number, track in plan.tracks.items()
    }


def memory_of(plan: ReadinessPlan, workers: dict[int, int]) -> float:
    """GiB of these workers."""
    return sum(plan.tracks[number].memory_of(each) for number, each in workers.items())


def what_fits(profile: HostProfile, plan: ReadinessPlan) -> str:
    """The workers that the host holds, in words."""
    capacity = capacity_of(profile, plan)
    fitting = together(plan, capacity)
    if fitting is not None:
        shares = ", ".join(f"track {number}: {each}" for number, each in fitting.items())
        return f"{sum(fitting.values())} workers fit ({shares}) in {memory_of(plan, fitting):.1f} GiB"
    shares = ", ".join(
        f"track {number}: {each}" if each else f"track {number}: none"
        for number, each in alone(plan, capacity).items()
    )
    return f"the tracks do not fit together; one track at a time, so many workers fit ({shares})"
