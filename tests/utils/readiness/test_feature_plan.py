"""From what fits to the feature pipeline's limits."""

from __future__ import annotations

import pytest

from tests.utils.readiness.hosts import CATALOG, host, t3, trillium
from utils.errors import UserError
from utils.readiness.assessment import assess
from utils.readiness.feature_plan import feature_plan


def test_the_recorded_host_yields_seven_workers_and_their_connections() -> None:
    limits = feature_plan(assess(t3(), trillium(), CATALOG))
    assert limits.workers == {1: 3, 2: 3, 3: 1}
    assert limits.connections == 14
    assert limits.memory_mb == int(21 * 2**30 / 1e6)


def test_a_host_that_is_too_small_yields_none() -> None:
    with pytest.raises(UserError, match="do not fit together"):
        feature_plan(assess(host(processors__allowed=2), trillium(), CATALOG))
