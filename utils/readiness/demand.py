"""How many processors a plan keeps busy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from utils.readiness.credits import Stretch
from utils.readiness.plan import ReadinessPlan


def busy_processors(
    plan: ReadinessPlan,
    workers: Mapping[int, int],
    paces: Mapping[int, Literal["average", "burst"]],
    end: int,
) -> float:
    """Processors that these workers keep busy at these paces; tracks without a pace are idle.

    Args:
        plan: what is planned.
        workers: of each track.
        paces: of each track.
        end: which end of the stated ranges counts, 0 the lower or 1 the upper.
    """
    shares = {
        number: plan.tracks[number].cpu.burst if pace == "burst" else plan.tracks[number].cpu.average[end]
        for number, pace in paces.items()
    }
    return sum(workers[number] * share / 100 for number, share in shares.items())


def average_demand(plan: ReadinessPlan) -> tuple[float, float]:
    """Processors busy on average while all tracks run, with the fewest and with the most workers."""
    low, high = (
        busy_processors(plan, workers_at(plan, end), dict.fromkeys(plan.tracks, "average"), end)
        for end in (0, 1)
    )
    return low, high


def stretches(plan: ReadinessPlan, vcpus: float, end: int) -> list[Stretch]:
    """The phases as a burstable instance sees them, at most all of its `vcpus` busy."""
    workers = workers_at(plan, end)
    return [
        Stretch(phase.hours, min(vcpus, busy_processors(plan, workers, phase.tracks, end)))
        for phase in plan.phases
    ]


def workers_at(plan: ReadinessPlan, end: int) -> dict[int, int]:
    """The fewest (0) or the most (1) workers of each track."""
    return {number: track.workers[end] for number, track in plan.tracks.items()}
