"""A rig whose Ray clusters are up, for the tests of this folder that only sweep."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster_rig.namespace import missing
from tests.cluster_rig.rig import Rig, running_rig
from tests.cluster_rig.sweeps import Sweeps


@pytest.fixture(scope="session")
def rig() -> Iterator[Rig]:
    """Three hosts that nobody trusts yet."""
    if reason := missing():
        pytest.skip(f"three hosts on this machine: {reason}")
    with running_rig() as hosts:
        yield hosts


@pytest.fixture(scope="session")
def sweeps(rig: Rig, sample_data: Path) -> Sweeps:
    """Sweeps on the three hosts, once they are up."""
    rig.cluster_command("trust", "--yes")
    rig.cluster_command("up", timeout=300)
    return Sweeps(rig, sample_data / "bars" / "BTC-USD_5m.csv")
