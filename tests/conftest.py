"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def sample_data() -> Path:
    """Folder of LEAN sample data (`lean/`) and real bars (`bars/`), named by TRADING_SAMPLE_DATA."""
    folder = Path(os.environ.get("TRADING_SAMPLE_DATA", ROOT / ".." / "shared" / "data")).resolve()
    if not folder.is_dir():
        pytest.skip(f"no sample data at {folder}: set TRADING_SAMPLE_DATA")
    return folder
