"""Is there enough memory?"""

from __future__ import annotations

from utils.readiness.capacity import capacity_of, what_fits
from utils.readiness.finding import Finding, Level, ok
from utils.readiness.plan import ReadinessPlan
from utils.readiness.profile import HostProfile

SUBJECT = "memory"


def find_memory(profile: HostProfile, plan: ReadinessPlan) -> Finding:
    """The upper end of the plan must fit, not only the lower, and leave the reserve."""
    memory, (low, high) = profile.memory, plan.memory_gib
    usable = capacity_of(profile, plan).memory_gib
    evidence = (
        f"{low:g} to {high:g} GiB planned, {memory.available_gib:.1f} of {memory.total_gib:.1f} GiB "
        f"available ({memory.source}), {usable:.1f} after a reserve of {plan.memory_reserve:.0%}"
    )
    if high <= usable:
        return ok(SUBJECT, evidence)
    short = f"the upper end is {high - usable:.1f} GiB too much"
    if low <= usable:
        return Finding(
            SUBJECT,
            Level.RISK,
            evidence,
            f"{short}: the system kills a worker, or swaps",
            what_fits(profile, plan),
        )
    return Finding(
        SUBJECT,
        Level.BLOCKER,
        evidence,
        f"even the lower end is {low - usable:.1f} GiB too much: the system kills workers",
        f"{what_fits(profile, plan)}; or free memory, or take a larger host",
    )
