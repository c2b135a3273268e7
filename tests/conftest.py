"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says how busy the machine is, and fails no test.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
if "CI" not in os.environ:  # where hypothesis has a profile of its own
    settings.load_profile("untimed")

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def sample_data() -> Path:
    """Folder of LEAN sample data (`lean/`) and real bars (`bars/`), named by TRADING_SAMPLE_DATA."""
    folder = Path(os.environ.get("TRADING_SAMPLE_DATA", ROOT / ".." / "shared" / "data")).resolve()
    if not folder.is_dir():
        pytest.skip(f"no sample data at {folder}: set TRADING_SAMPLE_DATA")
    return folder
