"""Is it a Python that will do?"""

from __future__ import annotations

from packaging.specifiers import SpecifierSet

from utils.readiness.finding import Finding, Level, ok
from utils.readiness.plan import ReadinessPlan
from utils.readiness.profile import HostProfile

SUBJECT = "Python"


def find_python(profile: HostProfile, plan: ReadinessPlan) -> Finding:
    """The interpreter that measured must be in the plan's range."""
    evidence = f"{profile.python}, {plan.python or 'any version'} planned"
    if SpecifierSet(plan.python).contains(profile.python, prereleases=True):
        return ok(SUBJECT, evidence)
    return Finding(
        SUBJECT, Level.BLOCKER, evidence, "packages do not install or run", f"install Python {plan.python}"
    )
