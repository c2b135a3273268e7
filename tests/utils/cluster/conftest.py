"""One rig for the tests that need hosts and no Ray."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cluster_rig.namespace import missing
from tests.cluster_rig.rig import Rig, running_rig


@pytest.fixture(scope="module")
def rig() -> Iterator[Rig]:
    """Three hosts that nobody trusts yet."""
    if reason := missing():
        pytest.skip(f"three hosts on this machine: {reason}")
    with running_rig() as hosts:
        yield hosts
