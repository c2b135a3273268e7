"""An assessment as plain data, for programs."""

from __future__ import annotations

from dataclasses import asdict

from utils.readiness.assessment import Assessment


def report_data(assessment: Assessment) -> dict[str, object]:
    """Verdict, what fits, findings and the profile."""
    return {
        "plan": assessment.plan.name,
        "verdict": assessment.verdict,
        "workers": assessment.workers,
        "workers_alone": assessment.workers_alone,
        "fitting": assessment.fitting,
        "findings": [asdict(finding) for finding in assessment.findings],
        "profile": assessment.profile.model_dump(mode="json", exclude={"packages"}),
    }
