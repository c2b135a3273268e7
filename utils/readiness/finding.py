"""What was found about one question, and what all findings together say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a finding matters."""

    OK = "ok"
    RISK = "risk"
    BLOCKER = "blocker"


class Verdict(StrEnum):
    """Whether the plan can run."""

    READY = "READY"
    WITH_RISKS = "READY WITH RISKS"
    NOT_READY = "NOT READY"


@dataclass(frozen=True)
class Finding:
    """One answer.

    Attributes:
        subject: what was looked at.
        level: whether it stands in the plan's way.
        evidence: the figures, measured against planned.
        risk: what goes wrong; empty when nothing does.
        remedy: what to do about it; empty when there is nothing to do.
    """

    subject: str
    level: Level
    evidence: str
    risk: str = ""
    remedy: str = ""


def ok(subject: str, evidence: str) -> Finding:
    """Nothing stands in the way."""
    return Finding(subject, Level.OK, evidence)


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """The worst finding decides."""
    levels = {finding.level for finding in findings}
    if Level.BLOCKER in levels:
        return Verdict.NOT_READY
    return Verdict.WITH_RISKS if Level.RISK in levels else Verdict.READY
