"""Is it a system that will do, and is it what its instance type says?"""

from __future__ import annotations

from utils.readiness.finding import Finding, Level, ok
from utils.readiness.instances import InstanceCatalog
from utils.readiness.plan import ReadinessPlan
from utils.readiness.profile import HostProfile

SUBJECT = "system"


def find_system(profile: HostProfile, plan: ReadinessPlan, catalog: InstanceCatalog) -> Finding:
    """The system must be one of the plan's; architecture and processors those of the instance type."""
    kind = profile.instance_type or "no known instance type"
    evidence = f"{profile.system}, {profile.architecture}, {kind}"
    if plan.systems and not any(name.lower() in profile.system.lower() for name in plan.systems):
        return Finding(
            SUBJECT,
            Level.BLOCKER,
            f"{evidence}; planned: {', '.join(plan.systems)}",
            "nobody knows whether the plan runs on it",
            "take one of the planned systems, or add this one to systems",
        )
    instance = catalog.find(profile.instance_type)
    if instance is None:
        return ok(SUBJECT, evidence)
    wrong = []
    if instance.architecture != profile.architecture:
        wrong.append(f"{instance.type} has {instance.architecture} processors, not {profile.architecture}")
    if instance.vcpus != profile.processors.count:
        wrong.append(f"{instance.type} has {instance.vcpus} vCPUs, not {profile.processors.count}")
    if not wrong:
        return ok(SUBJECT, evidence)
    return Finding(
        SUBJECT,
        Level.RISK,
        f"{evidence}; but {', and '.join(wrong)}",
        "one of them is wrong: packages, speed and price may be other than stated",
        "measure on the host itself (uname -m) before anything is installed",
    )
