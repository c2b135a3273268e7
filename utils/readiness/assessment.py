"""A host against a plan: all findings, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass

from utils.readiness.capacity import alone, capacity_of, together, what_fits
from utils.readiness.finding import Finding, Verdict, verdict_of
from utils.readiness.findings.burst_credits import find_credits
from utils.readiness.findings.cost import find_cost
from utils.readiness.findings.database import find_database
from utils.readiness.findings.disk import find_disk
from utils.readiness.findings.indicators import find_indicators
from utils.readiness.findings.load import find_load
from utils.readiness.findings.memory import find_memory
from utils.readiness.findings.network import find_network
from utils.readiness.findings.packages import find_packages
from utils.readiness.findings.processors import find_processors
from utils.readiness.findings.python import find_python
from utils.readiness.findings.system import find_system
from utils.readiness.instances import InstanceCatalog
from utils.readiness.plan import ReadinessPlan
from utils.readiness.profile import HostProfile

ON_THE_HOST = (
    find_processors,
    find_memory,
    find_disk,
    find_load,
    find_python,
    find_packages,
    find_indicators,
    find_database,
    find_network,
)
ON_THE_INSTANCE = (find_system, find_credits, find_cost)


@dataclass(frozen=True)
class Assessment:
    """What was found.

    Attributes:
        profile, plan: what was compared.
        findings: in the order of a report.
        workers: of each track that fit at the same time; None when the tracks do not fit together.
        workers_alone: of each track that fit when it runs alone.
        fitting: the same in words.
    """

    profile: HostProfile
    plan: ReadinessPlan
    findings: tuple[Finding, ...]
    workers: dict[int, int] | None
    workers_alone: dict[int, int]
    fitting: str

    @property
    def verdict(self) -> Verdict:
        """The worst finding's."""
        return verdict_of(self.findings)


def assess(profile: HostProfile, plan: ReadinessPlan, catalog: InstanceCatalog) -> Assessment:
    """Compare a host with a plan; measures nothing."""
    findings = [find(profile, plan) for find in ON_THE_HOST]
    findings += [find(profile, plan, catalog) for find in ON_THE_INSTANCE]
    capacity = capacity_of(profile, plan)
    return Assessment(
        profile,
        plan,
        tuple(findings),
        together(plan, capacity),
        alone(plan, capacity),
        what_fits(profile, plan),
    )
