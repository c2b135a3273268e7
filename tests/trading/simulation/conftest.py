"""Hand-computed cases hold for the simulator and for the reference it is compared with."""

from __future__ import annotations

import pytest

from tests.reference.scenario import SIMULATORS, Simulator


@pytest.fixture(params=list(SIMULATORS))
def simulate(request: pytest.FixtureRequest) -> Simulator:
    return SIMULATORS[request.param]
