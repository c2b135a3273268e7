"""The feature pipeline's limits, from what fits on a host."""

from __future__ import annotations

from utils.errors import UserError
from utils.features.plan import FeaturePlan
from utils.readiness.assessment import Assessment
from utils.readiness.capacity import memory_of

BYTES_PER_GIB = 2**30


def feature_plan(assessment: Assessment) -> FeaturePlan:
    """Workers, memory and connections for `scripts/features.py run --plan`.

    Raises:
        UserError: the tracks do not fit together.
    """
    workers, plan = assessment.workers, assessment.plan
    if workers is None:
        raise UserError(f"{plan.name}: {assessment.fitting}; plan fewer workers")
    each = plan.database.connections_per_worker if plan.database else 1
    return FeaturePlan(
        workers=workers,
        memory_mb=int(memory_of(plan, workers) * BYTES_PER_GIB / 1e6),
        connections=each * sum(workers.values()),
    )
