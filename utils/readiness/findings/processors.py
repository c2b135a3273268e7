"""Are there enough processors?"""

from __future__ import annotations

from utils.readiness.capacity import capacity_of, what_fits
from utils.readiness.demand import average_demand
from utils.readiness.finding import Finding, Level, ok
from utils.readiness.plan import ReadinessPlan
from utils.readiness.profile import HostProfile

SUBJECT = "processors"


def find_processors(profile: HostProfile, plan: ReadinessPlan) -> Finding:
    """Each worker needs a processor, for while it computes it keeps one busy."""
    processors, (few, many) = profile.processors, plan.workers
    capacity = capacity_of(profile, plan)
    low, high = average_demand(plan)
    allowed = f"{processors.allowed:g} of {processors.count}" if _limited(profile) else f"{processors.count}"
    evidence = (
        f"{allowed} processors ({processors.model}) for {few} to {many} workers, "
        f"which keep {low:.1f} to {high:.1f} busy on average"
    )
    if capacity.processors >= many:
        return ok(SUBJECT, evidence)
    if capacity.processors >= few:
        return Finding(
            SUBJECT,
            Level.RISK,
            evidence,
            "with the most workers some wait for a processor whenever all compute",
            what_fits(profile, plan),
        )
    return Finding(
        SUBJECT,
        Level.BLOCKER,
        evidence,
        "the tracks cannot run at the same time: workers take turns",
        f"{what_fits(profile, plan)}; or take a host with {few} processors or more",
    )


def _limited(profile: HostProfile) -> bool:
    return profile.processors.allowed < profile.processors.count
