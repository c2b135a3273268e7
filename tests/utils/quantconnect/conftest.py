"""A workspace, an emulator, and a client of it that does not wait."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.utils.quantconnect.cloud import client_of, make_workspace
from utils.quantconnect.client import QuantConnect
from utils.quantconnect.deploy.waiting import Clock
from utils.quantconnect.emulator.runners import SampleRunner
from utils.quantconnect.emulator.server import RunningEmulator, running_emulator
from utils.workspace import Project


@pytest.fixture
def emulator() -> Iterator[RunningEmulator]:
    with running_emulator(runner=SampleRunner()) as running:
        yield running


@pytest.fixture
def api(emulator: RunningEmulator) -> QuantConnect:
    return client_of(emulator)


@pytest.fixture
def clock() -> Clock:
    """Looks a few hundred times a second."""
    return Clock(first=0.002, longest=0.01)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_workspace(tmp_path)
