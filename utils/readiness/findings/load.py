"""Is the host busy with something else?"""

from __future__ import annotations

from utils.readiness.demand import average_demand
from utils.readiness.finding import Finding, Level, ok
from utils.readiness.plan import ReadinessPlan
from utils.readiness.profile import HostProfile

SUBJECT = "load"


def find_load(profile: HostProfile, plan: ReadinessPlan) -> Finding:
    """What runs already, and the plan's average, must go together on the processors."""
    processors, (low, high) = profile.processors, average_demand(plan)
    evidence = (
        f"load {processors.load:.2f} on {processors.allowed:g} processors, "
        f"{low:.1f} to {high:.1f} more are planned"
    )
    if processors.load + high <= processors.allowed:
        return ok(SUBJECT, evidence)
    risk = (
        "together more than there are processors: everything on the host slows down"
        if processors.load + low > processors.allowed
        else "with the most workers, together more than there are processors"
    )
    return Finding(SUBJECT, Level.RISK, evidence, risk, "stop what else runs, or plan fewer workers")
