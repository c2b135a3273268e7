"""Is everything installed that the plan needs?"""

from __future__ import annotations

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from utils.readiness.finding import Finding, Level, ok
from utils.readiness.plan import ReadinessPlan
from utils.readiness.profile import HostProfile

SUBJECT = "packages"


def find_packages(profile: HostProfile, plan: ReadinessPlan) -> Finding:
    """Each requirement, or one of its alternatives, must be met; later ones are only named."""
    unmet = [need for need in plan.packages if not _met(need, profile)]
    later = [need for need in plan.later_packages if not _met(need, profile)]
    met = [_shown(need, profile) for need in plan.packages if need not in unmet]
    evidence = f"{len(met)} of {len(plan.packages)} as required"
    if met:
        evidence += f": {', '.join(met)}"
    if later:
        evidence += f"; wanted later: {', '.join(later)}"
    if not unmet:
        return ok(SUBJECT, evidence)
    lacking = "; ".join(f"{need}: {_shown(need, profile)}" for need in unmet)
    wanted = " ".join(f"'{need.split('|')[0].strip()}'" for need in unmet)
    return Finding(
        SUBJECT,
        Level.BLOCKER,
        f"{evidence}; {lacking}",
        "the tracks that need them fail",
        f"pip install {wanted}",
    )


def _met(need: str, profile: HostProfile) -> bool:
    return any(_installed(alternative, profile) for alternative in _alternatives(need))


def _installed(requirement: Requirement, profile: HostProfile) -> bool:
    version = profile.packages.get(canonicalize_name(requirement.name))
    return version is not None and requirement.specifier.contains(version, prereleases=True)


def _shown(need: str, profile: HostProfile) -> str:
    found = [
        f"{requirement.name} {version}"
        for requirement in sorted(_alternatives(need), key=lambda one: not _installed(one, profile))
        if (version := profile.packages.get(canonicalize_name(requirement.name)))
    ]
    return found[0] if found else "not installed"


def _alternatives(need: str) -> list[Requirement]:
    return [Requirement(alternative.strip()) for alternative in need.split("|")]
