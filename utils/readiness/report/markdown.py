"""An assessment as Markdown."""

from __future__ import annotations

import re

from utils.readiness.assessment import Assessment


def render_markdown(assessment: Assessment) -> str:
    """A heading, the verdict, a table of the findings."""
    profile = assessment.profile
    rows = [
        f"| {finding.subject} | {finding.level} | {_cell(finding.evidence)} | {_cell(finding.risk)} "
        f"| {_cell(finding.remedy)} |"
        for finding in assessment.findings
    ]
    return "\n".join(
        [
            f"# {_cell(assessment.plan.name)} on {_cell(profile.host)}: {assessment.verdict}",
            "",
            f"Measured {_cell(profile.measured_at)}. {_cell(_sentence(assessment.fitting))}",
            "",
            "| subject | level | evidence | risk | remedy |",
            "|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _cell(text: str) -> str:
    """Text that neither ends a table's cell nor is taken for markup."""
    return re.sub(r"([\\|<>*_`\[\]])", r"\\\1", " ".join(text.split()))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
